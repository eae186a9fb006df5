// The page's state on the in-memory backend, for tests.
import { Model } from "../state/model.svelte";
import { FakeBackend } from "./backend";
import { scenario } from "./scenarios";

/** Plays the scenario of that name, up to where the page stands; with `below`, over so many rows of a desk. */
export async function startedModel(name: string, below = 0): Promise<{ model: Model; backend: FakeBackend }> {
  const backend = new FakeBackend({ ...scenario(name, Date.now()), ...(below > 0 ? { items: [], below } : {}) });
  const model = new Model(backend);
  await model.start();
  return { model, backend };
}
