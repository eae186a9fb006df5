// Takes the pictures of every screen: `npm run pictures`; those of the documents: `npm run pictures:docs`.
import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

export default defineConfig({ ...tests, testMatch: "pictures.ts", timeout: 300_000, globalTimeout: 1_200_000 });
