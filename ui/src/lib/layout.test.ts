import { describe, expect, it } from "vitest";
import { type Drawing, Layout, ofEach } from "./layout";
import type { Entry } from "./rows";

const NOON = new Date(2025, 2, 14, 12, 0).getTime();
const EDGE = 1;

/** Numbers that look random and are the same each time. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const entry = (id: number, hoursAgo = 0): Entry => ({
  key: `${id}`,
  id,
  receivedAt: new Date(NOON - hoursAgo * 3_600_000).toISOString(),
});
const list = (count: number, hoursApart: number) =>
  Array.from({ length: count }, (_, at) => entry(count - at, at * hoursApart));
const rowsOf = <T>({ sections }: Drawing<T>) => sections.flatMap((section) => section.rows);
const ids = (drawing: Drawing<Entry>) => rowsOf(drawing).map((row) => row.entry.id);

/** The height of all that is drawn, and where each row of it begins. */
function drawnHeight(layout: Layout<Entry>, drawing: Drawing<Entry>, names: { first: number; other: number }) {
  let place = 0;
  const tops: number[] = [];
  for (const section of drawing.sections) {
    place += section.space + (section.first ? names.first : names.other) + EDGE + section.before;
    for (const row of section.rows) {
      place += row.space;
      tops.push(place);
      place += layout.height(row.index);
    }
    place += section.after + EDGE;
  }
  return { height: place + drawing.below, tops };
}

describe("whatever is drawn", () => {
  for (let seed = 1; seed <= 25; seed += 1) {
    it(`has the height of all and covers what is in view, ${seed}`, () => {
      const roll = dice(seed);
      const layout = new Layout<Entry>(EDGE);
      const entries = list(1 + roll(400), roll(30) / 10);
      layout.take(entries);
      const names = { first: 30 + roll(10), other: 40 + roll(10) };
      layout.named(true, names.first);
      layout.named(false, names.other);
      for (let n = roll(300); n > 0; n -= 1) layout.measured(roll(entries.length), 40 + roll(300));

      const top = roll(Math.ceil(layout.total));
      const bottom = top + 1 + roll(1_500);
      const range = layout.range(top, bottom, 1_000);
      const pin = roll(entries.length + 1) - 1;
      const drawing = layout.draw(range, pin, roll(2) === 0);
      const rows = rowsOf(drawing);

      const { height, tops } = drawnHeight(layout, drawing, names);
      expect(height).toBeCloseTo(layout.total);
      expect(tops).toEqual(rows.map((row) => layout.top(row.index)));
      expect(rows.map((row) => row.index)).toEqual([...new Set(rows.map((row) => row.index))].sort((a, b) => a - b));
      entries.forEach((each, at) => {
        const inView = layout.top(at) < bottom && layout.top(at) + layout.height(at) > top;
        if (inView || at === pin) expect(ids(drawing)).toContain(each.id);
      });
      // Not more than that: a row beyond the view is the pinned one, or the one that has to be there at least.
      expect(range[1] - range[0]).toBeLessThanOrEqual(2 + (bottom - top) / 40);
      for (const { first, space, before, after } of drawing.sections)
        expect(Math.min(space, before, after, Number(first))).toBeGreaterThanOrEqual(0);
    });

    it(`follows the rows through changes, ${seed}`, () => {
      const roll = dice(seed);
      const layout = new Layout<Entry>(EDGE);
      let entries = list(roll(200), 1);
      let next = 1_000;
      layout.take(entries);
      for (let round = 0; round < 8; round += 1) {
        entries.forEach((each, at) => layout.measured(at, 50 + (each.id % 90)));
        const before = entries;
        entries = before.filter(() => roll(20) > 0).map((each) => (roll(10) === 0 ? { ...each } : each));
        entries.unshift(...Array.from({ length: roll(5) }, () => entry((next += 1))));
        if (roll(3) === 0)
          entries.push(...list(roll(50), 40).map((each) => ({ ...each, key: `old ${round} ${each.id}` })));
        const moved = layout.take(entries);
        expect(before.map((_, at) => moved(at))).toEqual(
          before.map((each) => entries.findIndex(({ key }) => key === each.key)),
        );
        const stayed = before.filter((_, at) => moved(at) >= 0);
        const heights = before
          .map((_, at) => moved(at))
          .filter((at) => at >= 0)
          .map((at) => layout.height(at));
        expect(heights).toEqual(stayed.map((each) => 50 + (each.id % 90)));
      }
    });
  }
});

