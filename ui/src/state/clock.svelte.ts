// The time that is on screen, as a value that changes.

export class Clock {
  #now = $state(new Date());

  get now(): Date {
    return this.#now;
  }

  /** Ticks every `everyMs` until the returned function is called; moves on at once. */
  run(everyMs: number): () => void {
    this.#now = new Date();
    const timer = setInterval(() => {
      this.#now = new Date();
    }, everyMs);
    return () => clearInterval(timer);
  }
}
