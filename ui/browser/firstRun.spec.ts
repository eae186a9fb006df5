// The first run: one question, answered while it is typed; then the test of the toasts, and the inbox.
import { expect, open, type Page, rows, test } from "./page";

const check = (page: Page) => page.getByTestId("server-check");
const result = (page: Page, step: string) => page.locator(`[data-step=${step}]`);

test("asks for the server first, and for the rest when something is typed", async ({ page }) => {
  await open(page, "signin");
  await expect(page.locator("[name=server]")).toBeFocused();
  await expect(page.locator("[name=email]")).toBeHidden();
  await page.keyboard.type("fly.example");
  await expect(page.locator("[name=email]")).toBeVisible();
  await expect(check(page)).toHaveAttribute("data-state", "done");
  await expect(check(page)).toContainText("A booking service answers at https://fly.example.");
  await page.keyboard.press("Enter");
  await expect(page.locator("[name=email]")).toBeFocused();
  await page.locator("[name=server]").fill("");
  await expect(check(page)).toBeHidden();
  await expect(page.locator("[name=email]")).toBeVisible();
});

const SERVERS = [
  { server: "https://fly.example", steps: ["good", "good", "good"], says: "A booking service answers" },
  { server: "https://down.example", steps: ["bad", "unknown", "unknown"], says: "Nothing answers at down.example." },
  {
    server: "https://tls.example",
    steps: ["good", "bad", "unknown"],
    says: "signed by nobody whom this machine trusts",
  },
  { server: "http://fly.example", steps: ["good", "doubtful", "good"], says: "Nothing is encrypted on the way" },
  { server: "https://web.example", steps: ["good", "good", "bad"], says: "but no booking service" },
  { server: "nowhere", steps: ["unknown", "unknown", "unknown"], says: "This is not a web address." },
];
for (const { server, steps, says } of SERVERS) {
  test(`says what is at ${server}`, async ({ page }) => {
    await open(page, "signin");
    await page.locator("[name=server]").fill(server);
    await expect(check(page)).toContainText(says);
    for (const [index, step] of ["reachable", "encrypted", "speaks"].entries()) {
      await expect(result(page, step)).toHaveAttribute("data-result", steps[index] ?? "");
    }
    await expect(page.getByRole("status")).toContainText(says.slice(0, 15));
  });
}

test("asks only about what stands there when the typing pauses", async ({ page }) => {
  await open(page, "signin");
  await page.locator("[name=server]").pressSequentially("https://fly.example", { delay: 20 });
  await expect(check(page)).toHaveAttribute("data-state", "done");
  const asked = await page.evaluate(() =>
    resident.calls.flatMap((call) => (call.type === "checkServer" ? [call.server] : [])),
  );
  expect(asked).toEqual(["https://fly.example"]);
});

test("another way to the server can be chosen before anybody is signed in, and is tried at once", async ({ page }) => {
  await open(page, "signin");
  await page.locator("[name=server]").fill("https://tls.example");
  await expect(result(page, "encrypted")).toHaveAttribute("data-result", "bad");
  await page.locator("summary", { hasText: "Network settings" }).click();
  await page.getByLabel("Further certificate authorities").fill("/etc/ssl/corporate.pem");
  await page.keyboard.press("Tab");
  await expect(result(page, "encrypted")).toHaveAttribute("data-result", "good");
  await page.getByRole("radio", { name: "This proxy" }).check({ force: true });
  await page.getByLabel("Address of the proxy").fill("nonsense");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Address of the proxy")).toBeFocused();
  await page.getByLabel("Further certificate authorities").fill("/etc/ssl/other.pem");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Address of the proxy")).toHaveValue("nonsense");
  await expect(page.getByRole("alert")).toContainText("This is not the address of a proxy.");
});

test("what went wrong with signing out is still told when the account has gone", async ({ page }) => {
  await open(page, "traveler");
  await rows(page).first().waitFor();
  await page.evaluate(() => {
    const call = resident.call.bind(resident);
    resident.call = async <T>(request: Parameters<typeof call>[0]) => {
      const answer = await call<T>(request);
      if (request.type === "signOut") throw { code: "keychain", message: "Signed out, but the keychain is locked." };
      return answer;
    };
  });
  await page.locator("[popovertarget=account-menu]").click();
  await page.getByTestId("sign-out").click();
  await page.getByTestId("confirm-sign-out").click();
  await expect(page.getByTestId("left")).toHaveText("Signed out, but the keychain is locked.");
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(page.getByTestId("left")).toBeHidden();
});

test("signs in without waiting for the check, shows a test toast, and then the inbox", async ({ page }) => {
  await open(page, "signin");
  await page.locator("[name=server]").fill("https://slow.example");
  await page.locator("[name=email]").fill("ada@example.com");
  await page.locator("[name=password]").fill("Test123!");
  await page.getByTestId("sign-in").click();
  await expect(page.getByRole("heading", { name: "You are signed in" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Send a test notification" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("test-toast")).toHaveAttribute("data-state", "clicked");
  await page.getByRole("button", { name: "Go to the inbox" }).click();
  await expect(page.getByRole("heading", { name: "All quiet" })).toBeVisible();
});

test("the demo opens beside it, where there is one", async ({ page }) => {
  await open(page, "signin");
  await page.getByRole("button", { name: "Look around with demo data" }).click();
  await expect
    .poll(() => page.evaluate(() => resident.calls.filter((call) => call.type === "startDemo").length))
    .toBe(1);
  await open(page, "demoFails");
  await page.getByTestId("start-demo").click();
  await expect(page.getByRole("alert")).toHaveText("The demo could not be started.");
});
