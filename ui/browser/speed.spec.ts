// How fast the page is with many rows. Figures are printed; the bounds are five times the targets, because machines
// that test have much else to do. Long ones run with `GATECALL_BROWSER=soak`.
import { expect, type Page, rows, test } from "./page";

/** The most rows in the page, on every machine. */
const MOUNTED = 150;
/** How much slower than its target something may be. */
const SLACK = 5;
const SOAK = process.env.GATECALL_BROWSER === "soak";

const percentile = (values: number[], part: number) =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? NaN;
const ms = (value: number) => `${value.toFixed(1)} ms`;

/** Counts for how long the page keeps its processor busy, whatever else the machine does; answers it in milliseconds. */
async function counter(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const read = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1_000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? NaN);
  };
  let before = await read();
  return async () => {
    const now = await read();
    const busy = now - before;
    before = now;
    return busy;
  };
}

/** Opens a desk and answers when its first row was there, in milliseconds after navigation and after the page's load, and when it was painted. */
async function openDesk(
  page: Page,
  address: string,
): Promise<{ fromStart: number; fromLoad: number; painted: number }> {
  await page.addInitScript(() => {
    performance.clearMarks();
    const look = new MutationObserver(() => {
      if (!document.querySelector("[data-testid=row]")) return;
      performance.mark("first row");
      requestAnimationFrame(() => setTimeout(() => performance.mark("first row painted")));
      look.disconnect();
    });
    look.observe(document, { childList: true, subtree: true });
  });
  await page.goto(address);
  await rows(page).first().waitFor();
  await page.waitForFunction(() => performance.getEntriesByName("first row painted").length > 0);
  return page.evaluate(() => {
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const mark = (name: string) => performance.getEntriesByName(name)[0]?.startTime ?? NaN;
    const first = mark("first row");
    const loaded = navigation?.domInteractive ?? 0;
    return { fromStart: first, fromLoad: first - loaded, painted: mark("first row painted") - loaded };
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
      if (request.type === "list" && request.criteria.text !== "")
        requestAnimationFrame(() => setTimeout(() => hear.answered(performance.now() - hear.pressed)));
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
        () =>
          new Promise<number>(
            (resolve) =>
              ((globalThis as unknown as { hear: { answered: (ms: number) => void } }).hear.answered = resolve),
          ),
      );
      await page.keyboard.press(letter);
      taken.push(await answer);
    }
  }
  return taken;
}

interface Scrolled {
  took: number[];
  mounted: number;
  reached: number;
  /** Frames in which a part of the view had no row. */
  blank: number;
}

/** Scrolls down frame by frame, so far at once; answers how long each took, and the most rows that were mounted. */
function scroll(page: Page, frames: number, by: number): Promise<Scrolled> {
  return page.evaluate(
    async ({ frames, by }) => {
      const scroller = document.querySelector("main.scroller") as HTMLElement;
      const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
      const { left, width, top, bottom } = scroller.getBoundingClientRect();
      const isBlank = () =>
        [top + 60, (top + bottom) / 2, bottom - 20].some((y) =>
          document.elementFromPoint(left + width / 2, y)?.matches("ul, section, .column > div"),
        );
      const took: number[] = [];
      let [mounted, blank] = [0, 0];
      let last = await frame();
      for (let n = 0; n < frames; n += 1) {
        scroller.scrollTop += by;
        const now = await frame();
        took.push(now - last);
        last = now;
        mounted = Math.max(mounted, document.querySelectorAll("[data-testid=row]").length);
        if (Math.abs(by) > 1_000 && isBlank()) blank += 1;
      }
      return { took, mounted, reached: scroller.scrollTop, blank };
    },
    { frames, by },
  );
}

/** New rows come one after the other; answers how long it took from each to its row on screen. */
function arrivals(page: Page, count: number): Promise<number[]> {
  return page.evaluate(async (wanted) => {
    const taken: number[] = [];
    for (let n = 0; n < wanted; n += 1) {
      const begin = performance.now();
      const { id } = resident.arrive();
      while (!document.querySelector(`[data-testid=row][data-id="${id}"]`)) await new Promise(requestAnimationFrame);
      // After the frame in which it is.
      await new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      taken.push(performance.now() - begin);
      // Not in step with what gathers them.
      await new Promise((resolve) => setTimeout(resolve, (n * 7) % 60));
    }
    return taken;
  }, count);
}

function report(what: string, figures: Record<string, string | number>): void {
  console.log(
    `  ${what}: ${Object.entries(figures)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ")}`,
  );
}

