// The parts that no first look needs. They are loaded right after it, so that the inbox is there sooner.
import type * as Parts from "../components/lazyParts";

class LazyParts {
  #parts = $state.raw<typeof Parts | null>(null);

  /** None until they are there. */
  get parts(): typeof Parts | null {
    return this.#parts;
  }

  /** Rejects where the page's own files cannot be read. */
  async load(): Promise<void> {
    this.#parts = await import("../components/lazyParts");
  }
}

export const lazyParts = new LazyParts();
