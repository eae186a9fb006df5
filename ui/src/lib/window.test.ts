// That docs/WINDOW.md says what app.css does.
import { expect, it } from "vitest";
import css from "../app.css?raw";
import design from "../../../docs/WINDOW.md?raw";

const root = /:root \{([\s\S]*?)\n\}/.exec(css)?.[1] ?? "";
const tokens = new Map([...root.matchAll(/(--[\w-]+): ([^;]+);/g)].map(([, name = "", value = ""]) => [name, value]));
const rows = [...design.matchAll(/^\| `(--[\w-]+)` \| (.+) \|$/gm)].map(([, name = "", cells = ""]) => ({
  name,
  cells: cells.split(" | "),
}));

it("the design page and the style sheet name the same values", () => {
  expect(rows.length).toBeGreaterThan(25);
  for (const { name, cells } of rows) {
    const both = /^light-dark\((#\w+), (#\w+)\)$/.exec(tokens.get(name) ?? "");
    const expected = both ? both.slice(1, 3) : [tokens.get(name)];
    expect(cells.slice(0, expected.length), name).toEqual(expected);
  }
});

it("the design page leaves out no size and no colour that text is set in", () => {
  const named = new Set(rows.map((row) => row.name));
  const wanted = [...tokens.keys()].filter(
    (name) => !/^--(shadow|line|signal|ease|on-accent|accent-fill-hover)/.test(name),
  );
  expect(wanted.filter((name) => !named.has(name))).toEqual([]);
});
