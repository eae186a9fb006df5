// Takes a picture of every screen in every look, into target/pictures, with a page that shows them; with
// `GATECALL_PICTURES=docs` the few that the documents show, into docs/pictures. For eyes: nothing compares them.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "@playwright/test";
import { open, test } from "./page";
import { byBooking, reach, type Screen, SCREENS } from "./screens";

const ROOT = join(import.meta.dirname, "../..");
const WHOLE = { viewport: { width: 920, height: 680 } };
const LARGE = { viewport: { width: 460, height: 340 }, deviceScaleFactor: 2 };
const LOOKS = [
  { name: "light", title: "Light" },
  { name: "dark", title: "Dark", theme: "dark" },
  { name: "rtl", title: "From right to left", address: { direction: "rtl" } },
  { name: "german", title: "German", address: { language: "de" } },
  { name: "contrast", title: "More contrast", contrast: "more" },
  { name: "200", title: "At 200 %", size: LARGE },
] as const;

/** The page of one booking, which the documents show and no other screen covers. */
const TRIP: Screen = {
  name: "trip",
  scenario: "traveler",
  reach: async (page) => {
    await byBooking(page);
    await page.locator("[data-summary]").filter({ hasText: "KX4T9Q" }).first().click();
    await page.mouse.move(0, 0);
  },
  due: "[data-testid=thread-page] [data-testid=row], [data-testid=thread-page] li",
};

/** What the documents show: a screen, its look, and the size of the window. */
const DOCUMENTED = [
  { screen: "inbox", look: "light", width: 920, height: 600 },
  { screen: "trip", look: "light", width: 920, height: 620 },
  { screen: "desk-busy", look: "dark", as: "desk", width: 1100, height: 720 },
  { screen: "wall", look: "dark", width: 1280, height: 720 },
  { screen: "settings", look: "light", width: 920, height: 680 },
] as const;

const isForDocs = process.env.GATECALL_PICTURES === "docs";
const FOLDER = join(ROOT, isForDocs ? "docs/pictures" : "target/pictures");
const file = (screen: string, look: string) => `${screen}-${look}.png`;

/** A fresh page for each: nothing is left of the one before, no focus, no pointer over a button. */
async function take(
  browser: Browser,
  options: BrowserContextOptions,
  screen: Screen,
  look: string,
  more = {},
  as = screen.name,
) {
  const context = await browser.newContext({ reducedMotion: "reduce", timezoneId: "UTC", ...options });
  const page = await context.newPage();
  await open(page, screen.scenario, more);
  await page.locator("#app > *").first().waitFor();
  await reach(page, screen);
  await page.evaluate(() => document.fonts.ready);
  // A ring around what has the focus is a state of its own; the documents show the page at rest.
  if (isForDocs)
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  await page.screenshot({ path: join(FOLDER, file(as, look)), animations: "disabled" });
  await context.close();
}

test.beforeAll(async () => {
  if (isForDocs) return;
  // Screens that are no more leave no picture behind.
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, "index.html"), index());
});

if (isForDocs) {
  test("documented", async ({ browser, origin }) => {
    for (const { screen: name, look, width, height, ...rest } of DOCUMENTED) {
      const screen = [...SCREENS, TRIP].find((each) => each.name === name);
      if (!screen) throw new Error(`no screen ${name}`);
      const options = { baseURL: origin, viewport: { width, height }, deviceScaleFactor: 2, colorScheme: look };
      await take(browser, options, screen, look, {}, "as" in rest ? rest.as : name);
    }
  });
} else {
  for (const look of LOOKS) {
    test(look.name, async ({ browser, origin }) => {
      const options: BrowserContextOptions = {
        baseURL: origin,
        ...("size" in look ? look.size : WHOLE),
        colorScheme: "theme" in look ? look.theme : "light",
        contrast: "contrast" in look ? look.contrast : "no-preference",
      };
      for (const screen of [...SCREENS, TRIP])
        await take(browser, options, screen, look.name, "address" in look ? look.address : {});
    });
  }
}

/** Every state in every look. */
function index(): string {
  const shown = (screen: string, look: string, title: string) =>
    `<td><a href="${file(screen, look)}"><img src="${file(screen, look)}" width="300" loading="lazy" alt="${screen}: ${title}"></a></td>`;
  const rows = [...SCREENS, TRIP].map(
    ({ name, scenario }) =>
      `<tr id="${name}"><th>${name}<br><code>?scenario=${scenario}</code></th>${LOOKS.map((look) => shown(name, look.name, look.title)).join("")}</tr>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The states of the window</title>
<style>body { font: 14px sans-serif } th { text-align: start; vertical-align: top } thead th { position: sticky; top: 0; background: #fff }</style>
<h1>The states of the window</h1>
<table>
<thead><tr><th>State</th>${LOOKS.map((look) => `<th>${look.title}</th>`).join("")}</tr></thead>
${rows.join("\n")}
</table>
</html>
`;
}
