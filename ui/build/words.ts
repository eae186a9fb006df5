// The words beside the page: each catalogue of ui/words as words/<language>.json. A page that is worked on or tested has
// languages for tests as well.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import type { Catalogue } from "../src/lib/i18n/catalogue.ts";
import { catalogueOf, differences } from "./catalogue.ts";
import { read } from "./fluent.ts";
import { pseudo } from "./pseudo.ts";

const WORDS = join(import.meta.dirname, "../words");
/** A language with more plurals than those of the window; what it does not say is said in English. */
const TEST_WORDS = join(import.meta.dirname, "../browser/words");

/** The catalogues by their languages. Throws what is wrong in any of them. */
export function catalogues(forTests: boolean): Map<string, Catalogue> {
  const original = read(file(join(WORDS, "en.ftl")));
  const made = new Map<string, Catalogue>();
  for (const folder of forTests ? [WORDS, TEST_WORDS] : [WORDS]) {
    for (const name of readdirSync(folder).filter((each) => each.endsWith(".ftl"))) {
      const language = name.replace(".ftl", "");
      const translation = read(file(join(folder, name)));
      const wrong = differences(original, translation, language).filter(
        (what) => folder === WORDS || !what.endsWith("is missing"),
      );
      if (wrong.length > 0) throw new Error(`${name}:\n${wrong.join("\n")}`);
      made.set(language, catalogueOf(original, translation));
    }
  }
  if (forTests) for (const language of ["en-XA", "ar-XB"]) made.set(language, pseudo(catalogueOf(original, original)));
  return made;
}

function file(path: string): string {
  return readFileSync(path, "utf8");
}

export function words(forTests: boolean): Plugin {
  return {
    name: "words",
    configureServer(server) {
      server.watcher.add([WORDS, TEST_WORDS]);
      server.watcher.on("change", (path) => {
        if (path.endsWith(".ftl")) server.ws.send({ type: "full-reload" });
      });
      server.middlewares.use((request, response, next) => {
        const language = /^\/words\/([\w-]+)\.json$/.exec(request.url ?? "")?.[1];
        const catalogue = language === undefined ? undefined : catalogues(forTests).get(language);
        if (!catalogue) return next();
        response.setHeader("content-type", "application/json").end(JSON.stringify(catalogue));
      });
    },
    generateBundle() {
      for (const [language, catalogue] of catalogues(forTests)) {
        this.emitFile({ type: "asset", fileName: `words/${language}.json`, source: JSON.stringify(catalogue) });
      }
    },
  };
}
