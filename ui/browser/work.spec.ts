// What takes long, and the export.
import { expect, open, type Page, rows, test } from "./page";

const openExport = async (page: Page, scenario: string) => {
  await open(page, scenario);
  await rows(page).first().waitFor();
  await page.locator("[popovertarget=account-menu]").click();
  await page.getByTestId("export-open").click();
  await page.getByTestId("export").waitFor();
};
const state = (page: Page) => page.getByTestId("export-state");

test("what takes long says how far it is, and can be stopped", async ({ page }) => {
  await open(page, "reindexing");
  const work = page.getByRole("list", { name: "Under way" });
  await expect(work).toContainText("61,000 of 184,000 rows");
  await expect(work.getByRole("progressbar", { name: "Rebuilding the search index." })).toHaveJSProperty(
    "value",
    61_000,
  );
  const stop = work.getByRole("button", { name: "Stop: Rebuilding the search index." });
  await expect(stop).toHaveAccessibleDescription("If stopped, it goes on at the next start.");
  await stop.click();
  await expect(work).toBeHidden();
  await expect(page.getByRole("status")).toHaveText("Stopped: Rebuilding the search index.");
});

test("what has no known end pretends none, and nothing of it moves", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open(page, "catchingUp");
  const bar = page.getByRole("progressbar", { name: "Fetching what was missed." });
  await expect(bar).not.toHaveAttribute("value");
  await expect(page.getByTestId("work")).toContainText("1,240 rows");
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});

test("the bar with Undo stands above it", async ({ page }) => {
  await open(page, "catchingUp");
  await page.getByTestId("mark-all-read").click();
  const [bar, work] = [await page.getByTestId("undo").boundingBox(), await page.getByTestId("work").boundingBox()];
  expect((bar?.y ?? Infinity) + (bar?.height ?? 0)).toBeLessThan(work?.y ?? 0);
});

test("a history that is being deleted is told where nobody is signed in", async ({ page }) => {
  await open(page, "wiping");
  await expect(page.getByTestId("work")).toContainText("12,000 of 40,000 rows");
  await expect(page.getByTestId("sign-in")).toBeVisible();
});

test("an export says where its file is", async ({ page }) => {
  await openExport(page, "traveler");
  await page.getByTestId("export-period").selectOption("all");
  await page.getByRole("radio", { name: "CSV" }).check();
  await page.getByTestId("export-run").click();
  await expect(state(page)).toContainText("10 notifications are in the file");
  await expect(state(page).locator("code")).toHaveText("/home/ada/Downloads/gatecall-2026-03-11.csv");
  await expect(page.getByRole("status")).toHaveText("10 notifications are in the file");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy the path" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("/home/ada/Downloads/gatecall-2026-03-11.csv");
});

test("an export that is stopped leaves no file, and no error", async ({ page }) => {
  await openExport(page, "exporting");
  await page.getByTestId("export-run").click();
  await expect(state(page).getByRole("progressbar", { name: "Writing the export." })).toBeVisible();
  await expect(page.getByTestId("work")).toContainText("Writing the export.");
  await page.getByTestId("export-stop").click();
  await expect(state(page)).toHaveText("Stopped; there is no file.");
  await expect(page.getByRole("alert")).toBeHidden();
  await expect(page.getByTestId("work")).toBeHidden();
});

test("an export goes on while its dialog is closed", async ({ page }) => {
  await openExport(page, "exporting");
  await page.getByTestId("export-run").click();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("export")).toBeHidden();
  await expect(page.getByTestId("work")).toBeVisible();
  await page.locator("[popovertarget=account-menu]").click();
  await page.getByTestId("export-open").click();
  await expect(page.getByTestId("export-stop")).toBeVisible();
});

test("a time of one's own is looked at before it is sent", async ({ page }) => {
  await openExport(page, "traveler");
  await page.getByTestId("export-period").selectOption("own");
  const [from, to] = [page.locator("[name=from]"), page.locator("[name=to]")];
  await expect(from).toHaveValue("2026-03-11T06:35");
  await to.fill("2026-03-01T10:00");
  await page.getByTestId("export-run").click();
  await expect(to).toBeFocused();
  await expect(page.getByTestId("export-wrong")).toHaveText("This has to be later than the beginning.");
  await to.fill("2026-03-11T14:00");
  await expect(page.getByTestId("export-wrong")).toBeHidden();
  await page.getByTestId("export-run").click();
  const sent = await page.evaluate(() => resident.calls.find(({ type }) => type === "export"));
  expect(sent).toMatchObject({ from: "2026-03-11T06:35:00.000Z", to: "2026-03-11T14:00:00.000Z" });
});
