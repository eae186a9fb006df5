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
/** Brings a section of the settings up, as whoever leads there does. */
const section = (name: string, next?: (page: Page) => Promise<void>) =>
  inSettings(async (page) => {
    const width = page.viewportSize()?.width ?? 0;
    if (width < 800) await page.locator("select.jump").selectOption(name);
    else
      await page
        .locator(`nav button`)
        .nth(
          await page
            .locator("select.jump option")
            .evaluateAll((all, wanted) => all.findIndex((each) => (each as HTMLOptionElement).value === wanted), name),
        )
        .click();
    await next?.(page);
  });
const atServer = (server: string) => async (page: Page) => {
  await page.locator("[name=server]").fill(server);
  await page.locator("[data-testid=server-check][data-state=done]").waitFor();
};
const throughProxy = async (page: Page) => {
  await page.locator("details summary").last().click();
  await page.locator("details input[type=radio]").last().check({ force: true });
};
const signIn = async (page: Page) => {
  await page.locator("[name=server]").fill("https://fly.example");
  await page.locator("[name=email]").fill("ada@example.com");
  await page.locator("[name=password]").fill("Test123!");
  await page.getByTestId("sign-in").click();
};
const sendTest = (fate?: "clicked" | "expired") =>
  inSettings(async (page) => {
    await page.locator("button[data-section=test]").click();
    if (!fate) return;
    await page.locator("[data-testid=test-toast][data-state=taken]").waitFor();
    await page.evaluate((what) => resident.push({ type: "testToast", result: what }), fate);
  });
const search = (text: string) => async (page: Page) => {
  await rows(page).first().waitFor();
  await page.getByTestId("search").fill(text);
};

