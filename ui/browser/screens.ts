// Every state that the page can show, and how a person gets there. By test ids and keys, so that it works in every
// language.
import { type Page, rows } from "./page";

export interface Screen {
  name: string;
  scenario: string;
  /** From the first look at the scenario. */
  reach?: (page: Page) => Promise<void>;
  /** What is on screen once it is there. */
  due: string;
}

const ROW = "[data-testid=row]";
const BLANK = ".blank";
const settings = async (page: Page) => {
  await rows(page).first().waitFor();
  await page.keyboard.press("Control+,");
  await page.getByTestId("toasts-on").waitFor();
};
const inSettings = (next: (page: Page) => Promise<void>) => async (page: Page) => {
  await settings(page);
  await next(page);
};
const sendTest = (fate?: "clicked" | "expired") =>
  inSettings(async (page) => {
    await page.locator("button[data-section=test]").click();
    if (!fate) return;
    await page.locator("[data-testid=test-toast][data-state=taken]").waitFor();
    await page.evaluate((what) => resident.push({ type: "testToast", fate: what }), fate);
  });
const search = (text: string) => async (page: Page) => {
  await rows(page).first().waitFor();
  await page.getByTestId("search").fill(text);
};

const press = (...keys: string[]) => async (page: Page) => {
  await rows(page).first().waitFor();
  for (const key of keys) await page.keyboard.press(key);
};
const filterBy = (flight: string) => async (page: Page) => {
  await rows(page).first().waitFor();
  await page.getByTestId("filter").click();
  await page.getByTestId("filter-flight").fill(flight);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
};
const byBooking = async (page: Page) => {
  await rows(page).first().waitFor();
  await page.locator("[name=grouping]").last().check({ force: true });
  await rows(page).first().waitFor();
};

