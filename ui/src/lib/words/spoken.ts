// Teaches the voice all languages, for tests: there is nobody to load them from.
import de from "../../../words/de.ftl?raw";
import en from "../../../words/en.ftl?raw";
import { catalogueOf } from "../../../build/catalogue";
import { read } from "../../../build/fluent";
import { voice } from "./voice.svelte";

const original = read(en);
voice.learn("en", catalogueOf(original, original));
voice.learn("de", catalogueOf(original, read(de)));
