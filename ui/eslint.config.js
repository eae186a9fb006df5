// `npm run lint`: what the type checker and the formatter do not see.
import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

export default ts.config(
  { ignores: ["dist", "src/bindings", "src/lib/i18n/messages.ts"] },
  js.configs.recommended,
  ts.configs.recommended,
  svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      // Collections in the state are replaced as a whole (`$state.raw`), never changed in place.
      "svelte/prefer-svelte-reactivity": "off",
      // `{" "}` keeps a space that the formatter would take for layout.
      "svelte/no-useless-mustaches": "off",
      // `svelte-check` reports the warnings that these comments are about; the linter does not see them.
      "svelte/no-unused-svelte-ignore": "off",
      // Playwright wants the empty pattern of a fixture that uses no other.
      "no-empty-pattern": "off",
      // `tsc` knows what is defined.
      "no-undef": "off",
      // A variable of a pattern that is left out on purpose begins with `_`.
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
  },
);
