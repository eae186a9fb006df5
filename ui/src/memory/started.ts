// The page's state on the in-memory backend, for tests.
import { Model } from "../model.svelte";
import { MemoryBackend } from "./backend";
import { scenario } from "./scenarios";

/** Plays the scenario of that name, up to where the page stands. */
export async function started(name: string): Promise<{ model: Model; backend: MemoryBackend }> {
  const backend = new MemoryBackend(scenario(name, Date.now()));
  const model = new Model(backend);
  await model.start();
  return { model, backend };
}
