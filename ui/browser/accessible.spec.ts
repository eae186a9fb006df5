// Every screen for everybody: axe in three looks, what screen readers are told, direction, motion.
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { expect, open, type Page, test } from "./page";
import { reach, SCREENS } from "./screens";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const LOOKS = [
  { name: "light", media: { colorScheme: "light", forcedColors: "none" } },
  { name: "dark", media: { colorScheme: "dark", forcedColors: "none" } },
  { name: "forced colours", media: { colorScheme: "dark", forcedColors: "active" } },
] as const;

/** What axe finds serious or worse, in a line for each element. */
async function serious(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(async () => {
    // Colours on their way belong to no state.
    for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
    return (globalThis as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }).axe.run({
      resultTypes: ["violations"],
      preload: false,
    });
  });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.any[0]?.message ?? ""}`));
}

test.describe("axe finds nothing serious", () => {
  for (const screen of SCREENS) {
    test(screen.name, async ({ page }) => {
      await page.emulateMedia({ reducedMotion: "reduce" });
      await open(page, screen.scenario);
      await reach(page, screen);
      await page.evaluate(await axe());
      for (const look of LOOKS) {
        await page.emulateMedia({ ...look.media, reducedMotion: "reduce" });
        expect(await serious(page), look.name).toEqual([]);
      }
    });
  }
});

let source: string | undefined;
async function axe(): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  source ??= await readFile(AXE, "utf8");
  return source;
}

test.describe("screen readers are told", () => {
  for (const name of ["sign-in", "inbox", "row", "away", "empty", "settings", "rule", "shortcuts", "lost"]) {
    test(name, async ({ page }) => {
      const screen = SCREENS.find((each) => each.name === name);
      if (!screen) throw new Error(`no screen ${name}`);
      await open(page, screen.scenario);
      await reach(page, screen);
      await expect(page.locator("#app")).toMatchAriaSnapshot({ name: `${name}.aria.yml` });
    });
  }
  // Those lie over a list, or beside it, which is told elsewhere.
  for (const [name, part] of [
    ["desk-busy", "desk-page"],
    ["wall", "wall"],
    ["export-done", "export"],
    ["re-indexing", "work"],
  ] as const) {
    test(name, async ({ page }) => {
      const screen = SCREENS.find((each) => each.name === name);
      if (!screen) throw new Error(`no screen ${name}`);
      await open(page, screen.scenario);
      await reach(page, screen);
      await expect(page.getByTestId(part)).toMatchAriaSnapshot({ name: `${name}.aria.yml` });
    });
  }
});

test("from right to left, a row begins at the right", async ({ page }) => {
  await open(page, "traveler", { language: "ar-XB" });
  const first = page.getByTestId("row").first();
  await first.waitFor();
  const [tile, time] = [await first.locator(".tile").boundingBox(), await first.locator("time").boundingBox()];
  expect(tile?.x ?? 0).toBeGreaterThan(time?.x ?? Infinity);
});

test("nothing moves for who wants no motion", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open(page, "waiting");
  await page.getByTestId("row").first().locator("[data-summary]").click();
  await page.keyboard.press("u");
  await page.getByTestId("undo").waitFor();
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .filter((each) => Number(each.effect?.getComputedTiming().duration) > 1 && each.playState === "running")
      .map((each) => (each.effect as KeyframeEffect).target?.className),
  );
  expect(moving).toEqual([]);
});