export const SCREENS: Screen[] = [
  { name: "sign-in", scenario: "signin", due: "[data-testid=sign-in]" },
  {
    name: "sign-in-wrong",
    scenario: "signin",
    reach: async (page) => {
      await page.locator("[name=server]").fill("https://fly.example");
      await page.locator("[name=email]").fill("ada@example.com");
      await page.locator("[name=password]").fill("wrong");
      await page.getByTestId("sign-in").click();
    },
    due: "[data-testid=sign-in-error]",
  },
  { name: "inbox", scenario: "traveler", due: ROW },
  { name: "row", scenario: "rules", reach: (page) => page.locator("[data-summary]").first().click(), due: "[data-testid=why]" },
  { name: "desk", scenario: "agent", due: ROW },
  { name: "desk-menu", scenario: "agent", reach: (page) => page.locator("[popovertarget=account-menu]").click(), due: "[data-testid=desk]" },
  { name: "ruled", scenario: "rules", due: ROW },
  { name: "long", scenario: "long", due: ROW },
  { name: "away", scenario: "away", due: "[data-testid=away]" },
  { name: "empty", scenario: "empty", due: BLANK },
  {
    name: "caught-up",
    scenario: "traveler",
    reach: async (page) => {
      await page.getByTestId("mark-all-read").click();
      await page.getByTestId("undo").waitFor();
      await page.locator("[name=filter]").last().check({ force: true });
    },
    due: BLANK,
  },
  { name: "undo", scenario: "traveler", reach: (page) => page.getByTestId("mark-all-read").click(), due: "[data-testid=undo]" },
  { name: "search", scenario: "traveler", reach: search("KX4T9Q"), due: `${ROW}[data-id="7"]` },
  { name: "search-nothing", scenario: "traveler", reach: search("zebra"), due: BLANK },
  { name: "search-marks", scenario: "rules", reach: search("delayed muc"), due: `${ROW}:only-child mark` },
  { name: "filter-panel", scenario: "rules", reach: (page) => page.getByTestId("filter").click(), due: "#filter-panel .chips" },
  { name: "filters", scenario: "rules", reach: filterBy("aa123"), due: "[data-filter]" },
  { name: "filters-nothing", scenario: "rules", reach: filterBy("ZZ1"), due: BLANK },
  {
    name: "view-name",
    scenario: "views",
    reach: async (page) => {
      await filterBy("lh411")(page);
      await page.getByTestId("save-view").click();
      await page.getByTestId("view-name").fill("Bad news");
      await page.getByTestId("keep-view").click();
    },
    due: "#view-panel .wrong",
  },
  { name: "view", scenario: "views", reach: press("g", "2"), due: "[data-filter]" },
  { name: "views-menu", scenario: "views", reach: (page) => page.getByTestId("views").click(), due: "#views-menu [data-view]" },
  {
    name: "done",
    scenario: "rules",
    reach: async (page) => {
      await press("e", "e", "e")(page);
      await page.getByTestId("elsewhere").click();
    },
    due: `[data-filter] ~ *, ${ROW}[data-read=true]`,
  },
  {
    name: "done-empty",
    scenario: "rules",
    reach: async (page) => {
      await rows(page).first().waitFor();
      await page.getByTestId("elsewhere").click();
    },
    due: BLANK,
  },
  { name: "selected", scenario: "rules", reach: press("x", "Shift+ArrowDown", "Shift+ArrowDown"), due: "[data-testid=selected]" },
  {
    name: "selected-groups",
    scenario: "journey",
    reach: async (page) => {
      await byBooking(page);
      await press("j", "x", "j", "x", "u")(page);
    },
    due: "[data-testid=undo]",
  },
  { name: "lost", scenario: "offline", due: BLANK },
  {
    name: "lost-line",
    scenario: "traveler",
    reach: async (page) => {
      await rows(page).first().waitFor();
      await page.evaluate(() => resident.setLine(false));
    },
    due: "[data-testid=connection][data-tone=bad]",
  },
  { name: "waiting", scenario: "waiting", due: ROW },
  { name: "connecting", scenario: "connecting", due: ROW },
  { name: "paused", scenario: "paused", due: ROW },
  { name: "again", scenario: "again", due: ROW },
  { name: "again-dialog", scenario: "again", reach: (page) => page.locator("li[data-tone=bad] button").first().click(), due: "dialog[open] [data-testid=sign-in]" },
  { name: "error", scenario: "error", due: BLANK },
  { name: "degraded", scenario: "degraded", due: ROW },
  { name: "connection", scenario: "waiting", reach: (page) => page.getByTestId("connection").click(), due: "#connection-detail h2" },
  {
    name: "sign-out",
    scenario: "traveler",
    reach: async (page) => {
      await page.locator("[popovertarget=account-menu]").click();
      await page.getByTestId("sign-out").click();
    },
    due: "[data-testid=confirm-sign-out]",
  },
  {
    name: "shortcuts",
    scenario: "traveler",
    reach: async (page) => {
      await rows(page).first().waitFor();
      await page.keyboard.press("?");
    },
    due: "[data-testid=shortcuts]",
  },
  { name: "settings", scenario: "rules", reach: settings, due: "[data-testid=rule]" },
  {
    name: "settings-rules",
    scenario: "rules",
    reach: inSettings((page) => page.locator("[data-section=rules]").evaluate((title) => title.scrollIntoView())),
    due: "[data-testid=rule]",
  },
  { name: "test-clicked", scenario: "silent", reach: sendTest("clicked"), due: "[data-testid=test-toast][data-state=clicked]" },
  { name: "test-expired", scenario: "silent", reach: sendTest("expired"), due: "[data-testid=test-toast][data-state=expired]" },
  { name: "test-refused", scenario: "refused", reach: sendTest(), due: "[data-testid=test-toast][data-state=refused]" },
  { name: "readonly", scenario: "readonly", reach: inSettings((page) => page.getByTestId("toasts-on").click()), due: "[role=alert]" },
  {
    name: "rule",
    scenario: "rules",
    reach: inSettings((page) => page.locator("[data-edit]").first().click()),
    due: "[data-testid=back-test][data-state=done]",
  },
  {
    name: "rule-wrong",
    scenario: "rules",
    reach: inSettings(async (page) => {
      await page.getByTestId("add-rule").click();
      await page.locator("[data-field=flights]").fill("A1");
      await page.getByTestId("save-rule").click();
    }),
    due: "[data-testid=wrong-flights]",
  },
];

/** Brings a screen up and waits until it is there. */
export async function reach(page: Page, screen: Screen): Promise<void> {
  await screen.reach?.(page);
  await page.locator(screen.due).first().waitFor();
}
