import { expect, it } from "vitest";
import { daysOf } from "./retention";

it.each([
  ["1", 1],
  [" 45 ", 45],
  ["365", 365],
  ["366", null],
  ["0", null],
  ["-3", null],
  ["4.5", null],
  ["a week", null],
  ["", null],
])("“%s” is %s days", (text, days) => {
  expect(daysOf(text)).toBe(days);
});
