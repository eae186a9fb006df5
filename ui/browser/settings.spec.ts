// The settings: what changes, changes at once and where it can be seen.
import { expect, open, openSettings, rows, summary, test } from "./page";

test("toasts and what they say are seen in the preview", async ({ page }) => {
  await open(page, "traveler");
  await openSettings(page);
  const preview = page.getByTestId("toast-preview");
  await expect(preview).toContainText("AA123 to LAX delayed");
  await page.getByRole("radio", { name: "That something changed" }).check({ force: true });
  await expect(preview).toContainText("Your booking changed");
  await expect(preview).not.toContainText("AA123");
  await page.getByRole("radio", { name: "Nothing" }).first().check({ force: true });
  await expect(preview).toContainText("No toast is shown.");
  await page.getByRole("radio", { name: "Everything" }).first().check({ force: true });
  await page.getByTestId("toasts-on").uncheck();
  await expect(preview).toContainText("No toast is shown.");
  await page.getByTestId("settings-back").click();
  await openSettings(page);
  await expect(page.getByTestId("toasts-on")).not.toBeChecked();
});

test("quiet hours: on, times, days, and a time that is none", async ({ page }) => {
  await open(page, "traveler");
  await openSettings(page);
  await page.getByTestId("quiet-on").check();
  await expect(page.getByTestId("quiet-from")).toHaveValue("22:00");
  await expect(page.getByText("the next day")).toBeVisible();
  await page.getByTestId("quiet-to").fill("23:30");
  await page.getByTestId("quiet-to").blur();
  await expect(page.getByText("the next day")).toBeHidden();
  await page.getByRole("checkbox", { name: "Sunday" }).uncheck({ force: true });
  await page.getByTestId("quiet-from").fill("");
  await page.getByTestId("quiet-from").blur();
  await expect(page.getByTestId("quiet-from")).toHaveAccessibleDescription("Enter a time, such as 22:00.");
  const hours = await page.evaluate(
    async () => (await resident.call<{ quietHours: object }>({ type: "preferences" })).quietHours,
  );
  expect(hours).toMatchObject({
    from: "22:00",
    to: "23:30",
    days: ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"],
  });
});

