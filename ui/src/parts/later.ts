// What nobody sees at the first look: a file of its own, loaded after it.
export { default as DeskPage } from "./desk/DeskPage.svelte";
export { default as Dialogs } from "./dialogs/Dialogs.svelte";
export { default as FirstRun } from "./FirstRun.svelte";
export { default as Settings } from "./settings/Settings.svelte";
export { default as Thread } from "./Thread.svelte";
export { default as Welcome } from "./Welcome.svelte";
