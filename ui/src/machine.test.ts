import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Request } from "./bindings/Request";
import { MemoryBackend } from "./memory/backend";
import { scenario } from "./memory/scenarios";
import { started } from "./memory/started";
import { Model } from "./model.svelte";

beforeEach(() => void vi.useFakeTimers({ now: new Date(2025, 2, 14, 12, 0) }));
afterEach(() => void vi.useRealTimers());

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

async function opened(name: string) {
  const { model, backend } = await started(name);
  model.openSettings();
  await settle();
  const sent = (type: Request["type"]) => backend.calls.filter((call) => call.type === type);
  return { model, machine: model.settings.machine, sent };
}

describe("the network", () => {
  it("changes part by part, and is shown as it was understood", async () => {
    const { machine, sent } = await opened("traveler");
    expect(machine.network).toEqual({ proxy: "environment", bypass: [], caFile: null });
    void machine.changeNetwork("proxy", "http://ada:secret@proxy.example:8080");
    void machine.changeNetwork("bypass", ["10.0.0.0/8"]);
    await settle();
    expect(machine.network).toEqual({ proxy: "http://ada:*@proxy.example:8080", bypass: ["10.0.0.0/8"], caFile: null });
    expect(sent("setNetwork")).toMatchObject([{ network: { bypass: [] } }, { network: { proxy: "http://ada:*@proxy.example:8080" } }]);
  });

  it("tells what is wrong where it is wrong, and keeps what holds", async () => {
    const { machine } = await opened("traveler");
    expect(await machine.changeNetwork("proxy", "nonsense")).toBe("proxy");
    expect(await machine.changeNetwork("bypass", ["a b"])).toBe("bypass");
    expect(await machine.changeNetwork("caFile", "/etc/passwd")).toBe("caFile");
    expect(machine.trouble("proxy")).toContain("not the address of a proxy");
    expect(machine.trouble("bypass")).toContain("“a b”");
    expect(machine.trouble("caFile")).toContain("no certificates");
    expect(machine.network).toEqual({ proxy: "environment", bypass: [], caFile: null });
    expect(await machine.changeNetwork("proxy", "none")).toBeNull();
    expect(machine.trouble("proxy")).toBeUndefined();
  });
});

describe("the start with the session", () => {
  it("is what the system says", async () => {
    const { machine } = await opened("traveler");
    expect(machine.autostart).toBe("off");
    expect(await machine.setAutostart(true)).toBeNull();
    expect(machine.autostart).toBe("on");
  });

  it("stays as it is where the system refuses", async () => {
    const { machine } = await opened("readonly");
    expect(await machine.setAutostart(true)).toBe("autostart");
    expect(machine.autostart).toBe("off");
    expect(machine.trouble("autostart")).toContain("cannot be written");
  });

  it("may be none", async () => {
    expect((await opened("fixed")).machine.autostart).toBe("unsupported");
  });
});

describe("the program", () => {
  it("asks for its licences once, and only when somebody looks", async () => {
    const { machine, sent } = await opened("traveler");
    expect(machine.about?.version).toBe("0.1.0");
    expect(sent("licences")).toHaveLength(0);
    void machine.loadLicences();
    void machine.loadLicences();
    await settle(1_000);
    await machine.loadLicences();
    expect(machine.licences).toContain("rustls");
    expect(sent("licences")).toHaveLength(1);
  });

  it("says where the diagnostics are, and why there are none", async () => {
    const { machine } = await opened("traveler");
    void machine.diagnose();
    expect(machine.busy("diagnostics")).toBe(true);
    await settle(1_000);
    expect(machine.report).toContain("/Downloads/");
    const failing = (await opened("readonly")).machine;
    await failing.diagnose();
    expect(failing.trouble("diagnostics")).toContain("disk is full");
  });

  it("makes the index anew once at a time", async () => {
    const { model, machine, sent } = await opened("traveler");
    const done = machine.reindex();
    expect(await machine.reindex()).toBe(false);
    await settle();
    expect(model.snapshot?.work).toMatchObject([{ kind: "reindex" }]);
    await settle(5_000);
    expect(await done).toBe(true);
    expect(model.snapshot?.work).toEqual([]);
    expect(sent("reindex")).toHaveLength(1);
  });
});

it("a preference that cannot be saved is told beside its field, and shows what holds", async () => {
  const { model, machine } = await opened("readonly");
  expect(await model.settings.set("sound", (before) => ({ ...before, sound: "silent" }))).toBe(false);
  expect(machine.trouble("sound")).toContain("disk is full");
  expect(model.settings.preferences?.sound).toBe("system");
  expect(model.manner.problem).toBeNull();
});

describe("the first sign-in of a window", () => {
  const form = { server: "https://fly.example", authUrl: null, bookingUrl: null, email: "ada@example.com", password: "Test123!" };

  it("leads to the test of the toasts, once", async () => {
    const model = new Model(new MemoryBackend(scenario("signin", Date.now())));
    await model.start();
    await expect(model.session.signIn({ ...form, password: "no" })).rejects.toMatchObject({ code: "signInRefused" });
    expect(model.screen).toBe("signIn");
    await model.session.signIn(form);
    expect(model.screen).toBe("firstRun");
    model.session.greeted();
    expect(model.screen).toBe("inbox");
    await model.session.signOut(false);
    await model.session.signIn(form);
    expect(model.screen).toBe("inbox");
  });

  it("of somebody who signs in again does not", async () => {
    const model = new Model(new MemoryBackend(scenario("again", Date.now())));
    await model.start();
    await model.session.signIn(form);
    expect(model.screen).toBe("inbox");
  });
});
