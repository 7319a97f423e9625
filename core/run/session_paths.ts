// Where the files of a session lie, all beside its journal (spec 01, section 8.1), and which of them nothing else may replace.
import { cleanPath } from "../base/paths.ts";

/** The files that belong to a journal. */
export type SessionPaths = {
  readonly journal: string;
  readonly state: string;
  readonly lock: string;
  readonly chain: string;
};

/** The files of the session whose journal is at a cleaned path. */
export const sessionPaths = (journal: string): SessionPaths => {
  const name = journal.lastIndexOf("/") + 1;
  const dot = journal.lastIndexOf(".");
  return {
    journal,
    state: `${journal}.state.json`,
    lock: `${journal}.lock`,
    chain: `${dot < name ? journal : journal.slice(0, dot)}_chain.json`,
  };
};

/** The first of `paths` that is the same file by name as `output`; undefined when none is. */
export const clash = (output: string, paths: readonly string[]): string | undefined =>
  paths.find((path) => cleanPath(path) === cleanPath(output));
