// The desk: whether it is alive, what is on it, and the wall.
import { expect, open, type Page, rows, test } from "./page";

const onDesk = async (page: Page, scenario: string, more: Record<string, string> = {}) => {
  await open(page, scenario, more);
  await rows(page).first().waitFor();
  await page.keyboard.press("d");
  await page.getByTestId("desk-pulse").waitFor();
};
const flights = (page: Page) => page.getByTestId("desk-flight");
const asked = (page: Page) => page.evaluate(() => resident.calls.filter(({ type }) => type === "desk").length);

test("is for those who may watch it", async ({ page }) => {
  await open(page, "traveler");
  await rows(page).first().waitFor();
  await expect(page.getByTestId("open-desk")).toBeHidden();
  await page.keyboard.press("d");
  await expect(page.getByTestId("desk-page")).toBeHidden();
});

test("opens from the header and by its key, and gives the focus back", async ({ page }) => {
  await open(page, "deskBusy");
  await page.getByTestId("open-desk").click();
  await expect(page.getByTestId("desk-back")).toBeFocused();
  await expect(page.getByTestId("open-desk")).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("desk-page")).toBeHidden();
  await expect(page.getByTestId("open-desk")).toBeFocused();
  await page.keyboard.press("d");
  await expect(page.getByTestId("desk-page")).toBeVisible();
  await page.keyboard.press("d");
  await expect(page.getByTestId("desk-page")).toBeHidden();
});

test("says that it is alive, and how much is usual", async ({ page }) => {
  await onDesk(page, "deskBusy");
  const pulse = page.getByTestId("desk-pulse");
  await expect(pulse).toContainText("As much as usual.");
  await expect(page.getByTestId("desk-last")).toHaveText("12 s ago");
  await expect(pulse).toContainText("240 ms");
  await expect(pulse).toContainText("usually 1,100");
  await expect(
    page.getByRole("img", { name: /^Events in the last 60 minutes: 1,\d\d\d, at most \d+ in a minute\.$/ }),
  ).toBeVisible();
  await page.evaluate(() => resident.arrive());
  await expect(page.getByTestId("desk-last")).toHaveText("0 s ago");
});

test("tells a quiet that is usual from a line that is down", async ({ page }) => {
  await onDesk(page, "deskQuiet");
  await expect(page.getByTestId("desk-pulse")).toContainText("As much as usual.");
  await onDesk(page, "deskOffline");
  await expect(page.getByTestId("desk-pulse")).toContainText("Nothing arrives. fly.example does not answer.");
  await onDesk(page, "deskRefused");
  await expect(page.getByTestId("desk-pulse")).toContainText("The server does not tell this account every booking.");
  await expect(page.getByTestId("desk-room")).toHaveText("Refused by the server");
});

test("keeps what it knew, and says how old it is", async ({ page }) => {
  await onDesk(page, "deskBusy");
  await page.clock.setFixedTime("2026-03-11T14:39:00Z");
  await page.evaluate(() => resident.setLine(false));
  await expect(page.getByTestId("desk-stale")).toContainText("Not current: this is how it was 4 min ago.");
  await expect(flights(page)).toHaveCount(20);
  await page.evaluate(() => resident.setLine(true));
  await expect(page.getByTestId("desk-stale")).toBeHidden();
});

test("opens a flight and comes back to it", async ({ page }) => {
  await onDesk(page, "deskBusy");
  await flights(page).first().getByRole("button").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("thread-page").getByRole("heading", { level: 2 }).first()).toHaveText(/^Flight AA\d+$/);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("thread-page")).toBeHidden();
  await expect(flights(page).nth(1).getByRole("button")).toBeFocused();
});

test("tries a watch-list out in its editor", async ({ page }) => {
  await onDesk(page, "deskBusy");
  await expect(page.getByTestId("desk-rule")).toHaveCount(4);
  await expect(page.getByTestId("desk-rule").nth(1)).toContainText("Anything to Munich");
  await page.getByRole("button", { name: "Try out “Anything to Munich”" }).click();
  await expect(page.getByTestId("back-test")).toHaveAttribute("data-state", "done");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("desk-page")).toBeVisible();
  await page.getByTestId("desk-add").click();
  await expect(page.getByRole("heading", { name: "New rule" })).toBeVisible();
});