const press =
  (...keys: string[]) =>
  async (page: Page) => {
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
export const byBooking = async (page: Page) => {
  await rows(page).first().waitFor();
  await page.locator("[name=grouping]").last().check({ force: true });
  await rows(page).first().waitFor();
};
const desk = async (page: Page) => {
  await rows(page).first().waitFor();
  await page.getByTestId("open-desk").click();
  await page.getByTestId("desk-pulse").waitFor();
};
const wall = async (page: Page) => {
  await desk(page);
  await page.keyboard.press("f");
};
const rowExport = (next: (page: Page) => Promise<unknown>) => async (page: Page) => {
  await rows(page).first().waitFor();
  await page.locator("[popovertarget=account-menu]").click();
  await page.getByTestId("export-open").click();
  await next(page);
};
const run = (page: Page) => page.getByTestId("export-run").click();

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
  {
    name: "server-good",
    scenario: "signin",
    reach: atServer("https://fly.example"),
    due: "[data-step=speaks][data-result=good]",
  },
  {
    name: "server-down",
    scenario: "signin",
    reach: atServer("down.example"),
    due: "[data-step=reachable][data-result=bad]",
  },
  {
    name: "server-tls",
    scenario: "signin",
    reach: atServer("https://tls.example"),
    due: "[data-step=encrypted][data-result=bad]",
  },
  {
    name: "server-plain",
    scenario: "signin",
    reach: atServer("http://fly.example"),
    due: "[data-step=encrypted][data-result=doubtful]",
  },
  {
    name: "server-web",
    scenario: "signin",
    reach: atServer("https://web.example"),
    due: "[data-step=speaks][data-result=bad]",
  },
  { name: "sign-in-network", scenario: "signin", reach: throughProxy, due: "[name=proxy]" },
  {
    name: "demo-fails",
    scenario: "demoFails",
    reach: (page) => page.getByTestId("start-demo").click(),
    due: "[role=alert]",
  },
  { name: "first-run", scenario: "signin", reach: signIn, due: "[data-testid=first-run-done]" },
  {
    name: "first-run-seen",
    scenario: "signin",
    reach: async (page) => {
      await signIn(page);
      await page.locator("[data-section=test]").click();
    },
    due: "[data-testid=test-toast][data-state=clicked]",
  },
  { name: "inbox", scenario: "traveler", due: ROW },
  {
    name: "row",
    scenario: "rules",
    reach: (page) => page.locator("[data-summary]").first().click(),
    due: "[data-testid=why]",
  },
  { name: "desk", scenario: "agent", due: ROW },
  {
    name: "desk-menu",
    scenario: "agent",
    reach: (page) => page.locator("[popovertarget=account-menu]").click(),
    due: "[data-testid=desk]",
  },
  { name: "desk-busy", scenario: "deskBusy", reach: desk, due: "[data-testid=desk-flight]" },
  { name: "desk-quiet", scenario: "deskQuiet", reach: desk, due: "[data-testid=desk-flight]" },
  { name: "desk-refused", scenario: "deskRefused", reach: desk, due: "[data-testid=desk-room]" },
  { name: "desk-offline", scenario: "deskOffline", reach: desk, due: "[data-testid=desk-flight]" },
  {
    name: "desk-stale",
    scenario: "deskBusy",
    reach: async (page) => {
      await desk(page);
      await page.evaluate(() => resident.setLine(false));
    },
    due: "[data-testid=desk-stale]",
  },
  { name: "wall", scenario: "deskBusy", reach: wall, due: "[data-testid=wall] [data-testid=desk-flight]" },
  { name: "wall-offline", scenario: "deskOffline", reach: wall, due: "[data-testid=wall] [data-testid=desk-flight]" },
  { name: "export", scenario: "traveler", reach: rowExport(async () => {}), due: "[data-testid=export-run]" },
  {
    name: "export-wrong",
    scenario: "traveler",
    reach: rowExport(async (page) => {
      await page.getByTestId("export-period").selectOption("own");
      await page.locator("[name=to]").fill("2026-03-01T10:00");
      await run(page);
    }),
    due: "[data-testid=export-wrong]",
  },
  { name: "export-running", scenario: "exporting", reach: rowExport(run), due: "[data-testid=export] progress" },
  {
    name: "export-done",
    scenario: "traveler",
    reach: rowExport(run),
    due: "[data-testid=export-state][data-state=done] code",
  },
  { name: "catching-up", scenario: "catchingUp", due: "[data-testid=work]" },
  { name: "re-indexing", scenario: "reindexing", due: "[data-testid=work]" },
  { name: "wiping", scenario: "wiping", due: "[data-testid=work]" },
  { name: "ruled", scenario: "rules", due: ROW },
  { name: "long", scenario: "long", due: ROW },
  { name: "away", scenario: "away", due: "[data-testid=away]" },
  { name: "empty", scenario: "empty", due: BLANK },
  { name: "empty-offline", scenario: "waitingEmpty", due: BLANK },
  { name: "empty-again", scenario: "againEmpty", due: BLANK },
  { name: "no-tray", scenario: "fixed", due: ROW },
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
  {
    name: "undo",
    scenario: "traveler",
    reach: (page) => page.getByTestId("mark-all-read").click(),
    due: "[data-testid=undo]",
  },
  { name: "search", scenario: "traveler", reach: search("KX4T9Q"), due: `${ROW}[data-id="7"]` },
  { name: "search-nothing", scenario: "traveler", reach: search("zebra"), due: BLANK },
  { name: "search-marks", scenario: "rules", reach: search("delayed muc"), due: `${ROW}:only-child mark` },
  {
    name: "filter-panel",
    scenario: "rules",
    reach: (page) => page.getByTestId("filter").click(),
    due: "#filter-panel .chips",
  },
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
  {
    name: "views-menu",
    scenario: "views",
    reach: (page) => page.getByTestId("views").click(),
    due: "#views-menu [data-view]",
  },
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
  {
    name: "selected",
    scenario: "rules",
    reach: press("x", "Shift+ArrowDown", "Shift+ArrowDown"),
    due: "[data-testid=selected]",
  },
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
  {
    name: "again-dialog",
    scenario: "again",
    reach: (page) => page.locator("li[data-tone=bad] button").first().click(),
    due: "dialog[open] [data-testid=sign-in]",
  },
  { name: "error", scenario: "error", due: BLANK },
  { name: "degraded", scenario: "degraded", due: ROW },
  {
    name: "connection",
    scenario: "waiting",
    reach: (page) => page.getByTestId("connection").click(),
    due: "#connection-detail h2",
  },
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
  { name: "settings-account", scenario: "agent", reach: section("account"), due: "[data-testid=change-server]" },
  { name: "settings-sound", scenario: "rules", reach: section("sound"), due: "[data-section=sound]" },
  { name: "settings-appearance", scenario: "rules", reach: section("appearance"), due: "[data-testid=contrast]" },
  { name: "settings-history", scenario: "rules", reach: section("history"), due: "[data-testid=keep-days]" },
  {
    name: "settings-history-wrong",
    scenario: "rules",
    reach: section("history", async (page) => {
      await page.getByTestId("keep-days").selectOption("own");
      await page.locator("[name=keepDays]").fill("400");
      await page.locator("[name=keepDays]").blur();
    }),
    due: "[data-testid=wrong-keepDays]",
  },
  { name: "settings-start", scenario: "rules", reach: section("start"), due: "[data-testid=autostart]" },
  { name: "settings-start-none", scenario: "fixed", reach: section("start"), due: "[data-testid=no-autostart]" },
  { name: "settings-network", scenario: "rules", reach: section("network"), due: "[name=caFile]" },
  {
    name: "settings-network-wrong",
    scenario: "rules",
    reach: section("network", async (page) => {
      await page.locator("input[value=address]").check({ force: true });
      await page.locator("[name=proxy]").fill("nonsense");
      await page.locator("[name=proxy]").blur();
    }),
    due: "[data-testid=wrong-proxy]",
  },
  {
    name: "settings-network-checked",
    scenario: "rules",
    reach: section("network", (page) => page.getByTestId("check-connection").click()),
    due: "[data-testid=server-check][data-state=done]",
  },
  {
    name: "settings-about",
    scenario: "rules",
    reach: section("about", (page) => page.getByTestId("diagnose").click()),
    due: "[data-testid=report]",
  },
  {
    name: "licences",
    scenario: "rules",
    reach: section("about", (page) => page.getByTestId("licences").click()),
    due: "[data-testid=licences-text]",
  },
  {
    name: "readonly-sound",
    scenario: "readonly",
    reach: section("sound", (page) =>
      page
        .locator("input[value=silent]")
        .check({ force: true })
        .catch(() => {}),
    ),
    due: "[data-testid=setting-wrong]",
  },
  {
    name: "test-clicked",
    scenario: "silent",
    reach: sendTest("clicked"),
    due: "[data-testid=test-toast][data-state=clicked]",
  },
  {
    name: "test-expired",
    scenario: "silent",
    reach: sendTest("expired"),
    due: "[data-testid=test-toast][data-state=expired]",
  },
  { name: "test-refused", scenario: "refused", reach: sendTest(), due: "[data-testid=test-toast][data-state=refused]" },
  {
    name: "readonly",
    scenario: "readonly",
    reach: inSettings((page) => page.getByTestId("toasts-on").click()),
    due: "[role=alert]",
  },
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
