// What `gait mcp wrap` takes of its host: no network, and of other programs the one that it stands before.
import type { Ports } from "../../core/ports.ts";

/** The ports by name. */
export const WRAP_NEEDS = [
  "files",
  "input",
  "output",
  "store",
  "journal",
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
