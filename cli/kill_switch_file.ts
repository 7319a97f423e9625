// The state of the kill switch where it is kept: what the gate and the commands of the kill switch read and change.
import { fail, ok, type Result } from "../core/base/result.ts";
import {
  type Change,
  emptyKillSwitch,
  killSwitchBytes,
  type KillSwitchState,
  readKillSwitch,
  type Stamp,
} from "../core/gate/kill_switch_state.ts";
import type { Ports } from "../core/ports.ts";

/** Where the state is unless a flag says otherwise. */
export const KILL_SWITCH_PATH = ".gait-out/kill_switch_state.json";

const gone = (path: string): Result<never> =>
  fail("file_missing", `Cannot read "${path}": there is no state of a kill switch`, { file: path });

/** The state at a path; `read` may keep what it read before. Faults: `file_missing`, those of the port and of `readKillSwitch`. */
export async function loadKillSwitch(
  path: string,
  { state }: Pick<Ports, "state">,
  read: typeof readKillSwitch = readKillSwitch,
): Promise<Result<KillSwitchState>> {
  const bytes = await state.read(path);
  if (!bytes.ok) return bytes;
  return bytes.value === undefined ? gone(path) : read(bytes.value, path);
}

/** Changes a state; `make` begins one where there is none. */
export type Changing = { readonly make?: true; change(state: KillSwitchState, stamp: Stamp): Result<Change> };

/** Changes the state at a path in one step. Faults: those of `loadKillSwitch` and of `change`. */
export const changeKillSwitch = (
  path: string,
  { make, change }: Changing,
  stamp: Stamp,
  { state }: Pick<Ports, "state">,
): Promise<Result<Change>> =>
  state.update(path, (bytes) => {
    const before = bytes !== undefined ? readKillSwitch(bytes, path) : make ? ok(emptyKillSwitch(stamp)) : gone(path);
    if (!before.ok) return before;
    const changed = change(before.value, stamp);
    return changed.ok ? ok({ value: changed.value, next: killSwitchBytes(changed.value.state) }) : changed;
  });
