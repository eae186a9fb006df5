// Wires the page: backend, words, model, first component.
import "./app.css";
import { mount } from "svelte";
import App from "./App.svelte";
import type { Backend } from "./backend";
import { lazyParts } from "./state/lazyParts.svelte";
import { openBackend } from "./openBackend";
import { i18n } from "./lib/i18n/i18n.svelte";
import { Model } from "./state/model.svelte";

/** The resident is asked at once; its pushes are handled once there are words for what it tells. */
function afterMessages(words: Promise<void>, backend: Backend): Backend {
  const afterWords =
    <T>(handler: (payload: T) => void) =>
    (payload: T) =>
      void words.then(
        () => handler(payload),
        () => {},
      );
  return {
    call: async (request) => (await Promise.all([backend.call<never>(request), words]))[0],
    onPush: (handler) => backend.onPush(afterWords(handler)),
    onIpcState: (handler) => backend.onIpcState(afterWords(handler)),
  };
}

// No top-level `await`: what is loaded later waits for this file, and this file would wait for it.
async function begin(target: HTMLElement): Promise<void> {
  const words = i18n.begin();
  const model = new Model(afterMessages(words, await openBackend()));
  void model.start();
  try {
    await words;
    mount(App, { target, props: { model } });
    await lazyParts.load();
  } catch {
    // Without any words or parts, the one sentence that stands in index.html.
    document.getElementById("speechless")?.removeAttribute("hidden");
  }
}

const target = document.getElementById("app");
if (!target) throw new Error("index.html has the element #app");
void begin(target);
