// Recorded cases as data: the files of a case and the steps that name an intent or a call.
import { utf8 } from "../../core/base/bytes.ts";
import type { Json } from "../../core/base/json.ts";
import { shared } from "../shared.ts";

/** One recorded command: its words, how it ended, what it printed. */
export type CaseStep = {
  readonly argv?: readonly string[];
  readonly exit?: number;
  readonly json?: Readonly<Record<string, Json>>;
};

/** A recorded case. A file is its text, or a value that was written as JSON. */
export type Case = {
  readonly case: string;
  readonly files: Readonly<Record<string, Json>>;
  readonly steps: readonly CaseStep[];
};

/** All recorded cases of an area, or none, after a visible line, where they are not there. */
export function recordedCases(area: string): readonly Case[] {
  const folder = shared(`conformance/${area}`);
  if (folder === undefined) return [];
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.endsWith(".json")).sort();
  return names.map((name) => JSON.parse(Deno.readTextFileSync(`${folder}/${name}`)));
}

/** All recorded cases of the gate. */
export const gateCases = (): readonly Case[] => recordedCases("gate");

/** The bytes of a file of a case, as the recorder wrote them. */
export const fileOf = ({ files, case: name }: Case, path: string): Uint8Array => {
  const content = files[path];
  if (content === undefined) throw new Error(`${name} has no file ${path}`);
  return utf8(typeof content === "string" ? content : JSON.stringify(content, undefined, 2));
};

/** The value of a flag of a recorded command, in any of its spellings. */
export function flagOf(argv: readonly string[], flag: string): string | undefined {
  const at = argv.findIndex((word) => word === `--${flag}` || word === `-${flag}`);
  return at === -1 ? argv.find((word) => word.startsWith(`--${flag}=`))?.slice(flag.length + 3) : argv[at + 1];
}
