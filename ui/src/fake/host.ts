// What the in-memory backend knows of the machine: the network, the start with the session, the program. As the real one
// it judges what it is told, so that every error can be brought about by typing.
import type { About } from "../bindings/About";
import type { Autostart } from "../bindings/Autostart";
import type { NetworkView } from "../bindings/NetworkView";
import type { Request } from "../bindings/Request";
import type { ServerCheck } from "../bindings/ServerCheck";
import type { JobView } from "../bindings/JobView";
import { NO_ADDRESS, problem } from "./errors";

/** How long looking at an address takes, in milliseconds; one with `slow` in it takes ten times as long. */
export const CHECK_MS = 150;
const REINDEX_STEPS = 4;
const REINDEX_MS = 300;

const ABOUT: About = {
  version: "0.1.0",
  protocol: 5,
  sqlite: "3.51.3",
  system: "Debian GNU/Linux 12, x86_64",
  dataDir: "/home/ada/.local/share/gatecall",
  configDir: "/home/ada/.config/gatecall",
  inboxBytes: 18_400_000,
  rows: 12_480,
  memoryBytes: 15_800_000,
};

const LICENCE =
  "Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files, to deal in the software without restriction.";
const LICENCES = [
  "tokio 1.48 — MIT",
  "rustls 0.23 — Apache-2.0 or MIT",
  "rusqlite 0.40 — MIT",
  "Inter — OFL-1.1",
  "Svelte 5 — MIT",
]
  .map((name) => `${name}\n\n${`${LICENCE}\n`.repeat(4)}`)
  .join("\n");

/** Whether this is the address of a server. A host has a dot here, so that a slip can be typed. */
export function isAddress(server: string): boolean {
  const host = server.replace(/^(https?|wss?):\/\//, "");
  return !host.includes("://") && (host.includes(".") || host.includes("localhost"));
}

export class FakeHost {
  #network: NetworkView = { proxy: "environment", bypass: [], caFile: null };
  #autostart: Autostart;
  #fails: boolean;
  #onJobs: (work: JobView[]) => void;

  /** `fails`: the disk takes no settings. `work` hears what takes long. */
  constructor(autostart: Autostart, fails: boolean, onJobs: (jobs: JobView[]) => void) {
    this.#autostart = autostart;
    this.#fails = fails;
    this.#onJobs = onJobs;
  }

  /** Answers what it knows of; nothing to what it does not. */
  answer(request: Request): { answer: unknown } | undefined {
    switch (request.type) {
      case "network":
        return { answer: this.#network };
      case "setNetwork":
        return { answer: this.#setNetwork(request.network) };
      case "autostart":
        return { answer: this.#autostart };
      case "setAutostart":
        if (this.#fails)
          throw problem("unsupported", "The folder for programs that start with the session cannot be written.");
        if (this.#autostart === "unsupported")
          throw problem("unsupported", "This program cannot be started by the session.");
        this.#autostart = request.on ? "on" : "off";
        return { answer: null };
      case "about":
        return { answer: ABOUT };
      case "licences":
        return { answer: lazyParts(LICENCES, CHECK_MS) };
      case "diagnostics":
        if (this.#fails) throw problem("file", "The diagnostics file could not be written: the disk is full.");
        return { answer: lazyParts("/home/ada/Downloads/gatecall-diagnostics-2026-03-11.txt", CHECK_MS) };
      case "checkServer":
        return { answer: this.#check(request.server) };
      case "startDemo":
        if (this.#fails) throw problem("unsupported", "The demo could not be started.");
        return { answer: lazyParts(null, CHECK_MS) };
      case "reindex":
        return { answer: this.#reindex() };
      default:
        return undefined;
    }
  }

  #setNetwork(network: NetworkView): null {
    if (this.#fails) throw problem("store", "The settings could not be saved: the disk is full.");
    const { proxy, bypass, caFile } = network;
    if (!/^(environment|none|(https?|socks5h?):\/\/[^\s/]+)$/.test(proxy)) {
      throw problem(
        "invalidProxy",
        "This is not the address of a proxy. Enter one such as http://proxy.example:8080, or choose another way.",
      );
    }
    const host = bypass.find((each) => !/^(\*|\.?[\w-]+(\.[\w-]+)*(\/\d+)?|[\da-f:]+(\/\d+)?)$/i.test(each));
    if (host) throw problem("invalidProxy", `“${host}” is neither a host nor a network.`);
    if (caFile && !/\.(pem|crt)$/.test(caFile))
      throw problem("invalidCaFile", "There are no certificates in this file.");
    this.#network = { ...network, proxy: proxy.replace(/(:\/\/[^:@]+):[^@]+@/, "$1:*@") };
    return null;
  }

  #check(server: string): Promise<ServerCheck> {
    const address = server.includes("://") ? server : `https://${server}`;
    const found = (steps: string, wrong: string | null): ServerCheck => {
      const [reachable = "g", encrypted = "g", speaks = "g"] = steps;
      const of = { g: "good", d: "doubtful", b: "bad", u: "unknown" } as const;
      const step = (letter: string) => of[letter as keyof typeof of];
      return { address, reachable: step(reachable), encrypted: step(encrypted), speaks: step(speaks), problem: wrong };
    };
    const host = address.replace(/^\w+:\/\//, "");
    if (!isAddress(server)) {
      return Promise.reject(NO_ADDRESS);
    }
    const answer = host.includes("down")
      ? found("buu", `Nothing answers at ${host}. Is the address right, and is this machine online?`)
      : host.includes("tls") && this.#network.caFile === null
        ? found(
            "gbu",
            `The certificate of ${host} is signed by nobody whom this machine trusts. A corporate proxy may need its authority in the network settings.`,
          )
        : host.includes("web")
          ? found("ggb", `There is a web server at ${host}, but no booking service.`)
          : address.startsWith("http://") && !host.startsWith("localhost")
            ? found("gdg", "Nothing is encrypted on the way: others in the same network can read your password.")
            : found("ggg", null);
    return lazyParts(answer, host.includes("slow") ? 10 * CHECK_MS : CHECK_MS);
  }

  async #reindex(): Promise<null> {
    for (let step = 0; step < REINDEX_STEPS; step += 1) {
      this.#onJobs([{ kind: "reindex", done: (step * ABOUT.rows) / REINDEX_STEPS, total: ABOUT.rows }]);
      await lazyParts(null, REINDEX_MS);
    }
    this.#onJobs([]);
    return null;
  }
}

function lazyParts<Answer>(answer: Answer, ms: number): Promise<Answer> {
  return new Promise((resolve) => setTimeout(() => resolve(answer), ms));
}
