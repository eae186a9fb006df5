// The page as the window carries it: small, under a policy that allows nothing unsafe, and talking to nobody.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";
import { policy, serve, SHIPPED } from "./server";

/** Bytes of scripts, compressed. */
const MOST = 60_000;

/** Bytes of all these scripts, compressed one by one. */
async function sizeOf(names: string[]): Promise<number> {
  const scripts = await Promise.all(names.map((name) => readFile(join(SHIPPED, name))));
  expect(scripts.length).toBeGreaterThan(0);
  return scripts.reduce((sum, script) => sum + gzipSync(script, { level: 9 }).length, 0);
}

test("the scripts of its first look have at most 60 kB", async () => {
  // Vite names in the page whatever it loads before anything is shown.
  const html = await readFile(join(SHIPPED, "index.html"), "utf8");
  const size = await sizeOf([...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, name = ""]) => name));
  console.log(`  scripts of the first look: ${size} bytes with gzip, of ${MOST}`);
  expect(size).toBeLessThanOrEqual(MOST);
});

test("all its scripts have at most 60 kB", async () => {
  // They have more, with settings, the desk and what else comes after the first look; docs/WINDOW.md says how much.
  test.fail();
  const names = await readdir(SHIPPED, { recursive: true });
  const size = await sizeOf(names.filter((name) => name.endsWith(".js")));
  console.log(`  scripts: ${size} bytes with gzip, of ${MOST}`);
  expect(size).toBeLessThanOrEqual(MOST);
});

test("its policy allows nothing unsafe and no address but the shell's", async () => {
  const directives = await policy();
  expect(directives["default-src"]).toBe("'none'");
  for (const [name, value] of Object.entries(directives)) {
    expect(value, name).not.toMatch(/unsafe|\*|data:|blob:|https:/);
    if (name !== "connect-src") expect(value, name).toMatch(/^'(self|none)'$/);
  }
  // The page's own files, for its words, and the shell. In the window 'self' is tauri://localhost: no network either.
  expect(directives["connect-src"]).toBe("'self' ipc: http://ipc.localhost");
});

test("it does not carry the in-memory backend, nor what belongs to it", async () => {
  const names = await readdir(join(SHIPPED, "assets"));
  for (const name of names.filter((each) => each.endsWith(".js"))) {
    expect(await readFile(join(SHIPPED, "assets", name), "utf8")).not.toMatch(/KX4T9Q confirmed|perSecond|en-XA/);
  }
  expect((await readdir(join(SHIPPED, "words"))).toSorted()).toEqual(["de.json", "en.json"]);
});

test("it loads the words of one language, and another where that fails", async ({ page }) => {
  const served = await serve(SHIPPED);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const words = () => asked.filter((path) => path.startsWith("/words/"));
  await page.goto(served.origin);
  await expect(page.locator(".whole").getByText("This page belongs in the Gatecall window.")).toBeVisible();
  expect(words()).toEqual(["/words/en.json"]);
  await page.route("**/words/en.json", (route) => route.abort());
  await page.reload();
  await expect(page.locator(".whole").getByText("Diese Seite gehört in das Fenster von Gatecall.")).toBeVisible();
  await served.close();
});

test("without any words it says so", async ({ page }) => {
  const served = await serve(SHIPPED);
  await page.route("**/words/*.json", (route) => route.abort());
  await page.goto(served.origin);
  await expect(page.getByText("Gatecall cannot read its own files.")).toBeVisible();
  await served.close();
});

test("outside the shell it says where it belongs, and asks nobody", async ({ page }) => {
  const served = await serve(SHIPPED);
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).origin));
  page.on("console", (message) => complaints.push(message.text()));
  await page.goto(served.origin);
  await expect(page.locator(".whole").getByText("This page belongs in the Gatecall window.")).toBeVisible();
  expect([...new Set(asked)]).toEqual([served.origin]);
  expect(complaints).toEqual([]);
  await served.close();
});
