// The page's in-memory backend behind standard input and output, a JSON object a line:
//
//   {"start": scenario}     replaces fields of the scenario "traveler" and starts the backend
//   {"arrive": row}         a new event, in the wire shape of a row
//   {"request": request}    as the page sends it over ipc
//
// Each line is answered by {"ok": answer}, or by {"error": {code, message}} where the backend refuses. Vite compiles
// the TypeScript, so that what answers here is what answers in the browser.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ui = fileURLToPath(new URL('../../ui/', import.meta.url));
const vite = createRequire(`${ui}package.json`).resolve('vite');
const { createServer } = await import(pathToFileURL(vite));
const server = await createServer({
  root: ui,
  configFile: `${ui}vite.config.ts`,
  mode: 'browser',
  appType: 'custom',
  logLevel: 'error',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
});
const { FakeBackend } = await server.ssrLoadModule('/src/fake/backend.ts');
const { scenario } = await server.ssrLoadModule('/src/fake/scenarios.ts');

let backend;
const commands = {
  start: (changes) => {
    backend = new FakeBackend({ ...scenario('traveler', Date.now()), ...changes });
  },
  arrive: (row) => backend.arrive(row),
  request: (request) => backend.call(request),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [[command, argument]] = Object.entries(JSON.parse(line));
  try {
    console.log(JSON.stringify({ ok: (await commands[command](argument)) ?? null }));
  } catch (error) {
    // Refusals are plain objects with a code; everything else is a defect of the backend, and ends the program.
    if (typeof error?.code !== 'string' || error instanceof Error) throw error;
    console.log(JSON.stringify({ error }));
  }
}
await server.close();