for (const { many, tag } of [
  { many: 100_000, tag: [] },
  { many: 1_000_000, tag: ["@soak"] },
]) {
  test(`${many.toLocaleString("en")} rows`, { tag }, async ({ page }) => {
    test.setTimeout(240_000);
    const loads = [];
    for (let n = 0; n < 5; n += 1) loads.push(await openDesk(page, `/?scenario=agent&rows=${many}`));
    const fromLoad = percentile(
      loads.map((load) => load.fromLoad),
      0.5,
    );
    report(`${many} rows, first row of ${loads.length} loads`, {
      "after the page, best": ms(Math.min(...loads.map((load) => load.fromLoad))),
      p50: ms(fromLoad),
      "painted, p50": ms(
        percentile(
          loads.map((load) => load.painted),
          0.5,
        ),
      ),
      "after navigation, p50": ms(
        percentile(
          loads.map((load) => load.fromStart),
          0.5,
        ),
      ),
    });

    const busy = await counter(page);
    // The store of the resident has its index before anybody types; this one makes it with its first search.
    await search(page, ["x"]);
    await busy();
    const taken = await search(page, ["aa123", "cancelled", "landed aa7", "zzzz", "jfk delayed"]);
    report(`${many} rows, search`, {
      p50: ms(percentile(taken, 0.5)),
      p95: ms(percentile(taken, 0.95)),
      of: taken.length,
      "busy a key": ms((await busy()) / taken.length),
    });
    await page.keyboard.press("Escape");
    await expect(rows(page).first()).toHaveAttribute("data-id", String(many));

    await busy();
    const came = await arrivals(page, 200);
    report(`${many} rows, from an event to its painted row`, {
      p50: ms(percentile(came, 0.5)),
      p95: ms(percentile(came, 0.95)),
      of: came.length,
      "busy an event": ms((await busy()) / came.length),
    });

    const { took, mounted, reached } = await scroll(page, SOAK ? 1_200 : 400, 60);
    const tell = (of: number[]) => ({
      "p50 frame": ms(percentile(of, 0.5)),
      "p95 frame": ms(percentile(of, 0.95)),
      worst: ms(Math.max(...of)),
      "over 50 ms": of.filter((each) => each > 50).length,
      frames: of.length,
    });
    report(`${many} rows, scroll`, {
      ...tell(took),
      mounted,
      "busy a frame": ms((await busy()) / took.length),
      "px down": Math.round(reached),
    });
    // As when the bar is dragged: down through many pages, each frame elsewhere, and back up.
    const down = await scroll(page, 400, 4_000);
    report(`${many} rows, dragged down`, {
      ...tell(down.took),
      mounted: down.mounted,
      "busy a frame": ms((await busy()) / 400),
      "px down": Math.round(down.reached),
      blank: down.blank,
    });
    const up = await scroll(page, 50, -down.reached / 50);
    report(`${many} rows, dragged up`, {
      ...tell(up.took),
      mounted: up.mounted,
      "busy a frame": ms((await busy()) / 50),
      blank: up.blank,
    });
    expect(Math.max(mounted, down.mounted, up.mounted)).toBeLessThanOrEqual(MOUNTED);
    // The page that is asked for may not be there yet; what is loaded always is.
    expect(up.blank).toBe(0);
    expect(down.reached).toBeGreaterThan(100_000);
    await page.getByTestId("mark-all-read").click();
    await expect(page.getByTestId("unread-count")).toHaveText("0");
    if (many > 100_000) return;
    expect(fromLoad).toBeLessThan(100 * SLACK);
    expect(percentile(taken, 0.95)).toBeLessThan(100 * SLACK);
    expect(percentile(came, 0.95)).toBeLessThan(100 * SLACK);
    expect(percentile(took, 0.95)).toBeLessThan(16.7 * SLACK);
  });
}

test("bookings and flights, scrolled to the last", async ({ page }) => {
  test.setTimeout(90_000);
  await openDesk(page, "/?scenario=agent&rows=3000");
  await page.getByRole("radio", { name: "Bookings & flights" }).check({ force: true });
  await page.getByRole("main", { name: "Bookings and flights" }).getByTestId("row").first().waitFor();
  const { took, mounted, reached } = await scroll(page, 300, 400);
  report("bookings and flights, scroll", {
    "p95 frame": ms(percentile(took, 0.95)),
    mounted,
    "px down": Math.round(reached),
  });
  expect(reached).toBeGreaterThan(10_000);
  expect(mounted).toBeLessThanOrEqual(MOUNTED);
});

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
    const busy = await counter(page);
    const begin = await page.evaluate(() => ({ newest: resident.newest, at: performance.now() }));
    while (Date.now() < until) {
      await page.keyboard.press("ArrowDown");
      const newest = await page.evaluate(() => resident.newest);
      await page.waitForFunction((past) => resident.newest > past, newest + 40);
    }
    const { delays, rate, mounted } = await page.evaluate(
      ({ newest, at }) => ({
        delays: (globalThis as unknown as { delays: number[] }).delays,
        rate: ((resident.newest - newest) * 1_000) / (performance.now() - at),
        mounted: document.querySelectorAll("[data-testid=row]").length,
      }),
      begin,
    );
    const used = (await busy()) / seconds;
    report("500 events a second", {
      "input delay p50": ms(percentile(delays, 0.5)),
      p95: ms(percentile(delays, 0.95)),
      worst: ms(Math.max(...delays)),
      keys: delays.length,
      seconds,
      "arrived a second": rate.toFixed(0),
      "busy a second": ms(used),
      mounted,
    });
    expect(mounted).toBeLessThanOrEqual(MOUNTED);
    expect(percentile(delays, 0.95)).toBeLessThan(50 * SLACK);
  });
}
