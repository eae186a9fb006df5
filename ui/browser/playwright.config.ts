// The tests of the page in Debian's Chromium. `GATECALL_CHROMIUM` names another one. `GATECALL_BROWSER` is how much of them:
// `flows`, what people do; with `soak` what measures, too; else all but that.
import { defineConfig } from "@playwright/test";

/** What measures wants the machine for itself. */
const MEASURES = ["speed.spec.ts", "deskSpeed.spec.ts"];
/** Each screen in every theme, language and direction. */
const LOOKS = ["accessible.spec.ts", "languages.spec.ts"];

const amount = process.env.GATECALL_BROWSER ?? "all";
const left = amount === "soak" ? [] : amount === "flows" ? [...MEASURES, ...LOOKS] : MEASURES;

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "../node_modules/.cache/playwright",
  snapshotPathTemplate: "{testDir}/snapshots/{arg}{ext}",
  ...(amount === "soak" ? {} : { grepInvert: /@soak/ }),
  testIgnore: left,
  // A core each; what measures has the machine for itself.
  workers: amount === "flows" ? 2 : 1,
  retries: 0,
  forbidOnly: true,
  updateSnapshots: "none",
  timeout: 30_000,
  globalTimeout: amount === "soak" ? 1_200_000 : 900_000,
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
