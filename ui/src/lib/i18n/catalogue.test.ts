// That every sentence comes from the catalogues, that each is used, and that they say the same in both languages.
import { render } from "svelte/server";
import { parse } from "svelte/compiler";
import { afterEach, describe, expect, it, vi } from "vitest";
import App from "../../App.svelte";
import { FakeBackend } from "../../fake/backend";
import { scenario } from "../../fake/scenarios";
import { Model } from "../../state/model.svelte";
import SettingsPage from "../../components/settings/SettingsPage.svelte";
import { catalogueOf, differences } from "../../../build/catalogue";
import { type ParsedMessages, read as parseFluent } from "../../../build/fluent";
import { pseudo } from "../../../build/pseudo";
import polish from "../../../browser/words/pl.ftl?raw";
import { languages, nameOf } from "./languages";
import { messagesOf } from "./catalogue";
import { i18n } from "./i18n.svelte";

const WORDS: Record<string, string> = import.meta.glob("../../../words/*.ftl", {
  eager: true,
  query: "?raw",
  import: "default",
});
const CATALOGUES = Object.fromEntries(
  Object.entries(WORDS).map(([path, source]) => [path.replace(/.*\/|\.ftl$/g, ""), parseFluent(source)]),
);
const original = CATALOGUES["en"] as ParsedMessages;
const spoken = (language: string, translation: ParsedMessages) =>
  messagesOf(catalogueOf(original, translation), language);
const en = spoken("en-GB", original);
const de = spoken("de-DE", CATALOGUES["de"] as ParsedMessages);

const FILES: Record<string, string> = import.meta.glob(["../../**/*.{svelte,ts,css}", "!**/*.test.ts"], {
  eager: true,
  query: "?raw",
  import: "default",
});
const SOURCES = Object.keys(FILES).filter((path) => !/bindings|fake|^\.\/|\.css$/.test(path));
const PARTS = SOURCES.filter((path) => path.endsWith(".svelte"));
const read = (path: string) => FILES[path] ?? "";

type Message = string | ((...args: never[]) => string);

/** All messages with their paths, such as `inbox.more`. */
function messages(catalogue: object, path = ""): [string, Message][] {
  return Object.entries(catalogue).flatMap(([key, value]) => {
    const at = path ? `${path}.${key}` : key;
    return typeof value === "object" ? messages(value, at) : [[at, value] as [string, Message]];
  });
}

afterEach(() => {
  i18n.use(null);
  i18n.setLanguage("en");
  vi.useRealTimers();
});

