// How the desk stands 10,000 events a minute. Figures are printed; the bounds are generous, because machines that test
// have much else to do.
import { expect, rows, test } from "./page";

const SECONDS = 20;
/** Events a second: 10,000 a minute. */
const RATE = 167;
const FRAME_MS = 50;
/** How much slower than its target something may be. */
const SLACK = 5;

const percentile = (values: number[], part: number) =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? NaN;

test(`${RATE} events a second with the desk open for ${SECONDS} s`, { tag: "@soak" }, async ({ page }) => {
  test.setTimeout((SECONDS + 60) * 1_000);
  await page.goto("/?scenario=deskBusy");
  await rows(page).first().waitFor();
  await page.keyboard.press("d");
  await page.getByTestId("desk-flight").first().waitFor();
  await page.evaluate((rate) => {
    resident.stream(rate);
    const seen = { delays: [] as number[], frames: [] as number[], last: performance.now(), begin: resident.newest };
    Object.assign(globalThis, { seen });
    addEventListener("keydown", (event) => seen.delays.push(performance.now() - event.timeStamp), true);
    const frame = (now: number) => {
      seen.frames.push(now - seen.last);
      seen.last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }, RATE);
  const until = Date.now() + SECONDS * 1_000;
  while (Date.now() < until) {
    await page.keyboard.press("ArrowDown");
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
  }
  const { delays, frames, arrived, asked } = await page.evaluate(() => {
    const { delays, frames, begin } = (
      globalThis as unknown as { seen: { delays: number[]; frames: number[]; begin: number } }
    ).seen;
    return {
      delays,
      frames,
      arrived: resident.newest - begin,
      asked: resident.calls.filter(({ type }) => type === "desk").length,
    };
  });
  const long = frames.filter((each) => each > FRAME_MS).length;
  console.log(
    `  desk, ${(arrived / SECONDS).toFixed(0)} events a second: key delay p50 ${percentile(delays, 0.5).toFixed(1)} ms, p95 ${percentile(delays, 0.95).toFixed(1)} ms, ` +
      `worst ${Math.max(...delays).toFixed(1)} ms of ${delays.length}; frame p95 ${percentile(frames, 0.95).toFixed(1)} ms, over ${FRAME_MS} ms ${long} of ${frames.length}; asked ${asked} times`,
  );
  expect(asked).toBeLessThanOrEqual(SECONDS + 5);
  expect(percentile(delays, 0.95)).toBeLessThan(50 * SLACK);
});
