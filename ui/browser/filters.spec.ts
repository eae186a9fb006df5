// Filters, saved views, and what is done: by mouse and by keyboard.
import { expect, open, type Page, row, rows, summary, test } from "./page";

const unread = (page: Page) => page.getByTestId("unread-count");
const chip = (page: Page, name: string) =>
  page.locator("#filter-panel").getByRole("checkbox", { name }).check({ force: true });

test("a filter is chosen, shown, and taken away again", async ({ page }) => {
  await open(page, "rules");
  await page.getByTestId("filter").click();
  await chip(page, "Flight status");
  await expect(rows(page)).toHaveCount(5);
  await chip(page, "AA123");
  await expect(rows(page)).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("filter")).toBeFocused();
  await page.getByRole("button", { name: "Remove filter: Flight AA123" }).click();
  await expect(rows(page)).toHaveCount(5);
  await expect(page.getByRole("button", { name: "Remove filter: Flight status" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("filters")).toBeHidden();
  await expect(page.getByTestId("filter")).toBeFocused();
});

test("rooms are offered to who asked for one beside their own", async ({ page }) => {
  await open(page, "agent");
  const first = rows(page).first();
  const before = await first.textContent();
  await page.getByTestId("filter").click();
  await expect(page.locator("#filter-panel").getByRole("group", { name: "Rooms" }).getByRole("checkbox")).toHaveCount(
    2,
  );
  await chip(page, "My own bookings");
  await expect(first).not.toHaveText(before ?? "");
  await chip(page, "admin");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("filters").getByRole("button", { name: /^Remove filter:/ })).toHaveCount(1);
  await page.getByRole("button", { name: "Remove filter: Room: admin" }).click();
  await expect(first).toHaveText(before ?? "");
  await open(page, "rules");
  await page.getByTestId("filter").click();
  await expect(page.locator("#filter-panel").getByRole("group", { name: "Rules" })).toBeVisible();
  await expect(page.locator("#filter-panel").getByRole("group", { name: "Rooms" })).toBeHidden();
});

test("filters hold for bookings and flights and for the search, and an empty answer says what is filtered", async ({
  page,
}) => {
  await open(page, "rules");
  await page.getByTestId("filter").click();
  await chip(page, "Trip to LA");
  await page.keyboard.press("Escape");
  await page.getByRole("radio", { name: "Bookings & flights" }).check({ force: true });
  await expect(rows(page)).toHaveCount(1);
  await page.getByTestId("search").fill("munich");
  await expect(page.getByRole("heading", { name: "Nothing found" })).toBeVisible();
  await expect(page.getByText("There is nothing with: Rule: Trip to LA.")).toBeVisible();
  await page.getByRole("main").or(page.locator(".blank")).getByRole("button", { name: "Clear the search" }).click();
  await page.getByTestId("filter").click();
  await page.getByTestId("filter-flight").fill("lh 411");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("heading", { name: "Nothing fits the filters" })).toBeVisible();
  await page.locator(".blank").getByRole("button", { name: "Clear all filters" }).click();
  await expect(rows(page).first()).toBeVisible();
});

test("a row leads to all of its flight", async ({ page }) => {
  await open(page, "traveler");
  await summary(page, "AA123 to LAX delayed").click();
  await page.getByTestId("only-flight").click();
  await expect(rows(page)).toHaveCount(4);
  await expect(page.getByRole("button", { name: "Remove filter: Flight AA123" })).toBeVisible();
  await page.getByTestId("clear-filters").click();
  await expect(rows(page)).toHaveCount(10);
});

test("a view is saved, opened by its keys, renamed, deleted and brought back", async ({ page }) => {
  await open(page, "traveler");
  await expect(page.getByTestId("views")).toBeHidden();
  await summary(page, "AA123 to LAX delayed").click();
  await page.getByTestId("only-flight").click();
  await page.getByTestId("save-view").click();
  const name = page.getByTestId("view-name");
  await expect(name).toBeFocused();
  await expect(name).toHaveValue("Flight AA123");
  await name.fill("");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Give the view a name.")).toBeVisible();
  await expect(name).toBeFocused();
  await name.fill("Los Angeles");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("views")).toHaveText("Los Angeles");
  await page.keyboard.press("Alt+1");
  await expect(rows(page)).toHaveCount(10);
  await page.keyboard.press("g");
  await page.keyboard.press("2");
  await expect(rows(page)).toHaveCount(4);
  await expect(page.getByRole("status")).toHaveText("Los Angeles");

  await page.getByTestId("views").click();
  await page.getByRole("button", { name: "Rename “Los Angeles”" }).click();
  await expect(name).toBeFocused();
  await name.fill("LA");
  await page.keyboard.press("Enter");
  await expect(page.locator("[data-view]").nth(1)).toBeFocused();
  await page.getByRole("button", { name: "Delete “LA”" }).click();
  await expect(page.getByTestId("views")).toBeHidden();
  await page.getByTestId("undo").click();
  await expect(page.getByTestId("views")).toHaveText("LA");
});

