// How fast the page is with many rows. Figures are printed; the bounds are five times the targets, because machines
// that test have much else to do. Long ones run with `GATECALL_SOAK`.
import { expect, type Page, rows, test } from "./page";

/** How much slower than its target something may be. */
const SLACK = 5;
const SOAK = process.env.GATECALL_SOAK !== undefined;

const percentile = (values: number[], part: number) => values.toSorted((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? NaN;
const ms = (value: number) => `${value.toFixed(1)} ms`;

/** Opens a desk and answers when its first row was there, in milliseconds after navigation and after the page's load. */
async function openDesk(page: Page, address: string): Promise<{ fromStart: number; fromLoad: number }> {
  await page.addInitScript(() => {
    performance.clearMarks();
    const look = new MutationObserver(() => {
      if (!document.querySelector("[data-testid=row]")) return;
      performance.mark("first row");
      look.disconnect();
    });
    look.observe(document, { childList: true, subtree: true });
  });
  await page.goto(address);
  await rows(page).first().waitFor();
  return page.evaluate(() => {
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const first = performance.getEntriesByName("first row")[0]?.startTime ?? NaN;
    return { fromStart: first, fromLoad: first - (navigation?.domInteractive ?? 0) };
  });
}

/** Types, letter by letter, and measures from each to the painted answer. */
async function search(page: Page, texts: string[]): Promise<number[]> {
  await page.evaluate(() => {
    const call = resident.call.bind(resident);
    const hear = { answered: (_: number) => {}, pressed: 0 };
    Object.assign(globalThis, { hear });
    addEventListener("input", () => (hear.pressed = performance.now()), true);
    resident.call = async <T>(request: Parameters<typeof call>[0]) => {
      const answer = await call<T>(request);
      if (request.type === "list" && request.criteria.text !== "") requestAnimationFrame(() => setTimeout(() => hear.answered(performance.now() - hear.pressed)));
      return answer;
    };
  });
  const taken: number[] = [];
  const field = page.getByTestId("search");
  for (const text of texts) {
    await field.fill("");
    await expect(field).toHaveValue("");
    for (const letter of text) {
      const answer = page.evaluate(
        () => new Promise<number>((resolve) => ((globalThis as unknown as { hear: { answered: (ms: number) => void } }).hear.answered = resolve)),
      );
      await page.keyboard.press(letter);
      taken.push(await answer);
    }
  }
  return taken;
}

/** Scrolls down frame by frame; answers how long each took, and the most rows that were mounted. */
function scroll(page: Page, frames: number): Promise<{ took: number[]; mounted: number; reached: number }> {
  return page.evaluate(async (wanted) => {
    const scroller = document.querySelector("main.scroller") as HTMLElement;
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const took: number[] = [];
    let mounted = 0;
    let last = await frame();
    for (let n = 0; n < wanted; n += 1) {
      scroller.scrollTop += 60;
      const now = await frame();
      took.push(now - last);
      last = now;
      mounted = Math.max(mounted, document.querySelectorAll("[data-testid=row]").length);
    }
    return { took, mounted, reached: scroller.scrollTop };
  }, frames);
}

function report(what: string, figures: Record<string, string | number>): void {
  console.log(`  ${what}: ${Object.entries(figures).map(([name, value]) => `${name} ${value}`).join(", ")}`);
}

for (const { many, tag } of [
  { many: 100_000, tag: [] },
  { many: 1_000_000, tag: ["@soak"] },
]) {
  test(`${many.toLocaleString("en")} rows`, { tag }, async ({ page }) => {
    test.setTimeout(120_000);
    const loads = [];
    for (let n = 0; n < 5; n += 1) loads.push(await openDesk(page, `/?scenario=agent&rows=${many}`));
    const fromLoad = percentile(loads.map((load) => load.fromLoad), 0.5);
    report(`${many} rows, first row of ${loads.length} loads`, {
      "after the page, best": ms(Math.min(...loads.map((load) => load.fromLoad))),
      p50: ms(fromLoad),
      "after navigation, p50": ms(percentile(loads.map((load) => load.fromStart), 0.5)),
    });

    // The store of the resident has its index before anybody types; this one makes it with its first search.
    await search(page, ["x"]);
    const taken = await search(page, ["aa123", "cancelled", "landed aa7", "zzzz", "jfk delayed"]);
    report(`${many} rows, search`, { p50: ms(percentile(taken, 0.5)), p95: ms(percentile(taken, 0.95)), of: taken.length });
    await page.keyboard.press("Escape");
    await expect(rows(page)).toHaveCount(50);

    const { took, mounted, reached } = await scroll(page, SOAK ? 1_200 : 400);
    report(`${many} rows, scroll`, {
      "p50 frame": ms(percentile(took, 0.5)),
      "p95 frame": ms(percentile(took, 0.95)),
      worst: ms(Math.max(...took)),
      "over 50 ms": took.filter((each) => each > 50).length,
      frames: took.length,
      mounted,
      "px down": Math.round(reached),
    });
    await page.getByTestId("mark-all-read").click();
    await expect(page.getByTestId("unread-count")).toHaveText("0");
    if (many > 100_000) return;
    expect(fromLoad).toBeLessThan(100 * SLACK);
    expect(percentile(taken, 0.95)).toBeLessThan(100 * SLACK);
    expect(percentile(took, 0.95)).toBeLessThan(16.7 * SLACK);
  });
}

for (const { seconds, tag } of [
  { seconds: 5, tag: [] },
  { seconds: 60, tag: ["@soak"] },
]) {
  test(`500 events a second for ${seconds} s`, { tag }, async ({ page }) => {
    test.setTimeout((seconds + 60) * 1_000);
    await openDesk(page, "/?scenario=agent&rows=100000&perSecond=500");
    await page.evaluate(() => {
      const delays: number[] = [];
      Object.assign(globalThis, { delays });
      addEventListener("keydown", (event) => delays.push(performance.now() - event.timeStamp), true);
    });
    const until = Date.now() + seconds * 1_000;
    const begin = await page.evaluate(() => ({ newest: resident.newest, at: performance.now() }));
    while (Date.now() < until) {
      await page.keyboard.press("ArrowDown");
      const newest = await page.evaluate(() => resident.newest);
      await page.waitForFunction((past) => resident.newest > past, newest + 40);
    }
    const { delays, rate, mounted } = await page.evaluate(({ newest, at }) => ({
      delays: (globalThis as unknown as { delays: number[] }).delays,
      rate: ((resident.newest - newest) * 1_000) / (performance.now() - at),
      mounted: document.querySelectorAll("[data-testid=row]").length,
    }), begin);
    report("500 events a second", {
      "input delay p50": ms(percentile(delays, 0.5)),
      p95: ms(percentile(delays, 0.95)),
      worst: ms(Math.max(...delays)),
      keys: delays.length,
      seconds,
      "arrived a second": rate.toFixed(0),
      mounted,
    });
    expect(percentile(delays, 0.95)).toBeLessThan(50 * SLACK);
  });
}
