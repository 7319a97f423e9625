// What `gait mcp wrap` takes of its host: of other programs the one that it stands before, or of the network what it needs to stand before
// a server there; never both.
import type { Ports } from "../../core/ports.ts";

/** The ports by name. */
export const WRAP_NEEDS = [
  "files",
  "input",
  "output",
  "store",
  "journal",
  "artifacts",
  "lock",
  "state",
  "peer",
  "log",
  "env",
  "clock",
  "timer",
  "random",
  "machine",
  "host",
] as const;

/** The ports of `WRAP_NEEDS`. */
export type WrapPorts = Pick<Ports, typeof WRAP_NEEDS[number]>;

/** What reaches a server, and lets clients reach the gate. */
export const GATE_NEEDS = ["listen", "upstream"] as const;

/** What starts a program, and speaks with a client on standard streams. */
export const STREAM_NEEDS = ["peer", "input", "output"] as const;