test("is left and joined here too", async ({ page }) => {
  await onDesk(page, "deskBusy");
  await page.getByTestId("desk-watch").click();
  await expect(page.getByTestId("desk-pulse")).toContainText("Not every booking is watched");
  await page.getByTestId("desk-watch").click();
  await expect(page.getByTestId("desk-room")).toHaveText("Joined");
});

test("changes once a second, however much comes", async ({ page }) => {
  await onDesk(page, "deskBusy", { perSecond: "167" });
  const changes = () =>
    page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const at = new Set<number>();
          const look = new MutationObserver(() => at.add(performance.now()));
          const desk = document.querySelector("[data-testid=desk-page]");
          if (desk) look.observe(desk, { subtree: true, childList: true, characterData: true, attributes: true });
          setTimeout(() => resolve(at.size), 3_000);
        }),
    );
  const before = await asked(page);
  expect(await changes()).toBeLessThanOrEqual(8);
  expect((await asked(page)) - before).toBeLessThanOrEqual(5);
});

test("hangs on the wall, and comes off with Escape", async ({ page }) => {
  await onDesk(page, "deskBusy");
  await page.keyboard.press("f");
  const wall = page.getByTestId("wall");
  await expect(wall).toContainText("As much as usual.");
  await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(true);
  await expect(wall.getByRole("button", { name: "Leave the wall" })).toBeFocused();
  await expect(wall.getByTestId("desk-flight")).toHaveCount(6);
  const fresh = await page.evaluate(
    () => resident.arrive({ ...resident.arrive(), title: "AA9 cancelled", urgency: "critical" }).title,
  );
  await expect(wall).toContainText(fresh);
  await page.keyboard.press("Escape");
  await expect(wall).toBeHidden();
  await expect.poll(() => page.evaluate(() => document.fullscreenElement)).toBeNull();
  await expect(page.getByTestId("desk-page")).toBeVisible();
});

test("fills the window where the screen is refused, and says in words what is wrong", async ({ page }) => {
  await page.addInitScript(() => {
    Element.prototype.requestFullscreen = () => Promise.reject(new TypeError("refused"));
  });
  await page.setViewportSize({ width: 1280, height: 720 });
  await onDesk(page, "deskOffline");
  await page.getByTestId("desk-wall").click();
  const wall = page.getByTestId("wall");
  await expect(wall).toContainText("Waiting · next try in");
  const box = await wall.boundingBox();
  expect([box?.width, box?.height]).toEqual([1280, 720]);
  await expect(wall).toHaveAttribute("data-tone", "warn");
  await page.keyboard.press("f");
  await expect(wall).toBeHidden();
  await expect(page.getByTestId("desk-wall")).toBeFocused();
});

for (const { width, height, legible } of [
  { width: 1280, height: 720, legible: 42 },
  { width: 3840, height: 2160, legible: 42 },
  { width: 1080, height: 1920, legible: 42 },
  { width: 1920, height: 1200, legible: 46 },
  { width: 1280, height: 1024, legible: 58 },
]) {
  test(`the wall fits ${width} × ${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await onDesk(page, "deskBusy", { language: "de" });
    await page.keyboard.press("f");
    const wall = page.getByTestId("wall");
    await wall.waitFor();
    expect(await wall.evaluate((it) => [it.scrollHeight - it.clientHeight, it.scrollWidth - it.clientWidth])).toEqual([
      0, 0,
    ]);
    // A fortieth of the screen is legible from as far away as the screen is tall eight times; of a squarer one it is less.
    const size = await wall.evaluate((it) => parseFloat(getComputedStyle(it).fontSize));
    expect(size).toBeGreaterThanOrEqual(Math.min(width, height) / legible);
  });
}
