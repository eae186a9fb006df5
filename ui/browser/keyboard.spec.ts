// Everything by keyboard: the order of Tab, a focus that can be seen, the keys of the sheet.
import { expect, open, openSettings, type Page, rows, test } from "./page";

/** What the focus is on, as it is said. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const name =
      element.getAttribute("aria-label") ??
      element.getAttribute("data-summary") ??
      element.closest("label")?.textContent;
    return (name ?? element.textContent ?? "").trim() || element.outerHTML.slice(0, 90);
  });

/** Whether the focus is drawn: by an outline or a ring, on the element or on what stands for it. */
const isSeen = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const drawn = (each: Element | null) => {
      if (!each) return false;
      const style = getComputedStyle(each);
      return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    };
    return (
      drawn(element) ||
      drawn(element.nextElementSibling) ||
      drawn(element.closest("label")) ||
      drawn(element.parentElement)
    );
  });

test("Tab goes through the page in its order, and stops once in the list", async ({ page }) => {
  await open(page, "traveler");
  await rows(page).first().waitFor();
  const stops: string[] = [];
  for (let n = 0; n < 13; n += 1) {
    await page.keyboard.press("Tab");
    stops.push(await focused(page));
    await expect.poll(() => isSeen(page), { message: stops.at(-1) ?? "" }).toBe(true);
  }
  expect(stops).toEqual([
    "Connection: Online",
    "Settings",
    "Account: ada@example.com",
    "All",
    "Everything",
    "Search notifications",
    "Filter",
    "Mark all read",
    "Everything done",
    "10",
    "Mark as read: AA123 to LAX delayed",
    "Done: AA123 to LAX delayed",
    "Select: AA123 to LAX delayed",
  ]);
});

test("the keys of the list", async ({ page }) => {
  await open(page, "traveler");
  await rows(page).first().waitFor();
  const at = (id: number) => expect(page.locator(`[data-summary="${id}"]`)).toBeFocused();
  await page.keyboard.press("j");
  await at(10);
  await page.keyboard.press("ArrowDown");
  await at(9);
  await page.keyboard.press("k");
  await at(10);
  await page.keyboard.press("End");
  await at(1);
  await page.keyboard.press("Home");
  await at(10);
  await page.keyboard.press("u");
  await expect(page.getByTestId("unread-count")).toHaveText("3");
  await page.keyboard.press("u");
  await expect(page.getByTestId("unread-count")).toHaveText("4");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("why")).toBeVisible();
  await page.keyboard.press("m");
  await expect(page.getByTestId("mute")).toHaveText("Unmute this flight");
  await page.keyboard.press("Control+z");
  await expect(page.getByTestId("mute")).toHaveText("Mute this flight");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("why")).toBeHidden();
  await at(10);
});

test("the sheet of shortcuts opens with ? and closes with Escape", async ({ page }) => {
  await open(page, "traveler");
  await rows(page).first().waitFor();
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(sheet).toBeVisible();
  await page.keyboard.press("j");
  await expect(sheet.getByRole("button", { name: "Close" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
});

test("Ctrl+F searches; in a field, keys are letters", async ({ page }) => {
  await open(page, "traveler");
  await rows(page).first().waitFor();
  await page.keyboard.press("Control+f");
  await expect(page.getByTestId("search")).toBeFocused();
  await page.keyboard.type("u?/");
  await expect(page.getByTestId("search")).toHaveValue("u?/");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByTestId("unread-count")).toHaveText("4");
});

test("a menu opens and closes by keyboard and gives the focus back", async ({ page }) => {
  await open(page, "traveler");
  const account = page.getByRole("button", { name: /^Account/ });
  await account.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("sign-out")).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByTestId("settings")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("sign-out")).toBeHidden();
  await expect(account).toBeFocused();
});

test("every stop in the settings can be seen, and none lies under them", async ({ page }) => {
  await open(page, "rules");
  await openSettings(page);
  await page.getByTestId("settings-back").focus();
  const stops: string[] = [];
  for (let n = 0; n < 110; n += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement === document.body)) break;
    stops.push(await focused(page));
    await expect.poll(() => isSeen(page), { message: stops.at(-1) ?? "" }).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.closest("[inert]") === null), stops.at(-1)).toBe(true);
  }
  expect(stops).toContain("Delete rule “No departures”");
});
