// Spellings that are no more: each answers with what to write instead (spec 01, section 3.2, rule 4).
import { flagName } from "./flags.ts";

/** One retired command. */
export type Retired = { readonly path: readonly string[]; readonly replacement: string };

/** All of them. */
export const RETIRED: readonly Retired[] = [{ path: ["mcp-verify"], replacement: "gait mcp verify" }];

/** The `migration` member of the error that a retired command gives. */
export const migration = ({ path, replacement }: Retired) => ({
  kind: "command",
  deprecated_command: ["gait", ...path].join(" "),
  replacement_command: replacement,
});

/** One retired flag of a command; names without dashes. */
export type RetiredFlag = { readonly path: readonly string[]; readonly flag: string; readonly replacement: string };

const RETIRED_FLAGS: readonly RetiredFlag[] = [{ path: ["capture"], flag: "save-as", replacement: "out" }];

/** The first retired flag of a command among its arguments. */
export const retiredFlag = (path: readonly string[], argv: readonly string[]): RetiredFlag | undefined =>
  RETIRED_FLAGS.find((row) => row.path.join(" ") === path.join(" ") && argv.some((arg) => flagName(arg) === row.flag));

/** The `migration` member of the error that a retired flag gives. */
export const flagMigration = ({ flag, replacement }: RetiredFlag) => ({
  kind: "flag",
  deprecated_flag: `--${flag}`,
  replacement_flag: `--${replacement}`,
});
