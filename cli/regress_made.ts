// What `regress init` and `regress add` say of the fixture that they made.
import { regressCommand, SUITE_FILE } from "../core/regress/result.ts";
import type { Made } from "./regress_init.ts";
import { shellWord } from "./runpacks.ts";

/** A fixture that was made, and what to run next. */
export type MadeReport = Made & { readonly ok: true; readonly next_commands: readonly string[] };

/** The JSON view. */
export const madeReport = (made: Made): MadeReport => ({
  ok: true,
  ...made,
  next_commands: [regressCommand(SUITE_FILE, shellWord)],
});

/** The human view. */
export const madeLines = (verb: string, made: Made): readonly string[] => [
  `${verb} ok: fixture ${made.fixture_name}`,
  `run_id=${made.run_id}`,
  `runpack=${made.runpack_path}`,
  `suite=${made.config_path}`,
  "next: gait regress run",
  ...made.warnings.map((warning) => `warning: ${warning}`),
];
