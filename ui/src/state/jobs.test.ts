import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { exportPeriodOf } from "../lib/exportPeriod";
import { FakeBackend } from "../fake/backend";
import { scenario } from "../fake/scenarios";
import { Model } from "./model.svelte";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2025, 2, 14, 12, 0) });
});
afterEach(() => {
  vi.useRealTimers();
});

async function startedModel(name: string): Promise<{ model: Model; backend: FakeBackend; said: string[] }> {
  const backend = new FakeBackend(scenario(name, Date.now()));
  const model = new Model(backend);
  const said: string[] = [];
  const say = model.feedback.say.bind(model.feedback);
  model.feedback.say = (sentence) => {
    said.push(sentence);
    say(sentence);
  };
  await model.start();
  return { model, backend, said };
}

describe("what takes long", () => {
  it("is told when it begins and when it is over, not at each step", async () => {
    const { model, said } = await startedModel("deskBusy");
    const done = model.export();
    await vi.advanceTimersByTimeAsync(10_000);
    await done;
    expect(said.slice(0, 2)).toEqual(["Writing the export.", "Over: Writing the export."]);
    expect(said).toHaveLength(3);
  });

  it("is told to be stopped where a person has stopped it", async () => {
    const { model, said } = await startedModel("catchingUp");
    await model.stop("catchUp");
    expect(said).toEqual(["Fetching what was missed.", "Stopped: Fetching what was missed."]);
    expect(model.snapshot?.jobs).toEqual([]);
  });
});

describe("an export", () => {
  it("takes what was chosen and says where the file is", async () => {
    const { model, backend } = await startedModel("deskBusy");
    const { rowExport } = model;
    rowExport.begin(new Date());
    rowExport.period = "1";
    rowExport.format = "csv";
    const done = model.export();
    expect(rowExport.now.state).toBe("running");
    await vi.advanceTimersByTimeAsync(10_000);
    await done;
    expect(backend.calls.find(({ type }) => type === "export")).toMatchObject({
      format: "csv",
      from: new Date(2025, 2, 14, 11).toISOString(),
      to: null,
    });
    expect(rowExport.now).toMatchObject({
      state: "done",
      file: { path: "/home/ada/Downloads/gatecall-2025-03-14.csv" },
    });
  });

  it("that is stopped is no error", async () => {
    const { model } = await startedModel("exporting");
    const done = model.export();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(model.snapshot?.jobs).toMatchObject([{ kind: "export" }]);
    await model.stop("export");
    await done;
    expect(model.rowExport.now).toEqual({ state: "stopped" });
    expect(model.feedback.problem).toBeNull();
    expect(model.snapshot?.jobs).toEqual([]);
  });

  it("that fails says why, beside what was chosen", async () => {
    const { model, backend } = await startedModel("deskBusy");
    const call = backend.call.bind(backend);
    backend.call = <T>(request: Parameters<typeof call>[0]) =>
      request.type === "export" ? Promise.reject({ code: "file", message: "The disk is full." }) : call<T>(request);
    await model.export();
    expect(model.rowExport.now).toMatchObject({ state: "failed", error: { message: "The disk is full." } });
  });

  it("of a time of one's own is sent only when the time is one", async () => {
    const { model, backend } = await startedModel("deskBusy");
    const { rowExport } = model;
    rowExport.begin(new Date());
    rowExport.period = "own";
    rowExport.to = rowExport.from;
    await model.export();
    expect(rowExport.wrong).toEqual({ field: "to", reason: "backwards" });
    rowExport.to = "2025-03-14T12:30";
    expect(rowExport.wrong).toBeNull();
    rowExport.from = "";
    expect(rowExport.wrong).toEqual({ field: "from", reason: "noTime" });
    expect(backend.calls.some(({ type }) => type === "export")).toBe(false);
  });

  it("of everything has no ends", () => {
    expect(exportPeriodOf("all", "", "", new Date())).toEqual({ from: null, to: null });
  });
});
