// Every screen in the languages that the page may come to speak: a long one, one with accents, one from right to left,
// one with more plurals.
import { expect, open, openSettings, type Page, test } from "./page";
import { reach, SCREENS } from "./screens";
import { sideways } from "./sideways";

const WINDOW = { width: 920, height: 680 };
/** What is left of it at 200 %. */
const HALF = { width: 460, height: 340 };
/** What is the same in every language: names, commands, keys, codes; and days, which Intl writes. */
const NAMES =
  /^(Gatecall|ZZ1|gatecall [\w-]+|English|Deutsch|English \(.*\)|\d.*|[A-Z]{3}|(mon|tues|wednes|thurs|fri|satur|sun)day,? .*|(\d+ )?\p{Lu}\p{Ll}+( \d{4})?)$/iu;

/** Keeps all strings that the resident tells, in `told`. */
function listen(): void {
  const told = new Set<string>();
  const hear = (value: unknown) =>
    JSON.stringify(value, (_, each: unknown) => {
      if (typeof each === "string") told.add(each.replaceAll("_", " ").toLowerCase());
      return each;
    });
  let resident: typeof globalThis.resident;
  Object.defineProperty(globalThis, "resident", {
    get: () => resident,
    set: (made: typeof globalThis.resident) => {
      resident = made;
      const [call, onPush, onIpcState] = [made.call.bind(made), made.onPush.bind(made), made.onIpcState.bind(made)];
      made.call = async <T>(request: Parameters<typeof call>[0]) => {
        const answer = call<T>(request);
        await answer.then(hear, hear);
        return answer;
      };
      made.onPush = (next) => onPush((push) => (hear(push), next(push)));
      made.onIpcState = (next) => onIpcState((line) => (hear(line), next(line)));
    },
  });
  Object.assign(globalThis, { told });
}

/** Texts, shown or said, that are neither in the brackets of the catalogue nor what the resident told. */
async function unsaid(page: Page): Promise<string[]> {
  const { texts, told } = await page.evaluate(() => {
    const texts: string[] = [];
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode())
      if (!nodes.currentNode.parentElement?.closest("script, #speechless"))
        texts.push(nodes.currentNode.textContent ?? "");
    for (const name of ["aria-label", "title", "placeholder", "alt"]) {
      for (const each of document.querySelectorAll(`[${name}]`)) texts.push(each.getAttribute(name) ?? "");
    }
    return { texts, told: [...(globalThis as unknown as { told: Set<string> }).told] };
  });
  const longest = told.flatMap((each) => [each, ...each.split(/ · |, /)]).sort((a, b) => b.length - a.length);
  return texts.filter((text) => {
    let rest = text;
    while (/⟦[^⟦⟧]*⟧/.test(rest)) rest = rest.replace(/⟦[^⟦⟧]*⟧/g, "");
    // One that is cut in two by markup keeps a bracket on each side.
    rest = rest.replace(/⟦[^⟧]*$|^[^⟦]*⟧/g, "").trim();
    if (NAMES.test(rest) || told.some((each) => each.includes(rest.toLowerCase()))) return false;
    for (const each of longest) if (each.length > 1) rest = rest.toLowerCase().replaceAll(each, "");
    return /\p{L}{2,}/u.test(rest);
  });
}

/** Words of the catalogue that end where something cuts them off. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const cut: string[] = [];
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
      const text = nodes.currentNode.textContent ?? "";
      const parent = nodes.currentNode.parentElement;
      // The pill's detail says once more what the pill has no room for.
      if (!/[⟦⟧]/.test(text) || !parent?.checkVisibility() || parent.closest(".sr, [data-testid=connection]")) continue;
      const range = document.createRange();
      range.selectNodeContents(nodes.currentNode);
      const { left, right } = range.getBoundingClientRect();
      for (let at: HTMLElement | null = parent; at; at = at.parentElement) {
        const box = at.getBoundingClientRect();
        if (getComputedStyle(at).overflowX !== "visible" && (left < box.left - 1 || right > box.right + 1)) {
          cut.push(`${at.tagName}.${at.className}: ${text.trim()}`);
          break;
        }
      }
    }
    return cut;
  });
}

const WAYS = [
  { name: "in German", language: "de", direction: "ltr" },
  { name: "with accents", language: "en-XA", direction: "ltr" },
  { name: "from right to left", language: "ar-XB", direction: "rtl" },
];

for (const { name, language, direction } of WAYS) {
  test(`${name}, all is said by the catalogue, and there is room for it, also at 200 %`, async ({
    browser,
    origin,
  }) => {
    test.setTimeout(120_000);
    const context = await browser.newContext({ baseURL: origin, timezoneId: "UTC", reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.addInitScript(listen);
    const wrong: string[] = [];
    for (const screen of SCREENS) {
      // Without a resident nobody says which language it is.
      const isKnown = screen.scenario !== "offline";
      await page.setViewportSize(WINDOW);
      await open(page, screen.scenario, { language });
      await page.locator("#app > *").first().waitFor();
      await reach(page, screen);
      const found = isKnown && language === "en-XA" ? await unsaid(page) : [];
      if (isKnown && (await page.locator("html").getAttribute("dir")) !== direction) found.push("runs the other way");
      for (const size of [WINDOW, HALF]) {
        await page.setViewportSize(size);
        found.push(...(await sideways(page)), ...(await cutOff(page)));
      }
      wrong.push(...found.map((what) => `${screen.name}: ${what}`));
    }
    expect(wrong).toEqual([]);
    await context.close();
  });
}

test("a language more is a catalogue and its line", async ({ page }) => {
  await open(page, "agent", { language: "pl" });
  await openSettings(page);
  await expect(page.getByRole("radio", { name: "polski" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "pl");
  await page.keyboard.press("Escape");
  await page.getByTestId("mark-all-read").click();
  await expect(page.getByRole("status")).toHaveText(/^[\d\s]+ powiadom\p{L}+ oznaczono jako przeczytane$/u);
});

test("the next start begins with the last language", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const words = () => asked.splice(0).filter((path) => path.startsWith("/words/"));
  await open(page, "deutsch");
  await page.getByTestId("row").first().waitFor();
  expect(words()).toEqual(["/words/en.json", "/words/de.json"]);
  await open(page, "deutsch");
  await page.getByTestId("row").first().waitFor();
  expect(words()).toEqual(["/words/de.json"]);
});

test("words that cannot be loaded leave the language as it is", async ({ page }) => {
  await page.route("**/words/de.json", (route) => route.fulfill({ status: 200, body: "" }));
  await open(page, "deutsch");
  await page.getByTestId("row").first().waitFor();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});