test("an opened view can be brought up to what is listed", async ({ page }) => {
  await open(page, "views");
  await rows(page).first().waitFor();
  await page.keyboard.press("Alt+2");
  await expect(rows(page)).toHaveCount(3);
  await expect(page.getByTestId("save-view")).toBeHidden();
  await page.getByRole("radio", { name: "Unread" }).check({ force: true });
  await page.getByTestId("update-view").click();
  await expect(page.getByTestId("update-view")).toBeHidden();
  await page.keyboard.press("Alt+1");
  await page.keyboard.press("Alt+2");
  await expect(rows(page)).toHaveCount(2);
});

test("E puts a row away and goes on with the next one; in Done it brings it back", async ({ page }) => {
  await open(page, "traveler");
  await rows(page).first().waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("e");
  await expect(rows(page)).toHaveCount(9);
  await expect(page.locator('[data-summary="9"]')).toBeFocused();
  await expect(unread(page)).toHaveText("3");
  await page.keyboard.press("e");
  await expect(rows(page)).toHaveCount(8);
  await page.keyboard.press("Control+z");
  await expect(rows(page)).toHaveCount(9);
  await page.getByTestId("elsewhere").click();
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByRole("button", { name: "All of these back to the inbox" })).toBeEnabled();
  await expect(page.getByRole("button", { name: "Mark all of these read" })).toBeDisabled();
  await row(page, "AA123 to LAX delayed").getByTestId("done").click();
  await expect(page.getByRole("heading", { name: "Nothing is done yet" })).toBeVisible();
  await page.locator(".blank").getByRole("button", { name: "Back to the inbox" }).click();
  await expect(rows(page)).toHaveCount(10);
});

test("all that is listed is read or put away at once, and nothing else", async ({ page }) => {
  await open(page, "traveler");
  await page.getByTestId("filter").click();
  await chip(page, "Flight status");
  await page.keyboard.press("Escape");
  const listed = await rows(page).count();
  expect(listed).toBeGreaterThan(1);
  expect(listed).toBeLessThan(10);
  await page.getByRole("button", { name: "Mark all of these read" }).click();
  await expect(page.getByRole("status")).toContainText("marked read");
  await page.getByRole("button", { name: "All of these done" }).click();
  await expect(rows(page)).toHaveCount(0);
  await expect(page.getByRole("status")).toHaveText(`Done: ${listed} notifications`);
  await page.getByTestId("clear-filters").click();
  await expect(rows(page)).toHaveCount(10 - listed);
  await page.keyboard.press("Control+z");
  await expect(rows(page)).toHaveCount(10);
});

test("a booking or flight is put away from its row and from its page", async ({ page }) => {
  await open(page, "journey");
  await page.getByRole("radio", { name: "Bookings & flights" }).check({ force: true });
  await rows(page).first().waitFor();
  const before = await rows(page).count();
  await rows(page).first().hover();
  await rows(page).first().getByTestId("done").click();
  await expect(rows(page)).toHaveCount(before - 1);
  await rows(page).first().locator("[data-summary]").click();
  await page.getByTestId("thread-done").click();
  await expect(page.getByTestId("thread-page")).toBeHidden();
  await expect(rows(page)).toHaveCount(before - 2);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await expect(rows(page)).toHaveCount(before);
});

test("a toast leads to its row, also when that is done", async ({ page }) => {
  await open(page, "traveler");
  await page.getByTestId("clear-all").click();
  await page.getByRole("button", { name: "Show what is done" }).waitFor();
  await page.evaluate(() => resident.push({ type: "openRow", id: 6 }));
  await expect(page.locator('[data-summary="6"]')).toBeFocused();
  await expect(page.getByRole("button", { name: "Remove filter: Done" })).toBeVisible();
});

test("what was searched for is marked, and F3 goes from hit to hit", async ({ page }) => {
  await open(page, "traveler");
  await rows(page).first().waitFor();
  await page.keyboard.press("F3");
  await expect(page.getByTestId("search")).toBeFocused();
  await page.keyboard.type("kx4t9q conf");
  await expect(rows(page)).toHaveCount(1);
  await expect(page.locator("mark")).toHaveText(["KX4T9Q", "conf"]);
  await page.getByTestId("search").fill("kx4t9q");
  await expect(rows(page)).toHaveCount(3);
  for (const id of [9, 8, 7, 7]) {
    await page.keyboard.press("Control+g");
    await expect(page.locator(`[data-summary="${id}"]`)).toBeFocused();
  }
  await page.keyboard.press("Shift+F3");
  await expect(page.locator('[data-summary="8"]')).toBeFocused();
});

test("S snoozes the booking or flight of a row, and again ends it", async ({ page }) => {
  await open(page, "traveler");
  await rows(page).first().waitFor();
  await page.keyboard.press("s");
  await expect(page.getByRole("status")).toHaveText(/^Snoozed until .*: AA123$/);
  await page.keyboard.press("s");
  await expect(page.getByRole("status")).toHaveText("No longer snoozed: AA123");
});
