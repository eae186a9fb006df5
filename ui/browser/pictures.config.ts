// Takes the pictures of every screen: `npm run pictures`.
import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

export default defineConfig({ ...tests, testMatch: "pictures.ts", timeout: 120_000 });
