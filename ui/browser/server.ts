// Serves a built page from a free port of this machine, under the content policy of the window.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const UI = join(import.meta.dirname, "..");
/** The page with the in-memory backend. */
export const BROWSER = join(UI, "node_modules/.cache/browser");
/** The page as the window carries it. */
export const SHIPPED = join(UI, "node_modules/.cache/shipped");

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".css": "text/css",
  ".woff2": "font/woff2",
};

export interface Served {
  origin: string;
  close(): Promise<void>;
}

/** The content policy of the window, by directive. */
export async function policy(): Promise<Record<string, string>> {
  const text = await readFile(join(UI, "../tauri.conf.json"), "utf8");
  return (JSON.parse(text) as { app: { security: { csp: Record<string, string> } } }).app.security.csp;
}

export async function serve(folder: string): Promise<Served> {
  const csp = Object.entries(await policy())
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://here").pathname);
    const file = join(folder, path === "/" ? "index.html" : path);
    readFile(file).then(
      (body) => {
        response.writeHead(200, {
          "content-type": TYPES[extname(file)] ?? "application/octet-stream",
          "content-security-policy": csp,
        });
        response.end(body);
      },
      () => response.writeHead(path === "/favicon.ico" ? 204 : 404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
