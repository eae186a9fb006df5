import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Backend } from "../backend";
import type { Request } from "../bindings/Request";
import type { ServerCheck } from "../bindings/ServerCheck";
import { AddressCheck, TYPED_MS } from "./serverCheck.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

/** A backend whose answers come when the test lets them. */
function asked() {
  const open: { server: string; bookingUrl: string | null; answer: (problem?: string) => void; refuse: () => void }[] =
    [];
  const call = (request: Request) =>
    new Promise<unknown>((resolve, reject) => {
      if (request.type !== "checkServer") throw new Error(request.type);
      const { server: address, bookingUrl } = request;
      const found = (problem: string | null): ServerCheck => ({
        address,
        reachable: "good",
        encrypted: "good",
        speaks: "good",
        problem,
      });
      open.push({
        server: address,
        bookingUrl,
        answer: (problem) => resolve(found(problem ?? null)),
        refuse: () => reject({ code: "invalidServer", message: "This is not a web address." }),
      });
    });
  const said: string[] = [];
  const backend: Backend = {
    call: call as Backend["call"],
    onPush: () => Promise.resolve(),
    onIpcState: () => Promise.resolve(),
  };
  return { check: new AddressCheck(backend, (sentence) => said.push(sentence)), open, said };
}

it("waits for the last key, and asks once", async () => {
  const { check, open } = asked();
  for (const text of ["f", "fl", "fly.example "]) {
    check.typed(text, " ");
    await settle(TYPED_MS - 1);
  }
  expect(open).toHaveLength(0);
  expect(check.state).toBe("running");
  await settle(1);
  expect(open).toMatchObject([{ server: "fly.example", bookingUrl: null }]);
});

it("has one question under way, and drops the answer to what no longer stands there", async () => {
  const { check, open, said } = asked();
  check.typed("old.example", null);
  await settle(TYPED_MS);
  check.typed("new.example", "https://b.example");
  await settle(TYPED_MS);
  expect(open).toHaveLength(1);
  open[0]?.answer("stale");
  await settle();
  expect([check.state, check.found, said]).toEqual(["running", null, []]);
  expect(open.map(({ server }) => server)).toEqual(["old.example", "new.example"]);
  open[1]?.answer();
  await settle();
  expect(check.found?.address).toBe("new.example");
  expect(said).toEqual(["A booking service answers at new.example."]);
});

it("does not ask before its time because an answer came", async () => {
  const { check, open } = asked();
  check.typed("one.example", null);
  await settle(TYPED_MS);
  check.typed("two", null);
  open[0]?.answer();
  await settle(TYPED_MS - 1);
  expect(open).toHaveLength(1);
});

it("forgets what was asked when the field is emptied", async () => {
  const { check, open } = asked();
  check.typed("one.example", null);
  await settle(TYPED_MS);
  check.typed("  ", null);
  expect(check.state).toBe("idle");
  open[0]?.answer();
  await settle(TYPED_MS);
  expect([check.state, check.found, open.length]).toEqual(["idle", null, 1]);
});

it("says what is wrong with an address that is none", async () => {
  const { check, open, said } = asked();
  void check.now("nowhere", null);
  open[0]?.refuse();
  await settle();
  expect(check.found).toMatchObject({ reachable: "unknown", problem: "This is not a web address." });
  expect(said).toEqual(["This is not a web address."]);
});
