// The part of a list that exists in the page: the rows near the view, and the one the keyboard is at. Owns the scrolled
// element: which rows are drawn, what they measure, and that what a person reads stays where it is.
//
// Where something is on screen, only the page can say; the layout decides what to draw, and how high the rest is.
import { untrack } from "svelte";
import { type Drawing, Layout, type Placed } from "../lib/layout";
import type { Entry } from "../lib/rows";

/** Rows this far beside the view are drawn as well, in pixels: more than a wheel turns while a frame is made. */
const BESIDE = 480;
/** So long after the last leap only what is in view is drawn, in milliseconds: the bar may be dragged on. */
const LEAP_MS = 100;
/** The most rows in the page, however high the view is. */
const MOST = 140;
/** Closer to the end than this, more are asked for, in pixels. */
const AHEAD = 1_200;
/** Closer to the top than this counts as being there, in pixels. */
const TOP = 24;

export class Viewport<T extends Entry> {
  #drawing = $state.raw<Drawing<T>>({ sections: [], below: 0 });
  #layout: Layout<T>;
  #scroller: HTMLElement | undefined;
  #list: HTMLElement | undefined;
  /** In the list, where the view begins; and how high it is: at most as high as the window. */
  #top = 0;
  #height = typeof innerHeight === "number" ? innerHeight : 0;
  #atTop = true;
  /** Only what is in view is drawn at first, and after a leap, until it has been seen. */
  #beside = 0;
  #filling: ReturnType<typeof setTimeout> | undefined;
  #pinned = -1;
  #more = false;
  /** What was drawn last, while it still holds. */
  #drawn = "";
  #frame: number | undefined;
  /** What was in view after the last change or scroll, by where it was in what is scrolled; and how far that was scrolled. */
  #anchors: { row: HTMLElement; top: number; id: string | undefined }[] = [];
  #scrolled = 0;
  #placed = new Map<Element, Placed<T>>();
  #names = new Set<Element>();
  #sizes: ResizeObserver | undefined;

  /** `edge`: the height of the line around the rows of a day. */
  constructor(edge: number) {
    this.#layout = new Layout(edge);
  }

  get drawing(): Drawing<T> {
    return this.#drawing;
  }
  /** Whether the first row is in view. */
  get atTop(): boolean {
    return this.#atTop;
  }
  /** Whether the end is so near that more should be asked for. */
  get nearEnd(): boolean {
    return this.#top + this.#height + AHEAD > this.#layout.total;
  }

  indexOf(key: string, hint: number): number {
    return this.#layout.indexOf(key, hint);
  }

