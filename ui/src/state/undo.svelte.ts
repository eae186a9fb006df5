// What can be taken back, newest on top. Each entry lives as long as the resident keeps it.
import type { Undoable } from "../bindings/Undoable";

/** How long the resident can take a change back, in milliseconds. */
export const UNDO_MS = 10_000;

export interface UndoEntry {
  /** The resident's number; below zero for what the page takes back by itself. */
  undo: number;
  /** What was done, in the past tense. */
  label: string;
  /** How the page takes it back; none where the resident does. */
  back?: () => Promise<void>;
}

type Timer = ReturnType<typeof setTimeout>;

export class UndoStack {
  #entries = $state<UndoEntry[]>([]);
  #timers = new Map<number, Timer>();
  #own = 0;

  /** The change that the next undo takes back. */
  get top(): UndoEntry | null {
    return this.#entries.at(-1) ?? null;
  }

  get depth(): number {
    return this.#entries.length;
  }

  /** Remembers a change; one that changed nothing is not worth it. */
  push(done: Undoable, label: string): void {
    if (done.undo !== null) this.#add({ undo: done.undo, label });
  }

  /** Remembers a change that the page takes back by another one. */
  offer(label: string, back: () => Promise<void>): void {
    this.#own -= 1;
    this.#add({ undo: this.#own, label, back });
  }

  /** Takes the newest entry off. */
  pop(): UndoEntry | null {
    const entry = this.top;
    if (entry) this.#remove(entry.undo);
    return entry;
  }

  /** Forgets everything, for example when the resident was started anew. */
  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#entries = [];
  }

  #add(entry: UndoEntry): void {
    this.#entries.push(entry);
    this.#timers.set(
      entry.undo,
      setTimeout(() => this.#remove(entry.undo), UNDO_MS),
    );
  }

  #remove(undo: number): void {
    clearTimeout(this.#timers.get(undo));
    this.#timers.delete(undo);
    this.#entries = this.#entries.filter((entry) => entry.undo !== undo);
  }
}
