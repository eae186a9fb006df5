// That `npm run rings` refuses files that import each other in a ring, components and state alike.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rings-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What the check says of a folder with these files. */
function rings(files: Record<string, string>): { status: number | null; output: string } {
  for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, name), source);
  const config = join(import.meta.dirname, "../.dependency-cruiser.mjs");
  const cruiser = join(import.meta.dirname, "../node_modules/.bin/depcruise");
  const { status, stdout } = spawnSync(cruiser, [folder, "--config", config, "--no-progress"], { encoding: "utf8" });
  return { status, output: stdout };
}

const COMPONENT =
  '<script lang="ts">\n  import { State } from "./state.svelte";\n  const state = new State();\n</script>\n{state.on}\n';

it("takes imports in one direction", () => {
  const { status, output } = rings({
    "Switch.svelte": COMPONENT,
    "state.svelte.ts": "export class State {\n  on = $state(false);\n}\n",
  });
  expect(output).toContain("no dependency violations found");
  expect(status).toBe(0);
});

it("refuses a ring of a component and its state", () => {
  const { status, output } = rings({
    "Switch.svelte": COMPONENT,
    "state.svelte.ts":
      'import type Switch from "./Switch.svelte";\nexport class State {\n  on = $state(false);\n  view?: typeof Switch;\n}\n',
  });
  expect(output).toContain("no-ring");
  expect(status).not.toBe(0);
});