describe("the catalogues", () => {
  it("are there for each language of the page, and for no other", () => {
    expect(Object.keys(CATALOGUES).toSorted()).toEqual(languages().toSorted());
  });

  it("hold the same messages, with the same arguments, in all forms of their language", () => {
    for (const [language, translation] of Object.entries(CATALOGUES)) {
      expect(differences(original, translation, language), language).toEqual([]);
    }
  });

  it.each([
    ["row-to = a\nrow-too = b", "row-too is not in English"],
    ["row-rule = { $name }", "row-to is missing"],
    ["row-to = a\nrow-rule = b", "row-rule does not say $name"],
    ["row-to = a\nrow-rule = { $nom }", "row-rule has no $nom"],
    ["row-to = a\nrow-rule = { NUMBER($name) }", "row-rule: $name is text, not number"],
    ["row-to = a\nrow-rule = { $name }\nrow-n = { $n ->\n   *[other] { $n }\n}", "row-n: [one] is missing"],
    [
      "row-to = a\nrow-rule = { $name }\nrow-n = { $n ->\n    [one] 1\n    [few] 2\n   *[other] { $n }\n}",
      "row-n: the language has no [few]",
    ],
  ])("that read %j are found wrong", (translation, wrong) => {
    const english = parseFluent("row-to = a\nrow-rule = { $name }\nrow-n = { NUMBER($n) }");
    expect(differences(english, parseFluent(translation), "en")).toContain(wrong);
  });

  it("that are no Fluent, or more of it than is read, are refused with the line", () => {
    expect(() => parseFluent("a = b\n\nc = { $d")).toThrow(/^line 3: /);
    expect(() => parseFluent("a = b\na = c")).toThrow("line 2: a is there already");
    expect(() => parseFluent("a = { DATETIME($d) }")).toThrow("line 1: a: only NUMBER($variable) is read");
    expect(() => parseFluent("a = { b }")).toThrow("line 1: a: MessageReference is not read");
    expect(() => parseFluent("a = { $b ->\n    [one] 1\n   *[other] n\n} { $b ->\n    [x] 1\n   *[y] n\n}")).toThrow(
      "$b is both number and x,y",
    );
  });

  it("differ in all but names, symbols and words that both languages have", () => {
    const german = new Map(messages(de));
    const same = messages(en).filter(([path, message]) => typeof message === "string" && message === german.get(path));
    const shared = [
      "connection.online",
      "export.markdown",
      "export.csv",
      "export.json",
      "connection.server",
      "header.demo",
      "about.version",
      "about.sqlite",
      "about.system",
      "network.proxyExample",
      "network.bypassExample",
      "signIn.serverExample",
      "facts.status",
      "notices.offline",
      "rule.name",
      "rule.nameExample",
      "rule.pnrsExample",
      "rule.flightsExample",
      "rule.destinationExample",
      "rule.amountExample",
      "shortcuts.escape",
      "shortcuts.alt",
    ];
    expect(same.map(([path]) => path).filter((path) => !shared.includes(path))).toEqual([]);
  });

  it("write numbers, plurals and quotation marks as each language does", () => {
    expect(en.inbox.allRead(1)).toBe("1 notification marked read");
    expect(en.inbox.allRead(1_234)).toBe("1,234 notifications marked read");
    expect(de.inbox.allRead(1)).toBe("1 Benachrichtigung als gelesen markiert");
    expect(de.inbox.allRead(1_234)).toBe("1.234 Benachrichtigungen als gelesen markiert");
    expect(en.why.repeats(1)).toBe("The same event came once more.");
    expect(en.why.repeats(2)).toBe("The same event came 2 times more.");
    expect(de.why.repeats(1)).toBe("Dasselbe Ereignis kam ein weiteres Mal.");
    expect(de.backTest.toasts(1, 7)).toBe("Es hätte 1 Meldung in 7 Tagen gegeben");
    const pl = spoken("pl", parseFluent(polish));
    expect([0, 1, 2, 5, 22, 1.5].map(pl.inbox.allRead)).toEqual([
      "0 powiadomień oznaczono jako przeczytane",
      "1 powiadomienie oznaczono jako przeczytane",
      "2 powiadomienia oznaczono jako przeczytane",
      "5 powiadomień oznaczono jako przeczytane",
      "22 powiadomienia oznaczono jako przeczytane",
      "1,5 powiadomienia oznaczono jako przeczytane",
    ]);
    expect(pl.search.found(50, true)).toBe("Ponad 50 wyników");
    expect(pl.search.nothing, "what is not said in Polish is said in English").toBe(en.search.nothing);
    for (const [path, message] of messages(de)) {
      if (typeof message === "string") expect(message, path).not.toMatch(/["“](?=\p{L})|\bdu\b|\bdein/iu);
    }
  });

  it("hold nothing that the page does not say", () => {
    // A message is named by its last word, wherever its group has been given a name of its own.
    const code = SOURCES.map(read).join("\n");
    const usedElsewhere = new Set([
      "days",
      "kinds",
      "states",
      "tones",
      "desk",
      "test",
      "rules",
      "language",
      "quiet",
      "backTest",
      "check",
      "servers",
      "work",
      "export",
    ]);
    const unused = messages(en)
      .map(([path]) => path)
      .filter((path) => {
        const [group = ""] = path.split(".");
        const name = path.split(".").at(-1) ?? "";
        // Those are also looked up by what the resident tells.
        return !new RegExp(`[.{,]\\s*${name}\\b`).test(code) && !usedElsewhere.has(group);
      });
    expect(unused).toEqual([]);
  });
});

describe("sources", () => {
  it("are looked at", () => {
    expect(PARTS.length).toBeGreaterThan(25);
    expect(SOURCES.length).toBeGreaterThan(PARTS.length + 15);
    for (const path of [...SOURCES, "../../app.css"]) expect(read(path).length, path).toBeGreaterThan(50);
  });

  const letters = /\p{L}{2,}/u;

  it("hold no sentence in their markup", () => {
    const spoken = new Set(["aria-label", "title", "placeholder", "alt", "text", "legend", "label", "hint"]);
    // The product's name is the same in every language.
    const names = new Set(["Gatecall"]);
    for (const path of PARTS) {
      const source = read(path);
      walk(parse(source, { modern: true }).fragment, (node, parent) => {
        if (node["type"] !== "Text") return;
        const text = String(node["data"]).trim();
        const attribute = parent?.["type"] === "Attribute" ? String(parent["name"]) : null;
        if (attribute === null || spoken.has(attribute)) {
          expect(names.has(text) || !letters.test(text), `${path}: ${text}`).toBe(true);
        }
      });
    }
  });

  it("hold no sentence in their code", () => {
    for (const path of SOURCES) {
      const script = path.endsWith(".svelte")
        ? read(path)
            .replace(/<style>[\s\S]*<\/style>/, "")
            .replace(/<!--[\s\S]*?-->|\s(class|generics)="[^"]*"/g, "")
        : read(path);
      const code = script.replace(/^\s*(\/\/|\*|\/\*).*$/gm, "").replace(/\s\/\/ .*$/gm, "");
      // Two words with a space between them, or one that begins as a sentence does, in quotation marks.
      for (const [, text = ""] of code.matchAll(/["`]((?:[^"`\\\n]|\\.)*)["`]/g)) {
        const isSentence = /^[A-ZÄÖÜ][a-zäöü]+(…|\.|!|\?|$)|^[A-ZÄÖÜ]?[a-zäöü]+ [a-zäöü]+ [a-zäöü]+/.test(text);
        const isKnown =
          /^(Gatecall|Arrow(Up|Down)|Home|End|Enter|Escape|Error)$/.test(text) || /the element #app/.test(text);
        // Attributes and paths of pictures are no sentences.
        expect(isSentence && !isKnown && !/^(M|m)[\d.]/.test(text), `${path}: ${text}`).toBe(false);
      }
    }
  });

  it("lay everything out by where text begins and ends, so that it also reads from right to left", () => {
    const physical =
      /(?:^|[\s;{])(?:margin|padding|border)-(?:left|right)\b|(?:^|[\s;{])(?:left|right)\s*:|text-align:\s*(?:left|right)|inset:\s*\S+ \S+ \S+ \S+;|(?:margin|padding):\s*\S+ (\S+) \S+ (?!\1)\S+;/;
    for (const path of [...PARTS, "../../app.css"]) {
      const css = path.endsWith(".css") ? read(path) : (/<style>([\s\S]*)<\/style>/.exec(read(path))?.[1] ?? "");
      for (const line of css.split("\n")) expect(physical.test(line), `${path}: ${line.trim()}`).toBe(false);
    }
  });
});

describe("in a language that nobody speaks", () => {
  const nobody = messagesOf(pseudo(catalogueOf(original, original)), "en-GB");

  async function page(
    name: string,
    also: (model: Model) => void | Promise<void> = () => {},
  ): Promise<[Model, string[]]> {
    vi.useFakeTimers({ now: new Date(2025, 2, 14, 12, 0) });
    const model = new Model(new FakeBackend(scenario(name, Date.now())));
    await model.start();
    i18n.use(nobody);
    await also(model);
    const { host } = model.settings;
    const data = strings([
      model.snapshot,
      model.inbox.items,
      host.about,
      host.network,
      model.settings.preferences,
      model.feedback.ipcState,
      model.inbox.error,
      model.settings.test.message,
    ]);
    // Commands are the same in every language, and languages call themselves what they are called.
    data.push("gatecall doctor", ...languages().map(nameOf));
    return [model, data];
  }

  it.each([
    "traveler",
    "agent",
    "empty",
    "signin",
    "again",
    "offline",
    "waiting",
    "connecting",
    "paused",
    "error",
    "degraded",
    "away",
    "rules",
  ])("everything of the scenario %s comes from the catalogue", async (name) => {
    const [model, data] = await page(name, async (model) => {
      const [first] = model.inbox.items;
      if (first) await model.open(first.id);
    });
    check(render(App, { props: { model } }).body, data);
  });

  const propsOf = (model: Model) => {
    const { snapshot } = model;
    if (!snapshot) throw new Error("no snapshot");
    return { model, snapshot, onsignin: () => {}, onsignout: () => {} };
  };

  it("so does everything of the desk, the wall, the export and what takes long", async () => {
    for (const state of ["deskBusy", "deskQuiet", "deskRefused", "deskOffline", "reindexing", "wiping"]) {
      const [model, data] = await page(state, async (model) => {
        model.desk.open();
        await vi.advanceTimersByTimeAsync(0);
      });
      for (const wall of [false, true]) {
        if (wall) model.desk.placeUnder(true);
        await vi.advanceTimersByTimeAsync(0);
        // What was said before belongs to the language of then.
        const told = [...data, model.feedback.said, ...strings([model.desk.view, model.desk.urgent])].sort(
          (a, b) => b.length - a.length,
        );
        check(render(App, { props: { model } }).body, told);
      }
      vi.useRealTimers();
      i18n.use(null);
    }
  });

  it("so does everything of the settings", async () => {
    for (const state of ["traveler", "refused", "expired", "rules"]) {
      const [model, data] = await page(state, async (model) => {
        model.openSettings();
        await model.settings.host.changeNetwork("proxy", "http://proxy.example:8080");
        await model.sendTest();
        await vi.advanceTimersByTimeAsync(5_000);
      });
      check(render(SettingsPage, { props: propsOf(model) }).body, data);
      await model.settings.load();
      model.settings.edit(model.settings.preferences?.rules.length ? 0 : null);
      await model.rules.save();
      check(render(SettingsPage, { props: propsOf(model) }).body, data);
      vi.useRealTimers();
    }
  });
});

/** What is read or said of a page has to be in brackets, to come from the resident, or to be a number. */
function check(html: string, data: string[]): void {
  const body = html.replace(/<!--[\s\S]*?-->/g, "");
  const spoken = [...body.matchAll(/\s(?:aria-label|title|placeholder)="([^"]*)"/g)].map(([, text]) => text ?? "");
  const shown = body.replace(/<[^>]*>/g, "\n").split("\n");
  // Names, keys, and times, which Intl writes.
  const others = /^(Gatecall|[A-Z]|\d.*|Today|Yesterday|\w+day,? .*)$/;
  for (const text of [...spoken, ...shown]) {
    let rest = text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");
    while (/⟦[^⟦⟧]*⟧/.test(rest)) rest = rest.replace(/⟦[^⟦⟧]*⟧/g, "");
    // A word that was cut in two by markup keeps one bracket on each side.
    rest = rest.replace(/⟦[^⟧]*$|^[^⟦]*⟧/g, "");
    for (const known of data) rest = rest.replaceAll(known, "");
    rest = rest.trim();
    expect(
      rest === "" || others.test(rest) || !/\p{L}{2,}/u.test(rest),
      `“${text.trim()}” is not from the catalogue`,
    ).toBe(true);
  }
}

/** All strings in data, the longest first; also in parts, as rows show them. */
function strings(value: unknown): string[] {
  const found = new Set<string>();
  JSON.stringify(value, (_, each: unknown) => {
    if (typeof each === "string")
      for (const part of [each, ...each.split(/ · |, /)]) if (part.length > 1) found.add(part);
    return each;
  });
  return [...found].sort((a, b) => b.length - a.length);
}

function walk(
  node: unknown,
  visit: (node: Record<string, unknown>, parent?: Record<string, unknown>) => void,
  parent?: Record<string, unknown>,
): void {
  if (Array.isArray(node)) return node.forEach((each) => walk(each, visit, parent));
  if (typeof node !== "object" || node === null) return;
  const record = node as Record<string, unknown>;
  const isNode = typeof record["type"] === "string";
  if (isNode) visit(record, parent);
  for (const [key, value] of Object.entries(record)) if (key !== "parent") walk(value, visit, isNode ? record : parent);
}
