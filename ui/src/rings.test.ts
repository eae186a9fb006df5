// That `npm run rings` refuses files that import each other in a ring, components and state alike; and the imports that it
// does not see, those of types in components, close none.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
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

/** The files of a folder that import themselves by way of others, imports of types in components included. */
function inRings(root: string): string[] {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => /\.(ts|svelte)$/.test(name));
  const imports = new Map(
    files.map((name) => {
      const file = join(root, name);
      const paths = [...readFileSync(file, "utf8").matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)];
      const found = paths.flatMap(([, path = ""]) => {
        const target = join(dirname(file), path);
        return [".ts", ".svelte.ts", ".svelte", ""]
          .map((end) => target + end)
          .filter((each) => existsSync(each))
          .slice(0, 1);
      });
      return [file, found] as const;
    }),
  );
  const reachable = (from: string): Set<string> => {
    const seen = new Set<string>();
    const next = [from];
    for (let file = next.pop(); file !== undefined; file = next.pop()) {
      next.push(...(imports.get(file) ?? []).filter((each) => !seen.has(each)));
      for (const each of imports.get(file) ?? []) seen.add(each);
    }
    return seen;
  };
  return [...imports.keys()].filter((file) => reachable(file).has(file));
}

it("finds a ring of types in components, and none in the page", () => {
  writeFileSync(join(folder, "List.svelte"), '<script lang="ts">\n  import type { Item } from "./item";\n</script>\n');
  writeFileSync(join(folder, "item.ts"), 'import type List from "./List.svelte";\nexport type Item = typeof List;\n');
  expect(inRings(folder)).toHaveLength(2);
  expect(inRings(import.meta.dirname)).toEqual([]);
});
