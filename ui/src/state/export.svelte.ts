// Rows into a file: what is chosen, what is wrong with it, and what became of it. Knows no DOM.
import type { Backend } from "../backend";
import type { ErrorBody } from "../bindings/ErrorBody";
import type { ExportResult } from "../bindings/ExportResult";
import type { ExportFormat } from "../bindings/ExportFormat";
import { failure } from "../lib/failure";
import { localMinute, type Period, exportPeriodOf, type PeriodError } from "../lib/exportPeriod";

export type ExportState =
  | { state: "idle" | "running" | "stopped" }
  | { state: "done"; file: ExportResult }
  | { state: "failed"; error: ErrorBody };

/** A shift, which is what is handed over. */
const SHIFT_MS = 8 * 60 * 60_000;

export class RowExport {
  period = $state<Period>("8");
  format = $state<ExportFormat>("markdown");
  /** Both as `datetime-local` gives them. */
  from = $state("");
  to = $state("");

  #now = $state.raw<ExportState>({ state: "idle" });
  /** What is wrong is told once somebody has tried, and then follows what is typed. */
  #tried = $state(false);
  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get now(): ExportState {
    return this.#now;
  }

  get wrong(): PeriodError | null {
    if (!this.#tried) return null;
    const span = exportPeriodOf(this.period, this.from, this.to, new Date());
    return "reason" in span ? span : null;
  }

  /** Begins anew, unless a file is being written. */
  begin(now: Date): void {
    if (this.#now.state === "running") return;
    this.#now = { state: "idle" };
    this.#tried = false;
    this.from ||= localMinute(new Date(now.getTime() - SHIFT_MS));
    this.to ||= localMinute(now);
  }

  /** Writes the file. Answers what became of it; nothing where something is wrong with what was chosen. */
  async run(now: Date): Promise<ExportState | null> {
    if (this.#now.state === "running") return null;
    this.#tried = true;
    const span = exportPeriodOf(this.period, this.from, this.to, now);
    if ("reason" in span) return null;
    this.#now = { state: "running" };
    try {
      const file = await this.#backend.call<ExportResult>({ type: "export", format: this.format, ...span });
      this.#now = { state: "done", file };
    } catch (thrown) {
      const error = failure(thrown);
      // Who has stopped it need not be told of an error.
      this.#now = error.code === "cancelled" ? { state: "stopped" } : { state: "failed", error };
    }
    return this.#now;
  }
}
