import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Request } from "../bindings/Request";
import { FakeBackend } from "../fake/backend";
import { scenario } from "../fake/scenarios";
import { startedModel } from "../fake/startedModel";
import { Model } from "./model.svelte";

beforeEach(() => void vi.useFakeTimers({ now: new Date(2025, 2, 14, 12, 0) }));
afterEach(() => void vi.useRealTimers());

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

async function opened(name: string) {
  const { model, backend } = await startedModel(name);
  model.openSettings();
  await settle();
  const sent = (type: Request["type"]) => backend.calls.filter((call) => call.type === type);
  return { model, host: model.settings.host, sent };
}

describe("the network", () => {
  it("changes part by part, and is shown as it was understood", async () => {
    const { host, sent } = await opened("traveler");
    expect(host.network).toEqual({ proxy: "environment", bypass: [], caFile: null });
    void host.changeNetwork("proxy", "http://ada:secret@proxy.example:8080");
    void host.changeNetwork("bypass", ["10.0.0.0/8"]);
    await settle();
    expect(host.network).toEqual({ proxy: "http://ada:*@proxy.example:8080", bypass: ["10.0.0.0/8"], caFile: null });
    expect(sent("setNetwork")).toMatchObject([
      { network: { bypass: [] } },
      { network: { proxy: "http://ada:*@proxy.example:8080" } },
    ]);
  });

  it("tells what is wrong where it is wrong, and keeps what holds", async () => {
    const { host } = await opened("traveler");
    expect(await host.changeNetwork("proxy", "nonsense")).toBe("proxy");
    expect(await host.changeNetwork("bypass", ["a b"])).toBe("bypass");
    expect(await host.changeNetwork("caFile", "/etc/passwd")).toBe("caFile");
    expect(host.error("proxy")).toContain("not the address of a proxy");
    expect(host.error("bypass")).toContain("“a b”");
    expect(host.error("caFile")).toContain("no certificates");
    expect(host.network).toEqual({ proxy: "environment", bypass: [], caFile: null });
    expect(await host.changeNetwork("proxy", "none")).toBeNull();
    expect(host.error("proxy")).toBeUndefined();
  });
});

describe("the start with the session", () => {
  it("is what the system says", async () => {
    const { host } = await opened("traveler");
    expect(host.autostart).toBe("off");
    expect(await host.setAutostart(true)).toBeNull();
    expect(host.autostart).toBe("on");
  });

  it("stays as it is where the system refuses", async () => {
    const { host } = await opened("readonly");
    expect(await host.setAutostart(true)).toBe("autostart");
    expect(host.autostart).toBe("off");
    expect(host.error("autostart")).toContain("cannot be written");
  });

  it("may be none", async () => {
    expect((await opened("fixed")).host.autostart).toBe("unsupported");
  });
});

describe("the program", () => {
  it("asks for its licences once, and only when somebody looks", async () => {
    const { host, sent } = await opened("traveler");
    expect(host.about?.version).toBe("0.1.0");
    expect(sent("licences")).toHaveLength(0);
    void host.loadLicences();
    void host.loadLicences();
    await settle(1_000);
    await host.loadLicences();
    expect(host.licences).toContain("rustls");
    expect(sent("licences")).toHaveLength(1);
  });

  it("says where the diagnostics are, and why there are none", async () => {
    const { host } = await opened("traveler");
    void host.diagnose();
    expect(host.busy("diagnostics")).toBe(true);
    await settle(1_000);
    expect(host.report).toContain("/Downloads/");
    const failing = (await opened("readonly")).host;
    await failing.diagnose();
    expect(failing.error("diagnostics")).toContain("disk is full");
  });

  it("makes the index anew once at a time", async () => {
    const { model, host, sent } = await opened("traveler");
    const done = host.reindex();
    expect(await host.reindex()).toBe(false);
    await settle();
    expect(model.snapshot?.jobs).toMatchObject([{ kind: "reindex" }]);
    await settle(5_000);
    expect(await done).toBe(true);
    expect(model.snapshot?.jobs).toEqual([]);
    expect(sent("reindex")).toHaveLength(1);
  });
});

it("a preference that cannot be saved is told beside its field, and shows what holds", async () => {
  const { model, host } = await opened("readonly");
  expect(await model.settings.set("sound", (before) => ({ ...before, sound: "silent" }))).toBe(false);
  expect(host.error("sound")).toContain("disk is full");
  expect(model.settings.preferences?.sound).toBe("system");
  expect(model.feedback.problem).toBeNull();
});

describe("the first sign-in of a window", () => {
  const form = {
    server: "https://fly.example",
    authUrl: null,
    bookingUrl: null,
    email: "ada@example.com",
    password: "Test123!",
  };

  it("leads to the test of the toasts, once", async () => {
    const model = new Model(new FakeBackend(scenario("signin", Date.now())));
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
    const model = new Model(new FakeBackend(scenario("again", Date.now())));
    await model.start();
    await model.session.signIn(form);
    expect(model.screen).toBe("inbox");
  });
});
