// The tests of the page in Debian's Chromium. `GATECALL_CHROMIUM` names another one; `GATECALL_SOAK` adds the long ones.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "../node_modules/.cache/playwright",
  snapshotPathTemplate: "{testDir}/snapshots/{arg}{ext}",
  // What measures wants the machine for itself.
  ...(process.env.GATECALL_SOAK ? {} : { grepInvert: /@soak/, testIgnore: "speed.spec.ts" }),
  workers: 1,
  retries: 0,
  forbidOnly: true,
  updateSnapshots: "none",
  timeout: 30_000,
  globalTimeout: process.env.GATECALL_SOAK ? 900_000 : 420_000,
  expect: { timeout: 7_000 },
  reporter: "list",
  use: {
    headless: true,
    viewport: { width: 920, height: 680 },
    locale: "en-US",
    timezoneId: "UTC",
    actionTimeout: 7_000,
    launchOptions: {
      executablePath: process.env.GATECALL_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
      ],
    },
  },
});
