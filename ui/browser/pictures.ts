// Takes a picture of every screen in every look, into docs/pictures/window. For eyes, not compared.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { open, test } from "./page";
import { reach, SCREENS } from "./screens";

const FOLDER = join(import.meta.dirname, "../../docs/pictures/window");
const SMALL = { viewport: { width: 460, height: 340 }, deviceScaleFactor: 2 };
const LOOKS = [
  { name: "light" },
  { name: "dark", colorScheme: "dark" },
  { name: "rtl", dir: "rtl" },
  { name: "german", language: "de" },
  { name: "contrast", contrast: "more" },
  { name: "200", ...SMALL },
] as const;

for (const look of LOOKS) {
  test(look.name, async ({ browser, origin }) => {
    await mkdir(FOLDER, { recursive: true });
    const context = await browser.newContext({
      baseURL: origin,
      viewport: "viewport" in look ? look.viewport : { width: 920, height: 680 },
      deviceScaleFactor: "deviceScaleFactor" in look ? look.deviceScaleFactor : 1,
      colorScheme: "colorScheme" in look ? look.colorScheme : "light",
      contrast: "contrast" in look ? look.contrast : "no-preference",
      reducedMotion: "reduce",
      timezoneId: "UTC",
    });
    const page = await context.newPage();
    for (const screen of SCREENS) {
      await open(page, screen.scenario, "language" in look ? { language: look.language } : {});
      await page.locator("#app > *").first().waitFor();
      if ("dir" in look) await page.evaluate((dir) => (document.documentElement.dir = dir), look.dir);
      await reach(page, screen);
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: join(FOLDER, `${screen.name}-${look.name}.png`), animations: "disabled" });
    }
    await context.close();
  });
}
