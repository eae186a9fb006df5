// Several rows at once: by mouse and by keyboard, in both lists.
import { expect, open, type Page, rows, summary, test } from "./page";

const unread = (page: Page) => page.getByTestId("unread-count");
const bar = (page: Page) => page.getByTestId("selected");
const picks = (page: Page) => page.getByTestId("pick").and(page.locator(":checked"));
const grouped = async (page: Page) => {
  await page.getByRole("radio", { name: "Bookings & flights" }).check({ force: true });
  await rows(page).first().waitFor();
};

test("by keyboard: X, Shift and arrows, Ctrl+A, Escape", async ({ page }) => {
  await open(page, "traveler");
  await rows(page).first().waitFor();
  await page.keyboard.press("x");
  await expect(page.getByRole("status")).toHaveText("1 selected");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(bar(page)).toContainText("3 selected");
  await expect(page.locator('[data-summary="8"]')).toBeFocused();
  await page.keyboard.press("Shift+ArrowUp");
  await expect(bar(page)).toContainText("2 selected");
  await page.keyboard.press("u");
  await expect(unread(page)).toHaveText("2");
  await page.keyboard.press("Control+z");
  await expect(unread(page)).toHaveText("4");
  await page.keyboard.press("Control+a");
  await expect(bar(page)).toContainText("10 selected");
  await page.keyboard.press("Escape");
  await expect(bar(page)).toBeHidden();
  await expect(page.locator('[data-summary="9"]')).toBeFocused();
});

test("by mouse: a box that appears, Shift for a range, Ctrl for one more", async ({ page }) => {
  await open(page, "traveler");
  await rows(page).first().hover();
  await rows(page).first().getByTestId("pick").check();
  await summary(page, "Booking KX4T9Q created").click({ modifiers: ["Shift"] });
  await expect(picks(page)).toHaveCount(4);
  await rows(page)
    .nth(2)
    .getByTestId("pick")
    .click({ modifiers: ["Shift"] });
  await expect(picks(page)).toHaveCount(3);
  await summary(page, "Booking R8WZ3C cancelled").click({ modifiers: ["Control"] });
  await expect(picks(page)).toHaveCount(4);
  await rows(page).first().getByTestId("pick").uncheck();
  await expect(bar(page)).toContainText("3 selected");
  await expect(page.getByTestId("why")).toBeHidden();
  await page.getByTestId("selected-e").click();
  await expect(rows(page)).toHaveCount(7);
  await expect(bar(page)).toBeHidden();
  await page.getByTestId("undo").click();
  await expect(rows(page)).toHaveCount(10);
});

test("mute and snooze belong to the bookings and flights of the rows", async ({ page }) => {
  await open(page, "traveler");
  await rows(page).first().waitFor();
  await page.keyboard.press("x");
  await page.keyboard.press("Shift+ArrowDown");
  await page.getByTestId("selected-m").click();
  await expect(page.getByTestId("selected-m")).toContainText("Unmute");
  await expect(page.getByRole("status")).toHaveText("Muted: 2 bookings and flights");
  await page.keyboard.press("Control+z");
  await expect(page.getByTestId("selected-m")).toContainText("Mute");
  await page.keyboard.press("s");
  await expect(page.getByTestId("selected-s")).toContainText("End the snooze");
});

test("bookings and flights are selected like rows", async ({ page }) => {
  await open(page, "journey");
  await grouped(page);
  const before = await rows(page).count();
  await rows(page).first().getByTestId("pick").check();
  await rows(page)
    .nth(1)
    .locator("[data-summary]")
    .click({ modifiers: ["Shift"] });
  await expect(bar(page)).toContainText("2 selected");
  await page.keyboard.press("u");
  await expect(rows(page).first()).toHaveAttribute("data-read", "true");
  await page.keyboard.press("e");
  await expect(rows(page)).toHaveCount(before - 2);
  await page.keyboard.press("Control+z");
  await expect(rows(page)).toHaveCount(before);
});

test("another list begins with nothing selected, and in a field Ctrl+A is the text's", async ({ page }) => {
  await open(page, "traveler");
  await rows(page).first().waitFor();
  await page.keyboard.press("x");
  await page.getByRole("radio", { name: "Unread" }).check({ force: true });
  await expect(rows(page)).toHaveCount(4);
  await expect(bar(page)).toBeHidden();
  await page.getByTestId("search").focus();
  await page.keyboard.press("Control+a");
  await expect(bar(page)).toBeHidden();
});

test("rows that come in meanwhile are not selected", async ({ page }) => {
  await open(page, "agent");
  await rows(page).first().waitFor();
  await page.keyboard.press("Control+a");
  await expect(bar(page)).toContainText("50 selected");
  const newest = await page.evaluate(() => resident.arrive().id);
  await expect(rows(page).first()).toHaveAttribute("data-id", String(newest));
  await expect(bar(page)).toContainText("50 selected");
});