  /** Looks after these elements until the returned function is called. */
  attach(scroller: HTMLElement, list: HTMLElement): () => void {
    this.#scroller = scroller;
    this.#list = list;
    this.#sizes = new ResizeObserver((seen) => this.#measure(seen));
    this.#sizes.observe(scroller);
    this.#leap();
    return () => {
      this.#sizes?.disconnect();
      clearTimeout(this.#filling);
      if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    };
  }

  /** Begins at the top. */
  restart(): void {
    if (this.#scroller) this.#scroller.scrollTop = 0;
    this.#top = 0;
    this.#atTop = true;
    this.#anchors = [];
  }

  /**
   * Before the page changes: takes other rows. With `hold`, the rows in view are drawn again, wherever they are now.
   * Answers where a row of the list before is, or -1.
   */
  take(entries: T[], hold: boolean): (index: number) => number {
    const held = (hold ? this.#anchors : []).flatMap(({ row }) => {
      const placed = this.#placed.get(row);
      return placed ? [{ placed, top: this.#layout.top(placed.index) }] : [];
    });
    const moved = this.#layout.take(entries);
    this.#drawn = "";
    // One that has not moved itself, which is one that has no newer row.
    const anchor = held.find(({ placed }) => entries[moved(placed.index)]?.id === placed.entry.id);
    if (anchor) this.#top += this.#layout.top(moved(anchor.placed.index)) - anchor.top;
    return moved;
  }

  /** Decides what is in the page. `pinned`: the row the keyboard is at; `more`: whether older rows may come. */
  draw(pinned = this.#pinned, more = this.#more): void {
    this.#pinned = pinned;
    this.#more = more;
    const range = this.#layout.range(this.#top - this.#beside, this.#top + this.#height + this.#beside, MOST);
    const drawn = [...range, pinned, more].join();
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#drawing = this.#layout.draw(range, pinned, more);
  }

  /** After the page has changed. With `hold`, what was in view is put back where it was; answers whether it is. */
  settle(hold: boolean): boolean {
    this.#dress();
    const held = hold && this.#hold();
    this.#remember();
    return held;
  }

  /** After a scroll. */
  scrolled(): void {
    this.#remember();
    if (this.#anchors.length === 0) this.#leap();
    this.draw();
  }

  #remember(): void {
    const scroller = this.#scroller;
    if (!scroller || !this.#list) return;
    const { top, bottom } = scroller.getBoundingClientRect();
    this.#top = top - this.#list.getBoundingClientRect().top;
    this.#scrolled = scroller.scrollTop;
    this.#atTop = this.#scrolled <= TOP;
    this.#anchors = [];
    for (const row of this.#placed.keys()) {
      const box = row.getBoundingClientRect();
      if (box.bottom > top && box.top < bottom && row instanceof HTMLElement)
        this.#anchors.push({ row, top: box.top - top + this.#scrolled, id: row.dataset.id });
    }
    // Rather than at the edge, a person reads where the keyboard is.
    this.#anchors.sort((a, b) => Number(isAt(b.row)) - Number(isAt(a.row)) || a.top - b.top);
  }

  #hold(): boolean {
    const scroller = this.#scroller;
    const anchor = this.#anchors.find(({ row, id }) => row.isConnected && row.dataset.id === id);
    if (!anchor || !scroller) return false;
    const { scrollTop } = scroller;
    const by = anchor.row.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scrollTop - anchor.top;
    // Less is no move, but would stop one that is on its way.
    if (Math.abs(by) < 0.5) return true;
    // A scroll that was not heard of yet stays; where less is left below than was scrolled, the engine has scrolled back.
    const atEnd = scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1;
    scroller.scrollTop = by + (atEnd ? Math.max(scrollTop, this.#scrolled) : scrollTop);
    return true;
  }

  /** Tells the rows in the page where they are; they know nothing of the list, and readers of the page not of the others. */
  #dress(): void {
    const placed = untrack(() => this.#drawing).sections.flatMap((section) => section.rows);
    const rows = [...(this.#list?.querySelectorAll<HTMLElement>("[data-testid=row]") ?? [])];
    const before = this.#placed;
    this.#placed = new Map();
    rows.forEach((row, at) => {
      const own = placed[at];
      if (!own) return;
      this.#placed.set(row, own);
      const was = before.get(row);
      before.delete(row);
      if (!was) this.#sizes?.observe(row);
      if (was?.position !== own.position) row.ariaPosInSet = `${own.position}`;
      if (was?.of !== own.of) row.ariaSetSize = `${own.of}`;
      if ((was?.space ?? 0) !== own.space) row.style.marginBlockStart = own.space === 0 ? "" : `${own.space}px`;
    });
    for (const row of before.keys()) this.#sizes?.unobserve(row);
    for (const name of this.#names) if (!name.isConnected && this.#names.delete(name)) this.#sizes?.unobserve(name);
    for (const name of this.#list?.querySelectorAll("section > h2") ?? []) {
      if (!this.#names.has(name)) this.#sizes?.observe(name);
      this.#names.add(name);
    }
  }

  #measure(seen: ResizeObserverEntry[]): void {
    let changed = false;
    for (const { target, borderBoxSize } of seen) {
      const height = borderBoxSize[0]?.blockSize ?? 0;
      const placed = this.#placed.get(target);
      if (target === this.#scroller) {
        this.#height = height;
        changed = true;
      } else if (placed) changed = this.#layout.measured(placed.index, height) || changed;
      else if (target.isConnected)
        changed = this.#layout.named(target === this.#list?.querySelector("section.first > h2"), height) || changed;
    }
    if (!changed) return;
    if (!this.#atTop) this.#hold();
    this.#lazyParts();
  }

  /** Draws what is in view alone, and the rest in a moment. */
  #leap(): void {
    this.#beside = 0;
    clearTimeout(this.#filling);
    this.#filling = setTimeout(() => {
      this.#beside = BESIDE;
      this.draw();
    }, LEAP_MS);
  }

  /** Draws with the next frame: in this one, the sizes are settled. */
  #lazyParts(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#drawn = "";
      this.draw();
    });
  }
}

function isAt(row: HTMLElement): boolean {
  return row.contains(document.activeElement);
}
