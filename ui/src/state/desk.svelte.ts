// The desk as it is on screen: asked for while somebody looks at it, at most once a second. Knows no DOM.
//
// What is new is no answer by itself: however much is pushed, the next question waits until a second is over.
import type { Backend } from "../backend";
import type { DeskView } from "../bindings/DeskView";
import type { ErrorBody } from "../bindings/ErrorBody";
import type { Notification } from "../bindings/Notification";
import type { Page } from "../bindings/Page";
import { EVERYTHING } from "../lib/criteria";
import { failure } from "../lib/failure";

/** Between two questions, at least, in milliseconds. */
export const AGAIN_MS = 1_000;
/** Between two questions while nothing is new: minutes pass all the same. */
export const QUIET_MS = 10_000;
/** Among so many of the latest rows urgent ones are looked for. */
const LATEST = 200;
/** So many urgent rows are kept. */
const URGENT = 3;

export class Desk {
  #isOpen = $state(false);
  #isWall = $state(false);
  #view = $state.raw<DeskView | null>(null);
  #at = $state.raw<Date | null>(null);
  #error = $state.raw<ErrorBody | null>(null);
  #urgent = $state.raw<Notification[]>([]);

  #backend: Backend;
  #isSeen = true;
  #asking = false;
  /** Something is new since the last question. */
  #due = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the timer is the second that has to pass. */
  #resting = false;
  /** Raised for another account, so that the answer to the one before is not taken for its own. */
  #generation = 0;

  #onclose: () => void;

  /** `onclose` is told when the page under it can be seen again. */
  constructor(backend: Backend, onclose: () => void) {
    this.#backend = backend;
    this.#onclose = onclose;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }
  /** Whether it is laid out for across the room. */
  get isWall(): boolean {
    return this.#isWall;
  }
  /** The latest answer; it stays when there is no newer one. */
  get view(): DeskView | null {
    return this.#view;
  }
  /** When that was. */
  get at(): Date | null {
    return this.#at;
  }
  /** Why there is no newer one. */
  get error(): ErrorBody | null {
    return this.#error;
  }
  /** The latest urgent rows, newest first; kept for the wall only. */
  get urgent(): Notification[] {
    return this.#urgent;
  }

  open(): void {
    this.#isOpen = true;
    this.ask();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = this.#isWall = false;
    this.#stop();
    this.#onclose();
  }

  /** Lays it out for across the room, or as a page again. */
  placeUnder(wall: boolean): void {
    if (wall) this.open();
    this.#isWall = wall;
    if (wall) void this.#findUrgent();
  }

  /** Whether the page can be seen at all; what cannot be seen asks nothing. */
  see(seen: boolean): void {
    this.#isSeen = seen;
    if (seen) this.ask();
    else this.#stop();
  }

  /** Something is new. */
  onRows(items: Notification[] = []): void {
    if (!this.#isOpen) return;
    this.#due = true;
    if (this.#isWall) this.#keepUrgent(items);
    if (!this.#resting) this.ask();
  }

  /** Asks at once, unless a question is under way. */
  ask(): void {
    if (!this.#isOpen || !this.#isSeen || this.#asking) return;
    this.#stop();
    void this.#ask();
  }

  /** Forgets everything: another account, or none. */
  reset(): void {
    this.#isOpen = this.#isWall = false;
    this.#stop();
    this.#generation += 1;
    this.#view = this.#at = this.#error = null;
    this.#urgent = [];
  }

  async #ask(): Promise<void> {
    const generation = this.#generation;
    this.#asking = true;
    this.#due = false;
    try {
      const view = await this.#backend.call<DeskView>({ type: "desk" });
      if (generation === this.#generation) {
        this.#view = view;
        this.#at = new Date();
        this.#error = null;
      }
    } catch (thrown) {
      if (generation === this.#generation) this.#error = failure(thrown);
    }
    this.#asking = false;
    if (!this.#isOpen || !this.#isSeen) return;
    this.#resting = true;
    this.#timer = setTimeout(() => {
      this.#resting = false;
      if (this.#due) this.ask();
      else this.#timer = setTimeout(() => this.ask(), QUIET_MS - AGAIN_MS);
    }, AGAIN_MS);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#resting = false;
  }

  async #findUrgent(): Promise<void> {
    try {
      const { items } = await this.#backend.call<Page>({
        type: "list",
        criteria: EVERYTHING,
        before: null,
        limit: LATEST,
      });
      this.#keepUrgent(items);
    } catch {
      // What is pushed comes all the same, and what is wrong with the store the desk's own question tells.
    }
  }

  #keepUrgent(items: Notification[]): void {
    const fresh = items.filter((item) => item.urgency === "critical");
    if (fresh.length === 0) return;
    const known = new Map([...this.#urgent, ...fresh].map((item) => [item.id, item]));
    this.#urgent = [...known.values()].sort((a, b) => b.id - a.id).slice(0, URGENT);
  }
}
