// The page's state on the in-memory backend, for tests.
import { Model } from "../model.svelte";
import { MemoryBackend } from "./backend";
import { scenario } from "./scenarios";

/** Plays the scenario of that name, up to where the page stands; with `below`, over so many rows of a desk. */
export async function started(name: string, below = 0): Promise<{ model: Model; backend: MemoryBackend }> {
  const backend = new MemoryBackend({ ...scenario(name, Date.now()), ...(below > 0 ? { items: [], below } : {}) });
  const model = new Model(backend);
  await model.start();
  return { model, backend };
}