describe("the range", () => {
  it("has at least a row, and at most as many as allowed", () => {
    const layout = new Layout<Entry>(EDGE);
    expect(layout.range(0, 500, 10)).toEqual([0, 0]);
    layout.take(list(100, 0));
    expect(layout.range(-900, -400, 10)).toEqual([0, 1]);
    expect(layout.range(1e9, 2e9, 10)).toEqual([99, 100]);
    const [from, to] = layout.range(1_000, 9_000, 10);
    expect(to - from).toBe(10);
  });

  it("takes rows for as high as the first that was measured", () => {
    const layout = new Layout<Entry>(0);
    layout.take(list(100, 0));
    layout.measured(3, 100);
    expect(layout.top(51) - layout.top(50)).toBe(100);
    expect(layout.measured(3, 100)).toBe(false);
    expect(layout.measured(500, 100)).toBe(false);
  });
});

describe("days", () => {
  const at = (id: number, date: Date) => ({ key: `${id}`, id, receivedAt: date.toISOString() });
  const all = (entries: Entry[], more = false) => {
    const layout = new Layout<Entry>(EDGE);
    layout.take(entries);
    return layout.draw([0, entries.length], -1, more).sections;
  };

  it("are told by the clock on the wall", () => {
    const dates = [
      new Date(2025, 2, 14, 0, 1),
      new Date(2025, 2, 13, 23, 59),
      new Date(2025, 2, 13, 8, 0),
      new Date(2024, 11, 31, 8, 0),
    ];
    const days = all(dates.map((date, index) => at(4 - index, date)));
    expect(days.map((day) => day.rows.length)).toEqual([1, 2, 1]);
    expect(days.map((day) => day.first)).toEqual([true, false, false]);
  });

  it("stay apart with a key each when the clock was set back", () => {
    const dates = [new Date(2025, 2, 13, 9), new Date(2025, 2, 14, 9), new Date(2025, 2, 13, 8)];
    const days = all(dates.map((date, index) => at(3 - index, date)));
    expect(new Set(days.map((day) => day.key)).size).toBe(3);
  });

  it("say how many rows they have, and where a row stands among them, unless older ones may come", () => {
    const entries = [entry(5), entry(4), entry(3, 24), entry(2, 24), entry(1, 24)];
    const told = (more: boolean) =>
      all(entries, more).flatMap((day) => day.rows.map(({ position, of }) => [position, of]));
    expect(told(false)).toEqual([
      [1, 2],
      [2, 2],
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(told(true).at(-1)).toEqual([3, -1]);
  });
});

it("looks for a key from where it was", () => {
  const layout = new Layout<Entry>(EDGE);
  layout.take(list(50, 0));
  for (const hint of [0, 20, 49, 80, -5]) expect(layout.indexOf("10", hint)).toBe(40);
  expect(layout.indexOf("none")).toBe(-1);
});

it("keeps what has not changed as it was", () => {
  const layout = new Layout<Entry>(EDGE);
  const entries = list(50, 0);
  layout.take(entries);
  const before = rowsOf(layout.draw([10, 20], -1, false));
  const after = rowsOf(layout.draw([11, 21], -1, false));
  expect(after[0]).not.toBe(undefined);
  expect(after.slice(1, 9).every((row) => before.includes(row))).toBe(true);
});

it("makes things of items once", () => {
  let made = 0;
  const double = ofEach((n: number) => ({ n, made: (made += 1) }));
  expect(double([1, 2, 3]).map(({ n }) => n)).toEqual([1, 2, 3]);
  expect(double([0, 1, 2, 3]).map(({ n }) => n)).toEqual([0, 1, 2, 3]);
  expect(double([0, 1, 2, 3, 4]).map(({ n }) => n)).toEqual([0, 1, 2, 3, 4]);
  expect(double([0, 2, 3, 4]).map(({ n }) => n)).toEqual([0, 2, 3, 4]);
  expect(double([]).length).toBe(0);
  expect(double([7]).map(({ n }) => n)).toEqual([7]);
  expect(made).toBe(6);
});
