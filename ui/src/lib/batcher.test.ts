import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Batcher } from "./batcher";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("takes the first at once, and what follows together and in order", () => {
  const taken: number[][] = [];
  const batcher = new Batcher<number>(50, (items) => taken.push(items));
  batcher.add([1]);
  batcher.add([2, 3]);
  batcher.add([4]);
  expect(taken).toEqual([[1]]);
  vi.advanceTimersByTime(50);
  expect(taken).toEqual([[1], [2, 3, 4]]);
  batcher.add([5]);
  vi.advanceTimersByTime(49);
  expect(taken).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(taken).toEqual([[1], [2, 3, 4], [5]]);
  vi.advanceTimersByTime(50);
  batcher.add([6]);
  expect(taken.at(-1)).toEqual([6]);
});

it("takes what waits before something else goes on", () => {
  const taken: number[][] = [];
  const batcher = new Batcher<number>(50, (items) => taken.push(items));
  batcher.add([1]);
  batcher.add([2]);
  batcher.flush();
  batcher.flush();
  expect(taken).toEqual([[1], [2]]);
});
