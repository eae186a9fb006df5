// Loads all languages for tests: there is nobody to load them from.
import de from "../../../words/de.ftl?raw";
import en from "../../../words/en.ftl?raw";
import { catalogueOf } from "../../../build/catalogue";
import { read } from "../../../build/fluent";
import { i18n } from "./i18n.svelte";

const original = read(en);
i18n.learn("en", catalogueOf(original, original));
i18n.learn("de", catalogueOf(original, read(de)));
