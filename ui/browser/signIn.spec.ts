// Signing in: what is wrong stands beside its field, and the field has the focus.
import { expect, open, type Page, rows, test } from "./page";

const GOOD = { server: "https://fly.example", email: "ada@example.com", password: "Test123!" };

async function fill(page: Page, fields: Partial<typeof GOOD>): Promise<void> {
  // All of them are there once something is typed into the first.
  for (const [name, value] of Object.entries({ ...GOOD, ...fields, server: GOOD.server }))
    await page.locator(`[name=${name}]`).fill(value);
  await page.locator("[name=server]").fill(fields.server ?? GOOD.server);
  await page.getByTestId("sign-in").click();
}

const WRONG = [
  { what: "no server", fields: { server: "" }, field: "server", says: "Enter the address of your booking service." },
  { what: "no address", fields: { email: "" }, field: "email", says: "Enter your e-mail address." },
  { what: "no password", fields: { password: "" }, field: "password", says: "Enter your password." },
  { what: "a server that is none", fields: { server: "nowhere" }, field: "server", says: "This is not a web address." },
  { what: "an address that is none", fields: { email: "ada" }, field: "email", says: "Enter the e-mail address" },
  {
    what: "a server that does not answer",
    fields: { server: "https://down.example" },
    field: "server",
    says: "Nothing answers",
  },
  {
    what: "a wrong password",
    fields: { password: "no" },
    field: "password",
    says: "The e-mail address or the password is wrong.",
  },
];

for (const { what, fields, field, says } of WRONG) {
  test(`with ${what}`, async ({ page }) => {
    await open(page, "signin");
    await fill(page, fields);
    const input = page.locator(`[name=${field}]`);
    await expect(page.getByTestId("sign-in-error")).toContainText(says);
    await expect(input).toHaveAccessibleDescription(new RegExp(says.slice(0, 20)));
    await expect(input).toHaveAttribute("aria-invalid", "true");
    await expect(input).toBeFocused();
  });
}

test("opens the inbox, by keyboard alone", async ({ page }) => {
  await open(page, "signin");
  await page.getByLabel("Server address").focus();
  await page.keyboard.type(GOOD.server);
  await page.keyboard.press("Tab");
  await page.keyboard.type(GOOD.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(GOOD.password);
  await page.keyboard.press("Enter");
  await page.getByTestId("first-run-done").press("Enter");
  await expect(page.getByRole("heading", { name: "All quiet" })).toBeVisible();
});

test("the password can be looked at", async ({ page }) => {
  await open(page, "signin");
  await page.locator("[name=server]").fill(GOOD.server);
  await page.locator("[name=password]").fill("secret");
  await page.getByRole("button", { name: "Show password" }).click();
  await expect(page.locator("[name=password]")).toHaveAttribute("type", "text");
});

test("again, with the rows still there", async ({ page }) => {
  await open(page, "again");
  await expect(rows(page)).toHaveCount(10);
  await page.getByRole("listitem").filter({ hasText: "no longer accepts" }).getByRole("button").click();
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await expect(dialog.getByLabel("E-mail")).toHaveValue("ada@example.com");
  await dialog.locator("[name=password]").fill("no");
  await dialog.getByTestId("sign-in").click();
  await expect(dialog.getByTestId("sign-in-error")).toBeVisible();
  await dialog.locator("[name=password]").fill(GOOD.password);
  await dialog.getByTestId("sign-in").click();
  await expect(dialog).toBeHidden();
  await expect(page.getByTestId("connection")).toHaveAttribute("data-state", "online");
});

test("out, and with the history", async ({ page }) => {
  await open(page, "traveler");
  await page.getByRole("button", { name: "Account: ada@example.com" }).click();
  await page.getByTestId("sign-out").click();
  await page.getByLabel("Also delete the history").check();
  await page.getByRole("button", { name: "Sign out and delete" }).click();
  await expect(page.getByRole("heading", { name: "Sign in to Gatecall" })).toBeVisible();
});
