// Reading, marking, taking back, clearing, paging; and what stays where it is while new rows come.
import { expect, open, type Page, row, rows, summary, test } from "./page";

const unread = (page: Page) => page.getByTestId("unread-count");
const filter = (page: Page, name: string) => page.getByRole("radio", { name }).check({ force: true });

test("opening a row marks it read and says why", async ({ page }) => {
  await open(page, "traveler");
  await expect(unread(page)).toHaveText("4");
  await summary(page, "AA123 to LAX delayed").click();
  await expect(page.getByTestId("why")).toContainText("A delay less than 3 hours before departure.");
  await expect(unread(page)).toHaveText("3");
  await expect(page.getByRole("status")).toHaveText("Marked read: AA123 to LAX delayed");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("why")).toBeHidden();
});

test("several changes are taken back one after the other", async ({ page }) => {
  await open(page, "traveler");
  await row(page, "AA123 to LAX delayed").getByRole("button", { name: "Mark as read" }).click();
  await row(page, "Booking KX4T9Q created").getByRole("button", { name: "Mark as unread" }).click();
  await page.getByTestId("mark-all-read").click();
  await expect(unread(page)).toHaveText("0");
  await page.getByTestId("undo").click();
  await expect(unread(page)).toHaveText("4");
  await expect(row(page, "Booking KX4T9Q created")).toHaveAttribute("data-read", "false");
  await page.keyboard.press("Control+z");
  await expect(unread(page)).toHaveText("3");
  await page.keyboard.press("Control+z");
  await expect(unread(page)).toHaveText("4");
  await expect(row(page, "AA123 to LAX delayed")).toHaveAttribute("data-read", "false");
  await expect(page.getByTestId("undo")).toBeHidden();
});

test("what is cleared can be brought back, for ten seconds", async ({ page }) => {
  await page.clock.install();
  await open(page, "traveler");
  await page.getByTestId("clear-all").click();
  await expect(page.getByRole("heading", { name: "All quiet" })).toBeVisible();
  await page.getByTestId("undo").click();
  await expect(rows(page)).toHaveCount(10);
  await page.getByTestId("clear-all").click();
  await expect(page.getByTestId("undo")).toBeVisible();
  await page.clock.fastForward(10_500);
  await expect(page.getByTestId("undo")).toBeHidden();
});

test("the filter shows what is unread, and a row that is read there stays", async ({ page }) => {
  await open(page, "traveler");
  await expect(rows(page)).toHaveCount(10);
  await filter(page, "Unread");
  await expect(rows(page)).toHaveCount(4);
  await rows(page).first().getByRole("button", { name: "Mark as read" }).click();
  await expect(unread(page)).toHaveText("3");
  await expect(rows(page)).toHaveCount(4);
  await page.getByTestId("mark-all-read").click();
  await expect(page.getByRole("heading", { name: "All caught up" })).toBeVisible();
  await filter(page, "All");
  await expect(rows(page)).toHaveCount(10);
});

test("older pages come when the end is near, each row once and in order", async ({ page }) => {
  await open(page, "agent");
  await expect(rows(page)).toHaveCount(50);
  const ids = () => rows(page).evaluateAll((all) => all.map((each) => Number(each.getAttribute("data-id"))));
  await rows(page).last().scrollIntoViewIfNeeded();
  await expect.poll(async () => Math.min(...(await ids()))).toBeLessThan(1_950);
  await rows(page).last().scrollIntoViewIfNeeded();
  await expect.poll(async () => Math.min(...(await ids()))).toBeLessThan(1_900);
  const all = await ids();
  expect(all).toEqual([...new Set(all)].sort((a, b) => b - a));
  const before = await page.evaluate(() => resident.calls.flatMap((call) => (call.type === "list" ? [call.before] : [])));
  expect(before.slice(0, 3)).toEqual([null, 1_951, 1_901]);
});

