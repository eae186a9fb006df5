import { expect, it } from "vitest";
import { dayLabel } from "./time";

it("gives a day a name near today and a date further away", () => {
  const now = new Date(2025, 2, 14, 12, 0);
  expect(dayLabel(new Date(2025, 2, 14, 0, 1), now)).toBe("Today");
  expect(dayLabel(new Date(2025, 2, 13, 23, 59), now)).toBe("Yesterday");
  expect(dayLabel(new Date(2024, 11, 31, 8, 0), now)).toContain("2024");
});
