// What takes long: stopped by a person, and told when it begins and when it is over. Knows no DOM.
import type { Backend } from "./backend";
import type { WorkKind } from "./bindings/WorkKind";
import type { WorkView } from "./bindings/WorkView";
import { voice } from "./lib/words/voice.svelte";

export class Work {
  #backend: Backend;
  #stopped = new Set<WorkKind>();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Stops it. Rejects with an `ErrorBody`. */
  async stop(kind: WorkKind): Promise<void> {
    this.#stopped.add(kind);
    await this.#backend.call<null>({ type: "cancel", work: kind });
  }

  /** What there is to say about the change from one snapshot to the next: what has begun, what is over, no steps. */
  news(before: WorkView[], after: WorkView[]): string {
    const words = voice.words.work;
    const isIn = (list: WorkView[]) => ({ kind }: WorkView) => list.some((each) => each.kind === kind);
    const begun = after.filter((each) => !isIn(before)(each)).map(({ kind }) => words.what[kind]);
    const over = before
      .filter((each) => !isIn(after)(each))
      .map(({ kind }) => (this.#stopped.delete(kind) ? words.stopped : words.over)(words.what[kind]));
    return [...over, ...begun].join(" ");
  }
}
