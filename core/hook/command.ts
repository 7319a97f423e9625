// The command that the settings of an agent hold.
import { shellQuoted } from "../base/shell_quote.ts";
import type { HookClient } from "./clients.ts";

/** What a hook says when gait could not be started, or ended in a way that an agent would take for consent. */
const REFUSAL = `{ echo 'gait: not allowed' >&2; exit 2; }`;

/**
 * The command line of a hook. Any end but a good one becomes exit code 2 with a reason on standard error, the only refusal that all
 * agents heed: also where the program is not found or is killed.
 */
export const hookCommand = (program: string, client: HookClient, flags: readonly (readonly [string, string])[]): string =>
  [
    `${shellQuoted(program)} hook run --client ${client}`,
    ...flags.map(([name, value]) => value === "" ? `--${name}` : `--${name} ${shellQuoted(value)}`),
    `|| ${REFUSAL}`,
  ].join(" ");
