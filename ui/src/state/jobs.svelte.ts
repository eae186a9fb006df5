// What takes long: stopped by a person, and told when it begins and when it is over. Knows no DOM.
import type { Backend } from "../backend";
import type { JobKind } from "../bindings/JobKind";
import type { JobView } from "../bindings/JobView";
import { i18n } from "../lib/i18n/i18n.svelte";

export class Jobs {
  #backend: Backend;
  #stopped = new Set<JobKind>();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Stops it. Rejects with an `ErrorBody`. */
  async stop(kind: JobKind): Promise<void> {
    this.#stopped.add(kind);
    await this.#backend.call<null>({ type: "cancel", work: kind });
  }

  /** What there is to say about the change from one snapshot to the next: what has begun, what is over, no steps. */
  news(before: JobView[], after: JobView[]): string {
    const words = i18n.messages.work;
    const isIn =
      (list: JobView[]) =>
      ({ kind }: JobView) =>
        list.some((each) => each.kind === kind);
    const begun = after.filter((each) => !isIn(before)(each)).map(({ kind }) => words.what[kind]);
    const over = before
      .filter((each) => !isIn(after)(each))
      .map(({ kind }) => (this.#stopped.delete(kind) ? words.stopped : words.over)(words.what[kind]));
    return [...over, ...begun].join(" ");
  }
}
