// The corpus of shell commands under fixtures/cases/shell.
import type { ShellReading } from "../../core/shell/reading.ts";
import { readShell } from "../../core/shell/read.ts";

/** A command, and what is to be read of it. */
export type ShellCase = {
  readonly group: string;
  readonly command: string;
  readonly why: string;
  readonly programs?: readonly string[];
  readonly files?: readonly string[];
  readonly unresolved?: string;
};

const FOLDER = new URL("../../fixtures/cases/shell/", import.meta.url);

/** All cases. */
export const SHELL_CASES: readonly ShellCase[] = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort().flatMap(
  (name) => {
    const { cases } = JSON.parse(Deno.readTextFileSync(new URL(name, FOLDER)));
    return cases.map((one: object) => ({ group: name.slice(0, -".json".length), ...one }));
  },
);

/** Those of which everything is known. */
export const RESOLVED = SHELL_CASES.filter(({ unresolved }) => unresolved === undefined);

/** Reads a command of a shell in `/w`. */
export const readIn = (command: string, cwd = "/w"): ShellReading => readShell(command, { cwd, home: "/home/u" });

/** The programs of a reading, in order. */
export const programsOf = ({ commands }: ShellReading): readonly string[] =>
  commands.map(({ program, evaluates }) => evaluates ? `${program} -c` : program);
