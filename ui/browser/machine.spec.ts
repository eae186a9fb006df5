// The sections of the settings about the window and the machine, and the way to each section.
import { expect, open, openSettings, type Page, test } from "./page";

const go = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Sections" }).getByRole("button", { name, exact: true }).click();
const network = (page: Page) => page.evaluate(() => resident.call({ type: "network" }));
const colours = (page: Page) =>
  page.evaluate(() => ({
    canvas: getComputedStyle(document.body).backgroundColor,
    text: getComputedStyle(document.body).color,
  }));
const LIGHT = { canvas: "rgb(244, 245, 249)", text: "rgb(21, 23, 43)" };
const DARK = { canvas: "rgb(13, 14, 19)", text: "rgb(236, 238, 246)" };

test("each section is reached from the list, which says where the page is", async ({ page }) => {
  await open(page, "traveler");
  await openSettings(page);
  for (const name of ["Network", "Appearance", "Account and servers"]) {
    await go(page, name);
    await expect(page.getByRole("heading", { name, exact: true })).toBeFocused();
    await expect(page.getByRole("heading", { name, exact: true })).toBeInViewport();
    await expect(page.getByRole("navigation").locator("[aria-current=true]")).toHaveText(name);
  }
  await page.mouse.move(600, 400);
  await page.mouse.wheel(0, 700);
  await expect(page.getByRole("navigation").locator("[aria-current=true]")).not.toHaveText("Account and servers");
});

test("on a narrow window they are chosen from a field", async ({ page }) => {
  await page.setViewportSize({ width: 460, height: 600 });
  await open(page, "traveler");
  await openSettings(page);
  await expect(page.getByRole("navigation")).toBeHidden();
  await page.getByRole("combobox", { name: "Sections" }).selectOption("History");
  await expect(page.getByRole("heading", { name: "History" })).toBeFocused();
});

test("the theme follows the system live, or stays, also on the sign-in screen", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await open(page, "traveler");
  await openSettings(page);
  expect(await colours(page)).toEqual(LIGHT);
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await colours(page)).toEqual(DARK);
  await page.locator("input[value=light]").check({ force: true });
  await expect.poll(() => colours(page)).toEqual(LIGHT);
  await page.locator("input[value=dark]").check({ force: true });
  await page.emulateMedia({ colorScheme: "light" });
  await expect.poll(() => colours(page)).toEqual(DARK);
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toContain("dark");
  await page.getByTestId("settings-back").click();
  await page.evaluate(() => resident.call({ type: "signOut", wipe: false }));
  await expect(page.getByTestId("sign-in")).toBeVisible();
  expect(await colours(page)).toEqual(DARK);
});

test("more contrast is the person's or the system's", async ({ page }) => {
  const text = async () => (await colours(page)).text;
  await page.emulateMedia({ colorScheme: "light", contrast: "no-preference" });
  await open(page, "traveler");
  await openSettings(page);
  expect(await text()).toBe(LIGHT.text);
  await page.getByTestId("contrast").check();
  await expect.poll(text).toBe("rgb(0, 0, 0)");
  await page.getByTestId("contrast").uncheck();
  await expect.poll(text).toBe(LIGHT.text);
  await page.emulateMedia({ contrast: "more" });
  await expect.poll(text).toBe("rgb(0, 0, 0)");
});

test("sounds apply at once; where that fails it is said there, and the old choice is back", async ({ page }) => {
  await open(page, "traveler");
  await openSettings(page);
  await page.getByRole("radio", { name: "Only urgent ones" }).check({ force: true });
  expect(await page.evaluate(async () => (await resident.call<{ sound: string }>({ type: "preferences" })).sound)).toBe(
    "urgent",
  );
  await open(page, "readonly");
  await openSettings(page);
  await page.getByText("Silent", { exact: true }).click();
  await expect(page.getByRole("region", { name: "Sounds" }).getByRole("alert")).toContainText("could not be saved");
  await expect(page.getByRole("radio", { name: "As the desktop" })).toBeChecked();
});

test("days are chosen or typed, and taken back", async ({ page }) => {
  const kept = () =>
    page.evaluate(async () => (await resident.call<{ keepDays: number | null }>({ type: "preferences" })).keepDays);
  await open(page, "traveler");
  await openSettings(page);
  const choice = page.getByTestId("keep-days");
  await expect(choice).toHaveValue("usual");
  await choice.selectOption("7");
  await expect.poll(kept).toBe(7);
  await page.getByTestId("undo").click();
  await expect.poll(kept).toBe(null);
  await expect(choice).toHaveValue("usual");
  await choice.selectOption("own");
  await page.getByLabel("Days", { exact: true }).fill("400");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Days", { exact: true })).toHaveAccessibleDescription(
    "Enter a whole number from 1 to 365.",
  );
  expect(await kept()).toBe(null);
  await page.getByLabel("Days", { exact: true }).fill("45");
  await page.keyboard.press("Tab");
  await expect.poll(kept).toBe(45);
  await expect(choice).toHaveValue("own");
});