test("the language changes at once, and back", async ({ page }) => {
  await open(page, "traveler");
  await openSettings(page);
  await page.getByRole("radio", { name: "Deutsch" }).check({ force: true });
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page.getByRole("heading", { name: "Sprache" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("heading", { name: "Heute" })).toBeVisible();
  await openSettings(page);
  await page.getByRole("radio", { name: "English" }).check({ force: true });
  await expect(page.getByRole("heading", { name: "Language" })).toBeVisible();
});

test.describe("a test toast", () => {
  const FATES = [
    { scenario: "traveler", state: "clicked", says: "It was clicked." },
    { scenario: "expired", state: "expired", says: "It left by itself." },
    { scenario: "refused", state: "refused", says: "No notification service answers on this desktop." },
    { scenario: "silent", state: "taken", says: "The desktop took it." },
  ];
  for (const { scenario, state, says } of FATES) {
    test(`is ${state}`, async ({ page }) => {
      await open(page, scenario);
      await openSettings(page);
      await page.getByRole("button", { name: "Send a test notification" }).click();
      const test = page.getByTestId("test-toast");
      await expect(test).toHaveAttribute("data-state", state);
      await expect(test).toContainText(says);
      await expect(page.getByRole("status")).toContainText(says.slice(0, 12));
    });
  }

  test("is closed", async ({ page }) => {
    await open(page, "silent");
    await openSettings(page);
    await page.getByRole("button", { name: "Send a test notification" }).click();
    await expect(page.getByTestId("test-toast")).toHaveAttribute("data-state", "taken");
    await page.evaluate(() => resident.push({ type: "testToast", result: "closed" }));
    await expect(page.getByTestId("test-toast")).toContainText("so it was on your screen");
  });
});

test("a rule is added, tried out, edited, deleted and brought back", async ({ page }) => {
  await open(page, "traveler");
  await openSettings(page);
  await page.getByTestId("add-rule").click();
  await expect(page.getByLabel("Name")).toBeFocused();
  await page.keyboard.type("Los Angeles");
  await page.getByLabel("Flights", { exact: true }).fill("AA123");
  await expect(page.getByTestId("back-test")).toHaveAttribute("data-state", "done");
  await expect(page.getByTestId("back-test")).toContainText("It would have shown 7 toasts in 7 days");
  await page.getByTestId("save-rule").click();
  await expect(page.getByTestId("rule")).toHaveCount(1);
  await page
    .getByTestId("rule")
    .getByRole("button", { name: /^Los Angeles/ })
    .click();
  await page.getByRole("radio", { name: "No toast" }).check({ force: true });
  await page.getByTestId("save-rule").click();
  await expect(page.getByTestId("rule")).toContainText("Shows no toast");
  await page
    .getByTestId("rule")
    .getByRole("button", { name: /^Los Angeles/ })
    .click();
  await page.getByTestId("delete-rule").click();
  await expect(page.getByText("No rules yet")).toBeVisible();
  await page.getByTestId("undo").click();
  await expect(page.getByTestId("rule")).toHaveCount(1);
});

test("what is wrong with a rule stands beside its field", async ({ page }) => {
  await open(page, "rules");
  await openSettings(page);
  await page.getByTestId("add-rule").click();
  await page.getByTestId("save-rule").click();
  await expect(page.getByTestId("wrong-name")).toContainText("Give the rule a name");
  await expect(page.getByTestId("wrong-when")).toContainText("Say what the rule fits");
  await expect(page.getByLabel("Name")).toBeFocused();
  await page.getByLabel("Name").fill("Trip to LA");
  await expect(page.getByTestId("wrong-name")).toContainText("Another rule has this name already.");
  await page.getByLabel("Flights", { exact: true }).fill("nope");
  await expect(page.getByTestId("wrong-flights")).toContainText("is no flight number");
  await page.getByLabel("Bookings", { exact: true }).fill("!");
  await expect(page.getByTestId("wrong-pnrs")).toContainText("is no booking code");
  await page.getByLabel("Price or payment of at least").fill("1,000,0");
  await expect(page.getByTestId("wrong-amount")).toContainText("Enter a number");
  await page.getByRole("button", { name: "Add a route" }).click();
  await page.getByLabel("From, route 1").fill("JFK");
  await expect(page.getByTestId("wrong-route0")).toContainText("Fill in both airports");
  await expect(page.getByTestId("back-test")).toHaveAttribute("data-state", "incomplete");
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await expect(page.getByTestId("rule")).toHaveCount(4);
  await page.getByTestId("undo").click();
  await expect(page.getByLabel("Name")).toHaveValue("Trip to LA");
});

test("rules move and are switched, and the focus goes along", async ({ page }) => {
  await open(page, "rules");
  await openSettings(page);
  await page.getByRole("button", { name: "Move “Trip to LA” down" }).click();
  await expect(page.getByTestId("rule").first()).toContainText("Anything to Munich");
  await expect(page.getByRole("button", { name: "Move “Trip to LA” down" })).toBeFocused();
  await page.getByRole("switch", { name: "Rule “Small payments” is on" }).check();
  await page.getByRole("button", { name: "Delete rule “No departures”" }).click();
  await expect(page.getByTestId("rule")).toHaveCount(3);
  const rules = await page.evaluate(
    async () => (await resident.call<{ rules: { name: string }[] }>({ type: "preferences" })).rules,
  );
  expect(rules.map((rule) => rule.name)).toEqual(["Anything to Munich", "Trip to LA", "Small payments"]);
});

test("settings that cannot be saved say so and stay as they were", async ({ page }) => {
  await open(page, "readonly");
  await openSettings(page);
  await page.getByTestId("toasts-on").click();
  await expect(page.getByRole("alert")).toContainText("The settings could not be saved: the disk is full.");
  await expect(page.getByTestId("toasts-on")).toBeChecked();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(page.getByRole("alert")).toBeHidden();
});

test("a page that closes gives the focus back", async ({ page }) => {
  await open(page, "traveler");
  await summary(page, "BA178 to LHR landed").focus();
  await page.keyboard.press("Control+,");
  await expect(page.getByTestId("settings-back")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(summary(page, "BA178 to LHR landed")).toBeFocused();
  await expect(rows(page)).toHaveCount(10);
});
