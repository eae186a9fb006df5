// What nobody sees at the first look: a file of its own, loaded after it.
export { default as DeskPage } from "./desk/DeskPage.svelte";
export { default as DialogHost } from "./dialogs/DialogHost.svelte";
export { default as FirstRun } from "./FirstRun.svelte";
export { default as SettingsPage } from "./settings/SettingsPage.svelte";
export { default as ThreadPage } from "./ThreadPage.svelte";
export { default as Welcome } from "./Welcome.svelte";
