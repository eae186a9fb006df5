// Reading, marking, taking back, clearing, paging; and what stays where it is while new rows come.
import { expect, open, type Page, row, rows, summary, test } from "./page";

const unread = (page: Page) => page.getByTestId("unread-count");
/** The rows in the page. */
const idsOf = (page: Page) => rows(page).evaluateAll((all) => all.map((each) => Number(each.getAttribute("data-id"))));
/** How much of the view is without a row where there should be one, in pixels, but for the names of days. */
const blank = (page: Page) =>
  page.getByRole("main").evaluate((scroller) => {
    const { top, bottom, left, width } = scroller.getBoundingClientRect();
    let missing = 0;
    for (let y = top + 4; y < bottom - 4; y += 8) {
      const hit = document.elementFromPoint(left + width / 2, y);
      if (hit?.matches("ul") || hit === scroller) missing += 8;
    }
    return missing;
  });
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
  await rows(page).first().waitFor();
  const seen = new Set<number>();
  for (let oldest = Infinity; oldest > 1_850;) {
    const ids = await idsOf(page);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => b - a));
    for (const id of ids) seen.add(id);
    oldest = Math.min(...ids);
    await page.getByRole("main").evaluate((scroller) => (scroller.scrollTop += 600));
    await expect.poll(async () => Math.min(...(await idsOf(page)))).toBeLessThan(oldest);
  }
  // None was left out on the way.
  const [newest, oldest] = [Math.max(...seen), Math.min(...seen)];
  expect(seen.size).toBe(newest - oldest + 1);
  const before = await page.evaluate(() =>
    resident.calls.flatMap((call) => (call.type === "list" ? [call.before] : [])),
  );
  expect(before.slice(0, 3)).toEqual([null, 1_951, 1_901]);
});

test("only rows near the view are in the page, and each says where it stands", async ({ page }) => {
  await open(page, "agent");
  await rows(page).first().waitFor();
  const main = page.getByRole("main");
  const places = () => rows(page).evaluateAll((all) => all.map((each) => [each.ariaPosInSet, each.ariaSetSize]));
  const sizes = new Set((await places()).map(([, of]) => of));
  expect((await places())[0]?.[0]).toBe("1");
  expect(sizes.has("0")).toBe(false);
  for (let n = 0; n < 12; n += 1) {
    const reached = await main.evaluate((scroller) => {
      scroller.scrollTop += 2_400;
      return scroller.scrollTop;
    });
    await expect.poll(() => blank(page)).toBe(0);
    expect(await rows(page).count()).toBeLessThanOrEqual(60);
    expect(reached).toBeGreaterThan(0);
  }
  // Back up, the rows come to stand where they stood.
  await main.evaluate((scroller) => (scroller.scrollTop = 0));
  await expect(rows(page).first()).toHaveAttribute("data-id", "2000");
  await expect(rows(page).first()).toBeInViewport();
});

test("the row that the keyboard is at is there, wherever the list is scrolled to", async ({ page }) => {
  await open(page, "agent");
  await rows(page).nth(2).locator("[data-summary]").focus();
  const own = page.locator('[data-summary="1998"]');
  for (let n = 0; n < 6; n += 1) {
    await page.getByRole("main").evaluate((scroller) => (scroller.scrollTop += 3_000));
    await expect.poll(() => blank(page)).toBe(0);
    await expect(own).toBeFocused();
    await expect(own).not.toBeInViewport();
  }
  await page.keyboard.press("j");
  await expect(page.locator('[data-summary="1997"]')).toBeFocused();
  await expect(page.locator('[data-summary="1997"]')).toBeInViewport();
  await page.keyboard.press("End");
  await expect(page.locator('[data-summary="1997"]')).toHaveCount(0);
  const last = await page.evaluate(() => Number((document.activeElement as HTMLElement).dataset.summary));
  await expect(page.locator(`[data-summary="${last}"]`)).toBeInViewport();
  expect(last).toBeLessThan(1_900);
  // Up through rows that are not in the page yet.
  for (let n = 0; n < 40; n += 1) await page.keyboard.press("k");
  await expect(page.locator(`[data-summary="${last + 40}"]`)).toBeFocused();
  await expect(page.locator(`[data-summary="${last + 40}"]`)).toBeInViewport();
});

test("what is read keeps its place and the focus while new rows come", async ({ page }) => {
  await open(page, "agent");
  await rows(page).first().waitFor();
  await page.getByRole("main").evaluate((scroller) => (scroller.scrollTop = 1_400));
  const own = page.locator('[data-summary="1977"]');
  await own.focus();
  await own.evaluate((button) => button.scrollIntoView({ block: "center" }));
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

test("a booking or flight that moves to the top takes the focus along, and what is read stays", async ({ page }) => {
  await open(page, "agent");
  await page.getByRole("radio", { name: "Bookings & flights" }).check({ force: true });
  const list = page.getByRole("main", { name: "Bookings and flights" });
  await list.getByTestId("row").first().waitFor();
  await list.evaluate((scroller) => (scroller.scrollTop = 900));
  await expect.poll(() => blank(page)).toBe(0);
  const own = list.getByTestId("row").nth(14);
  const id = Number(await own.getAttribute("data-id"));
  const key = await own.locator("[data-summary]").getAttribute("data-summary");
  await own.locator("[data-summary]").focus();
  const other = list.getByTestId("row").nth(12);
  const otherKey = await other.locator("[data-summary]").getAttribute("data-summary");
  const stays = list.locator(`[data-summary="${otherKey}"]`);
  await stays.evaluate((button) => button.scrollIntoView({ block: "center" }));
  const before = (await stays.boundingBox())?.y ?? 0;
  const newest = await page.evaluate(async (wanted) => {
    const { items } = await resident.call<{ items: Parameters<typeof resident.arrive>[0][] }>({
      type: "list",
      criteria: { place: "inbox", unread: false, kinds: [], flight: null, rule: null, room: null, text: "" },
      before: wanted + 1,
      limit: 1,
    });
    return resident.arrive(items[0]).id;
  }, id);
  await expect(list.locator(`[data-testid=row][data-id="${newest}"] [data-summary]`)).toBeFocused();
  await expect(list.locator(`[data-summary="${key}"]`)).not.toBeInViewport();
  expect(Math.abs(((await stays.boundingBox())?.y ?? 0) - before)).toBeLessThan(2);
});

test("at the top, new rows come in and the oldest go", async ({ page }) => {
  await open(page, "agent");
  await rows(page).first().waitFor();
  const newest = await page.evaluate(() => resident.arrive().id);
  await expect(rows(page).first()).toHaveAttribute("data-id", String(newest));
  const last = await page.evaluate(() => {
    for (let n = 0; n < 399; n += 1) resident.arrive();
    return resident.arrive().id;
  });
  await expect(rows(page).first()).toHaveAttribute("data-id", String(last));
  await rows(page).first().locator("[data-summary]").focus();
  await page.keyboard.press("End");
  await expect(page.locator(`[data-summary="${last - 299}"]`)).toBeFocused();
});

test("a click on a toast brings its row on screen", async ({ page }) => {
  await open(page, "agent");
  await rows(page).first().waitFor();
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
  await rows(page).first().waitFor();
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
  await expect(rows(page).first()).toHaveAttribute("data-id", "2000");
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
