// The page under test: opened at a scenario, at a fixed time, and watched. What leaves its origin, breaks the content
// policy or complains in the console fails the test.
import { test as base, type Page } from "@playwright/test";
import type { FakeBackend } from "../src/fake/backend";
import { BROWSER, serve } from "./server";

export { expect, type Page } from "@playwright/test";

declare global {
  var resident: FakeBackend;
}

/** An afternoon, so that "today" and "yesterday" are always the same rows. */
const NOW = "2026-03-11T14:35:00Z";

export const test = base.extend<{ watched: void }, { origin: string }>({
  origin: [
    async ({}, use) => {
      const served = await serve(BROWSER);
      await use(served.origin);
      await served.close();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ origin }, use) => use(origin),
  watched: [
    async ({ page, origin }, use) => {
      const complaints: string[] = [];
      page.on("request", (request) => {
        if (new URL(request.url()).origin !== origin) complaints.push(`asked ${request.url()}`);
      });
      page.on("websocket", (socket) => complaints.push(`asked ${socket.url()}`));
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      await page.addInitScript(() => {
        addEventListener("securitypolicyviolation", (event) =>
          console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
        );
      });
      await use();
      base.expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

/** Opens the page at a scenario; `more` is the rest of its address. */
export async function open(page: Page, scenario: string, more: Record<string, string> = {}): Promise<void> {
  await page.clock.setFixedTime(NOW);
  await page.goto(`/?${new URLSearchParams({ scenario, ...more })}`);
}

export const rows = (page: Page) => page.getByTestId("row");
export const row = (page: Page, title: string) => rows(page).filter({ hasText: title });
export const summary = (page: Page, title: string) => row(page, title).locator("[data-summary]");
/** The settings, opened by their key. */
export async function openSettings(page: Page): Promise<void> {
  await rows(page).first().waitFor();
  await page.keyboard.press("Control+,");
  await page.getByTestId("toasts-on").waitFor();
}
