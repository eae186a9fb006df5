// What the page says when not all is well, and the way out of it.
import { expect, open, rows, test } from "./page";

test("without a line it says so, and goes on when there is one", async ({ page }) => {
  await open(page, "offline");
  await expect(page.getByRole("heading", { name: "No line to Gatecall" })).toBeVisible();
  await page.evaluate(() => resident.setLine(true));
  await expect(rows(page)).toHaveCount(10);
});

test("a line that is lost leaves the rows, and a new resident forgets what could be undone", async ({ page }) => {
  await open(page, "traveler");
  await page.getByTestId("mark-all-read").click();
  await expect(page.getByTestId("undo")).toBeVisible();
  await page.evaluate(() => resident.setLine(false));
  await expect(page.getByText("You see what was known before.")).toBeVisible();
  await expect(page.getByTestId("connection")).toContainText("Not running");
  await expect(rows(page)).toHaveCount(10);
  await page.evaluate(() => resident.setLine(true));
  await expect(page.getByText("You see what was known before.")).toBeHidden();
  await expect(page.getByTestId("undo")).toBeHidden();
});

const WAYS_OUT = [
  { scenario: "waiting", label: /Waiting · next try in/, button: "Try now" },
  { scenario: "paused", label: /Paused/, button: "Resume" },
];
for (const { scenario, label, button } of WAYS_OUT) {
  test(`${scenario} has a way out`, async ({ page }) => {
    await open(page, scenario);
    await expect(page.getByTestId("connection")).toContainText(label);
    await page.getByRole("listitem").getByRole("button", { name: button }).click();
    await expect(page.getByTestId("connection")).toContainText("Online");
    await expect(page.getByRole("status")).toHaveText("Online");
  });
}

test("the pill tells where the connection stands", async ({ page }) => {
  await open(page, "waiting");
  await page.getByTestId("connection").click();
  await expect(page.locator("#connection-detail")).toContainText("fly.example does not answer.");
  await page.locator("#connection-detail").getByRole("button", { name: "Reconnect now" }).click();
  await expect(page.locator("#connection-detail")).toBeHidden();
  await expect(page.getByTestId("connection")).toContainText("Online");
});

test("an inbox that cannot be read offers to try again", async ({ page }) => {
  await open(page, "error");
  await expect(page.getByRole("heading", { name: "The inbox cannot be shown" })).toBeVisible();
  await expect(page.getByText("the disk reports an error")).toBeVisible();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.poll(() => page.evaluate(() => resident.calls.filter((call) => call.type === "list").length)).toBe(2);
});

test("what works less well is said above the rows", async ({ page }) => {
  await open(page, "degraded");
  await expect(page.getByText("The keychain is locked")).toBeVisible();
  await expect(rows(page)).toHaveCount(10);
});

test("what was missed is told until somebody has looked", async ({ page }) => {
  await open(page, "away");
  const away = page.getByTestId("away");
  await away.getByRole("button", { name: "Booking M2PD7A updated" }).click();
  await expect(page.getByTestId("why")).toBeVisible();
  await away.getByRole("button", { name: "Got it" }).click();
  await expect(away).toBeHidden();
});

test("the desk is left and joined", async ({ page }) => {
  await open(page, "agent");
  await page.getByRole("button", { name: /^Account/ }).click();
  const desk = page.getByRole("switch", { name: /Watch every booking/ });
  await expect(desk).toBeChecked();
  await desk.click();
  await expect(desk).not.toBeChecked();
  await desk.click();
  await expect(page.getByTestId("desk-state")).toHaveText("Joined");
});

test("text from the network is text", async ({ page }) => {
  await open(page, "long");
  await expect(rows(page).nth(1)).toContainText("<img src=x onerror=alert(1)>");
  await rows(page).nth(1).locator("[data-summary]").click();
  await expect(page.getByTestId("why")).toBeVisible();
  expect(await page.locator(".row img, .row script").count()).toBe(0);
});
