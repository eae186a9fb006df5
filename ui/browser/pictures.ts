// Takes a picture of every screen in every look, into docs/pictures/window, and writes the page that shows them. For eyes,
// not compared.
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { open, test } from "./page";
import { reach, SCREENS } from "./screens";

const DOCS = join(import.meta.dirname, "../../docs");
const FOLDER = join(DOCS, "pictures/window");
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

const file = (screen: string, look: string) => `${screen}-${look}.png`;

test.beforeAll(async () => {
  await mkdir(FOLDER, { recursive: true });
  const wanted = new Set(SCREENS.flatMap((screen) => LOOKS.map((look) => file(screen.name, look.name))));
  // Screens that are no more leave no picture behind.
  for (const name of await readdir(FOLDER)) if (!wanted.has(name)) await rm(join(FOLDER, name));
  await writeFile(join(DOCS, "WINDOW-STATES.md"), index());
});

for (const look of LOOKS) {
  test(look.name, async ({ browser, origin }) => {
    const context = await browser.newContext({
      baseURL: origin,
      ...("size" in look ? look.size : WHOLE),
      colorScheme: "theme" in look ? look.theme : "light",
      contrast: "contrast" in look ? look.contrast : "no-preference",
      reducedMotion: "reduce",
      timezoneId: "UTC",
    });
    for (const screen of SCREENS) {
      // A fresh page has nothing of the one before: no focus, no pointer over a button.
      const page = await context.newPage();
      await open(page, screen.scenario, "address" in look ? look.address : {});
      await page.locator("#app > *").first().waitFor();
      await reach(page, screen);
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: join(FOLDER, file(screen.name, look.name)), animations: "disabled" });
      await page.close();
    }
    await context.close();
  });
}

/** Every state in every look, for a reader. */
function index(): string {
  const shown = (screen: string, look: string, title: string) =>
    `[<img src="pictures/window/${file(screen, look)}" width="220" alt="${screen}: ${title}">](pictures/window/${file(screen, look)})`;
  const rows = SCREENS.map(
    ({ name, scenario }) =>
      `| **${name}**<br>\`${scenario}\` | ${LOOKS.map((look) => shown(name, look.name, look.title)).join(" | ")} |`,
  );
  return `# The states of the window

Every screen of \`ui/browser/screens.ts\`, as the in-memory backend plays it. \`npm run pictures\` in \`ui/\` takes the pictures
and writes this page. Under each name stands its scenario: \`npm run dev\`, then \`?scenario=NAME\`, or Ctrl+Shift+S.

| state | ${LOOKS.map((look) => look.title).join(" | ")} |
|---|${LOOKS.map(() => "---").join("|")}|
${rows.join("\n")}
`;
}
