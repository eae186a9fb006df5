// The picker of scenarios: there for a person, and not for tests.
import { expect, open, test } from "./page";

test("a person opens a scenario by the picker, which writes it into the address", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "webdriver", { get: () => false }));
  await open(page, "traveler", { language: "de" });
  const picker = page.getByTestId("picker");
  await expect(picker).toBeAttached();
  await page.keyboard.press("Control+Shift+S");
  await expect(picker).toBeVisible();
  await picker.getByLabel("direction").selectOption("rtl");
  await expect(page).toHaveURL(/\?scenario=traveler&language=de&direction=rtl$/);
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await page.goto("/?bare");
  await page.getByTestId("row").first().waitFor();
  await expect(picker).not.toBeAttached();
});

test("tests do not have it", async ({ page }) => {
  await open(page, "traveler");
  await page.getByTestId("row").first().waitFor();
  await expect(page.getByTestId("picker")).not.toBeAttached();
});