test("what is read keeps its place and the focus while new rows come", async ({ page }) => {
  await open(page, "agent");
  const held = rows(page).nth(20).locator("[data-summary]");
  const id = await held.getAttribute("data-summary");
  await held.focus();
  await held.evaluate((button) => button.scrollIntoView({ block: "center" }));
  const own = page.locator(`[data-summary="${id}"]`);
  const before = await own.boundingBox();
  await page.evaluate(() => {
    for (let n = 0; n < 30; n += 1) resident.arrive();
  });
  const pill = page.getByRole("button", { name: "30 new" });
  await expect(pill).toBeVisible();
  await expect(own).toBeFocused();
  expect(Math.abs(((await own.boundingBox())?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(2);
  await pill.click();
  await expect(pill).toBeHidden();
  await expect(rows(page).first()).toBeInViewport();
});

test("at the top, new rows come in and the oldest go", async ({ page }) => {
  await open(page, "agent");
  await expect(rows(page)).toHaveCount(50);
  const newest = await page.evaluate(() => resident.arrive().id);
  await expect(rows(page).first()).toHaveAttribute("data-id", String(newest));
  await page.evaluate(() => {
    for (let n = 0; n < 400; n += 1) resident.arrive();
  });
  await expect(rows(page)).toHaveCount(300);
});

test("a click on a toast brings its row on screen", async ({ page }) => {
  await open(page, "agent");
  await expect(rows(page)).toHaveCount(50);
  await page.evaluate(() => resident.push({ type: "openRow", id: 1_870 }));
  await expect(page.locator('[data-summary="1870"]')).toBeFocused();
  await expect(page.getByTestId("why")).toBeInViewport();
});

test("a toast that was told with others leads to its row", async ({ page }) => {
  await open(page, "traveler");
  await summary(page, "Booking KX4T9Q confirmed").click();
  await page.getByTestId("into").click();
  await expect(summary(page, "Booking KX4T9Q created")).toHaveAttribute("aria-expanded", "true");
});

test("mute and snooze, with the way back", async ({ page }) => {
  await open(page, "traveler");
  await summary(page, "Booking M2PD7A updated").click();
  await page.getByTestId("mute").click();
  await expect(page.getByTestId("mute")).toHaveText("Unmute this booking");
  await expect(page.getByTestId("snooze")).toBeHidden();
  await page.getByTestId("undo").click();
  await expect(page.getByTestId("mute")).toHaveText("Mute this booking");
  await page.getByTestId("snooze").click();
  await expect(page.getByTestId("snooze")).toHaveText("End the snooze");
  await page.keyboard.press("m");
  await expect(page.getByTestId("mute")).toHaveText("Unmute this booking");
});

test.describe("the remedy of a row", () => {
  const REMEDIES = [
    { row: "AA123 to LAX delayed", button: "Edit rule “Trip to LA”", then: "[data-field=name]" },
    { row: "Payment of 450.00 USD received", button: "Show no toasts for this…", then: "[data-field=name]" },
    { row: "Booking KX4T9Q confirmed", button: "Send a test notification…", then: "[data-testid=test-toast]" },
    { row: "Booking R8WZ3C updated", button: "Change the quiet hours…", then: "[data-testid=quiet-on]" },
  ];
  for (const { row: title, button, then } of REMEDIES) {
    test(button, async ({ page }) => {
      await open(page, "rules");
      await summary(page, title).first().click();
      await page.getByRole("button", { name: button }).click();
      await expect(page.locator(then)).toBeInViewport();
      await page.keyboard.press("Escape");
    });
  }

  test("unmutes, and the focus stays with the row", async ({ page }) => {
    await open(page, "rules");
    await summary(page, "Booking M2PD7A updated").click();
    await page.getByTestId("remedy").click();
    await expect(page.getByTestId("remedy")).toBeHidden();
    await expect(summary(page, "Booking M2PD7A updated")).toBeFocused();
  });
});

test("a search looks at every row, and Escape ends it", async ({ page }) => {
  await open(page, "agent");
  await expect(rows(page)).toHaveCount(50);
  const field = page.getByTestId("search");
  await page.keyboard.press("/");
  await expect(field).toBeFocused();
  await page.keyboard.type("cancelled AA10");
  await expect(rows(page).first()).toContainText(/AA10\d/);
  for (const text of await rows(page).allTextContents()) expect(text).toMatch(/cancelled.*AA10\d/);
  await page.keyboard.press("ArrowDown");
  await expect(rows(page).first().locator("[data-summary]")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(field).toHaveValue("");
  await expect(rows(page)).toHaveCount(50);
});

test("a search without an answer says so, and is cleared by its button", async ({ page }) => {
  await open(page, "traveler");
  const field = page.getByTestId("search");
  await field.fill("zebra");
  await expect(page.getByRole("heading", { name: "Nothing found" })).toBeVisible();
  await expect(page.getByText("No notification holds every word of “zebra”.")).toBeVisible();
  await page.getByRole("search").getByRole("button", { name: "Clear the search" }).click();
  await expect(rows(page)).toHaveCount(10);
  await expect(field).toBeFocused();
  await field.fill("munich");
  await page.keyboard.press("Escape");
  await expect(field).toHaveValue("");
  await page.keyboard.press("Escape");
  await expect(field).not.toBeFocused();
});
