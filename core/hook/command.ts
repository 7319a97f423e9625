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

const WRITTEN = /^([\w@%+=:,./-]+|'(?:[^']|'\\'')*') hook run --client ([a-z-]+)(?= |$)/;
const GAIT = /(?:^|[/\\'])gait(?:[.-][^/]*)?$/;

/** Whether a failing of the command of a hook refuses. */
export const refuses = (command: string): boolean => command.endsWith(`|| ${REFUSAL}`);

/** Whether a command is one that was written for an agent: the program may have any name, but then the command must end as written. */
export function isHookCommand(command: string, client: HookClient): boolean {
  const [, program = "", named] = WRITTEN.exec(command) ?? [];
  return named === client && (refuses(command) || GAIT.test(program));
}

/** Whether a command speaks of gait's hooks at all. */
export const mentionsHook = (command: string): boolean => /\bhook run --client\b/.test(command);
