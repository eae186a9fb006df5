// That index.html draws every icon that a part may ask for, and no other.
import { expect, it } from "vitest";
import page from "../../index.html?raw";
import look from "./rowStyle.ts?raw";

it("every icon is drawn once", () => {
  const named = /type IconName =([^;]+);/.exec(look)?.[1] ?? "";
  const asked = [...named.matchAll(/"(\w+)"/g)].map(([, name]) => name);
  const drawn = [...page.matchAll(/id="icon-(\w+)"/g)].map(([, name]) => name);
  expect(asked.length).toBeGreaterThan(20);
  expect(drawn.toSorted()).toEqual(asked.toSorted());
});
