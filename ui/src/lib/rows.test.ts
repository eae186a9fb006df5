import { describe, expect, it } from "vitest";
import { row, type FixtureEvent } from "../fake/fixtures";
import { EVERYTHING } from "./criteria";
import { append, fromPage, trim, upsert, withRead } from "./rows";

const told: FixtureEvent = { kind: "bookingConfirmed", ago: 0, title: "Booking confirmed" };
const item = (id: number, more: Partial<FixtureEvent> = {}) => row(id, { ...told, ...more }, Date.now());
const ids = (rows: { items: { id: number }[] }) => rows.items.map((each) => each.id);

describe("upsert", () => {
  const rows = fromPage({ items: [item(9), item(7), item(5)], hasMore: true });

  it("keeps the newest first, whatever the order of arrival", () => {
    const result = upsert(rows, [item(8), item(11), item(10)], EVERYTHING);
    expect(ids(result.rows)).toEqual([11, 10, 9, 8, 7, 5]);
    expect(result.added).toBe(3);
  });

  it("replaces a row in its place", () => {
    const result = upsert(rows, [item(7, { read: true })], EVERYTHING);
    expect(ids(result.rows)).toEqual([9, 7, 5]);
    expect(result.rows.items[1]?.read).toBe(true);
    expect(result.added).toBe(0);
  });

  it("leaves rows below the last page to paging", () => {
    expect(ids(upsert(rows, [item(2)], EVERYTHING).rows)).toEqual([9, 7, 5]);
    expect(ids(upsert({ ...rows, hasMore: false }, [item(2)], EVERYTHING).rows)).toEqual([9, 7, 5, 2]);
  });

  it("lets no read row into the unread list, and keeps one that has just been read", () => {
    const result = upsert(rows, [item(10, { read: true }), item(7, { read: true })], { ...EVERYTHING, unread: true });
    expect(ids(result.rows)).toEqual([9, 7, 5]);
  });
});

describe("paging", () => {
  it("joins pages that overlap, and keeps the renewed version", () => {
    const first = fromPage({ items: [item(5), item(4, { read: true })], hasMore: true });
    const rows = append(first, { items: [item(4), item(3)], hasMore: false });
    expect(ids(rows)).toEqual([5, 4, 3]);
    expect(rows.items[1]?.read).toBe(true);
    expect(rows.hasMore).toBe(false);
  });

  it("can bring back what was let go", () => {
    const rows = trim(fromPage({ items: [item(3), item(2), item(1)], hasMore: false }), 2);
    expect(ids(rows)).toEqual([3, 2]);
    expect(rows.hasMore).toBe(true);
  });
});

it("marks only the rows that are named", () => {
  const rows = withRead(fromPage({ items: [item(2), item(1)], hasMore: false }), [1], true);
  expect(rows.items.map((each) => each.read)).toEqual([false, true]);
});
