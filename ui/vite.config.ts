import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { withoutHydration } from "./build/hydration.ts";
import { words } from "./build/words.ts";

// Modes: `production` is the page inside the shell; `browser` adds the in-memory backend, to work on the page in a
// plain browser.
export default defineConfig(({ mode }) => ({
  plugins: [
    // Short names keep the scripts small; there are few enough components for them to differ.
    svelte({ compilerOptions: { cssHash: ({ hash, css }) => `s-${hash(css).slice(0, 4)}` } }),
    withoutHydration(),
    words(mode === "browser"),
  ],
  server: { host: "127.0.0.1", port: 5173, strictPort: false },
  preview: { host: "127.0.0.1" },
  build: {
    target: "es2022",
    // The content policy allows no `data:` addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Two files: what the first look needs, whoever else uses it, and src/parts/later.ts.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "first", test: /src\/main\.ts$/ }] } } },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node", css: true, setupFiles: "src/lib/i18n/allLanguages.ts" },
}));
