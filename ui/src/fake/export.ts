// The export of the in-memory backend: writes nothing, takes its time, and can be stopped.
import type { ErrorBody } from "../bindings/ErrorBody";
import type { ExportResult } from "../bindings/ExportResult";
import type { ExportFormat } from "../bindings/ExportFormat";
import type { JobView } from "../bindings/JobView";

/** For how long a step is written, in milliseconds. */
export const STEP_MS = 150;
const STEPS = 6;
const ENDINGS: Record<ExportFormat, string> = { markdown: "md", csv: "csv", json: "json" };

export class FakeExport {
  #stop: (() => void) | null = null;

  /** Writes so many rows, and tells how far it is; one that sticks never ends by itself. */
  async run(
    rows: number,
    format: ExportFormat,
    sticks: boolean,
    tell: (work: JobView | null) => void,
  ): Promise<ExportResult> {
    try {
      for (let step = 0; step < STEPS; step += 1) {
        tell({ kind: "export", done: Math.round((rows * step) / STEPS), total: rows });
        await this.#step(sticks && step === STEPS / 2);
      }
    } finally {
      tell(null);
    }
    return { path: `/home/ada/Downloads/gatecall-${new Date().toISOString().slice(0, 10)}.${ENDINGS[format]}`, rows };
  }

  stop(): void {
    this.#stop?.();
  }

  #step(sticks: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const stopped: ErrorBody = { code: "cancelled", message: "The export was stopped." };
      this.#stop = () => reject(stopped as unknown as Error);
      if (!sticks) setTimeout(resolve, STEP_MS);
    });
  }
}
