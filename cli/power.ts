// Least power: what a command does not need is given up before it reads its input, and cannot be taken back. What each port
// costs stands here once; the network is for serving and for sending what a user names an address for, nothing needs native
// code, and other programs are for replaying real tools.
import { fail, ok, type Result } from "../core/base/result.ts";
import type { Ports } from "../core/ports.ts";

const KINDS = ["read", "write", "env", "sys", "run", "net", "ffi", "import"] as const;

/** A kind of permission of the runtime. */
export type Permission = typeof KINDS[number];

const COSTS: Readonly<Record<keyof Ports, readonly Permission[]>> = {
  files: ["read"],
  input: [], // it is open already
  store: ["read", "write"], // looking at the target, syncing its folder
  journal: ["read", "write"],
  lock: ["read", "write"],
  state: ["read", "write"],
  process: ["run"],
  child: ["run"],
  threads: [], // they have what the program has
  peer: ["run"],
  output: [], // as input
  listen: ["read", "write", "net"], // a socket may be a file
  log: [],
  net: ["net"],
  upstream: ["net"],
  artifacts: ["read", "write"],
  env: ["env"],
  clock: [],
  timer: [],
  random: [],
  machine: [], // known from the build; the home folder is asked for before
  host: [],
  progress: [],
};

/** The permissions that stay for a command with these needs; event logs are files that are read and written. */
export const kept = (needs: readonly (keyof Ports)[], logs: boolean): ReadonlySet<Permission> =>
  new Set([...needs.flatMap((need) => COSTS[need]), ...(logs ? COSTS.store : [])]);

/** Revokes one kind and says what is left of it. */
export type Revoke = (name: Permission) => { readonly state: string; readonly partial: boolean };

/** Gives up all other permissions for good. A host that does not obey is a fault: the command must not run. */
export function restrict(keep: ReadonlySet<Permission>, revoke: Revoke): Result<void> {
  const held = KINDS.filter((name) => !keep.has(name)).filter((name) => {
    const { state, partial } = revoke(name);
    return state === "granted" || partial;
  });
  return held.length === 0
    ? ok(undefined)
    : fail("internal", `Cannot give up permissions (${held.join(", ")}): refusing to run with them`);
}