test("the search index is rebuilt, once at a time", async ({ page }) => {
  await open(page, "traveler");
  await openSettings(page);
  await page.getByTestId("reindex").click();
  await expect(page.getByTestId("reindex")).toHaveText("Being rebuilt…");
  await expect(page.getByTestId("reindex")).toHaveAttribute("aria-disabled", "true");
  await expect(page.getByRole("status")).toHaveText("The search index is new.");
  await expect(page.getByTestId("reindex")).toHaveText("Rebuild the search index");
});

test("the start with the session is what the system says", async ({ page }) => {
  await open(page, "traveler");
  await openSettings(page);
  await page.getByTestId("autostart").check();
  expect(await page.evaluate(() => resident.call({ type: "autostart" }))).toBe("on");
  await open(page, "readonly");
  await openSettings(page);
  await page.getByTestId("autostart").click();
  await expect(page.getByRole("region", { name: "Start" }).getByRole("alert")).toContainText("cannot be written");
  await expect(page.getByTestId("autostart")).not.toBeChecked();
  await open(page, "fixed");
  await openSettings(page);
  await expect(page.getByTestId("no-autostart")).toContainText("Not here");
});

test("the way to the server: each field counts when it is left, and what is wrong has the focus", async ({ page }) => {
  await open(page, "traveler");
  await openSettings(page);
  const proxy = page.getByLabel("Address of the proxy");
  await page.locator("input[value=address]").check({ force: true });
  expect(await network(page)).toMatchObject({ proxy: "environment" });
  await proxy.fill("nonsense");
  await page.keyboard.press("Tab");
  await expect(proxy).toBeFocused();
  await expect(proxy).toHaveAccessibleDescription(/not the address of a proxy.*still holds/);
  await proxy.fill("http://ada:secret@proxy.example:8080");
  await page.keyboard.press("Tab");
  await expect(proxy).toHaveValue("http://ada:*@proxy.example:8080");
  await expect(page.getByTestId("undo")).toBeVisible();
  await expect(page.getByRole("status")).toContainText("Applied");
  await page.getByLabel("Reached without the proxy").fill("intern.example, 10.0.0.0/8");
  await page.keyboard.press("Tab");
  await expect.poll(() => network(page)).toMatchObject({ bypass: ["intern.example", "10.0.0.0/8"] });
  const ca = page.getByLabel("Further certificate authorities");
  await ca.fill("/etc/passwd");
  await page.keyboard.press("Tab");
  await expect(ca).toBeFocused();
  await expect(ca).toHaveAccessibleDescription(/no certificates/);
  await page.locator("input[value=none]").check({ force: true });
  await expect.poll(() => network(page)).toMatchObject({ proxy: "none", caFile: null });
  await page.getByTestId("check-connection").click();
  await expect(page.getByTestId("server-check")).toContainText("A booking service answers at https://fly.example.");
});

test("a way that cannot be saved is told, and the one before is shown", async ({ page }) => {
  await open(page, "readonly");
  await openSettings(page);
  await page.getByText("No proxy", { exact: true }).click();
  await expect(page.getByRole("region", { name: "Network" }).getByRole("alert")).toContainText("the disk is full");
  await expect(page.locator("input[value=environment]")).toBeChecked();
});

test("the account signs in elsewhere, and out", async ({ page }) => {
  await open(page, "agent");
  await openSettings(page);
  const account = page.getByRole("region", { name: "Account and servers" });
  await expect(account).toContainText("Support desk");
  await expect(account).toContainText("https://sign-in.airline.example");
  await page.getByTestId("sign-in-again").click();
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await expect(dialog.locator("[name=password]")).toBeFocused();
  await page.keyboard.press("Escape");
  await page.getByTestId("change-server").click();
  await expect(dialog.locator("[name=server]")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("change-server")).toBeFocused();
  await page.getByTestId("settings-sign-out").click();
  await page.getByLabel("Also delete the history").check();
  await page.getByRole("button", { name: "Sign out and delete" }).click();
  await expect(page.getByTestId("sign-in")).toBeVisible();
});

test("about: folders to copy, licences to read, diagnostics for whoever helps", async ({ page, context, origin }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  await open(page, "traveler");
  await openSettings(page);
  const about = page.getByRole("region", { name: "About Gatecall" });
  await expect(about).toContainText("12,480 notifications, 17.5 MiB");
  await page.getByRole("button", { name: "Copy: Data folder" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("/home/ada/.local/share/gatecall");
  await page.getByTestId("licences").click();
  await expect(page.getByTestId("licences-text")).toContainText("rustls");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("licences")).toBeFocused();
  await page.getByTestId("diagnose").click();
  await expect(page.getByTestId("report")).toContainText("/home/ada/Downloads/gatecall-diagnostics");
  await expect(page.getByRole("button", { name: "Copy: Diagnostics file" })).toBeVisible();
});
