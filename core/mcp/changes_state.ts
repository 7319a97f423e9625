// Whether a call changes something, as far as its targets and its name tell (spec 05, section 3.3): such calls get a pack of
// evidence without being asked. It decides nothing else.
import { lower } from "../base/text.ts";

/** What of an intent tells it. */
export type Touching = { readonly tool_name: string; readonly targets: readonly { readonly operation: string }[] };

const READS: ReadonlySet<string> = new Set("read list query search inspect get fetch head describe".split(" "));

const WRITES: ReadonlySet<string> = new Set(
  "write create update delete remove insert upsert patch set put post commit apply approve execute exec run".split(" "),
);

const WRITE_PREFIXES = "write create update delete remove insert upsert patch set put post commit apply approve exec run"
  .split(" ");

const READ_PREFIXES = "get read list query search inspect fetch describe".split(" ");

/**
 * Whether a call changes something: by its targets, a script by those of its steps too, and where none says what it is for, by its
 * name.
 */
export function changesState(
  { tool_name, targets, script }: Touching & {
    readonly script?: { readonly steps: readonly Pick<Touching, "targets">[] } | undefined;
  },
): boolean {
  const all = [targets, ...script?.steps.map((step) => step.targets) ?? []].flat();
  const operations = all.map(({ operation }) => operation).filter((operation) => operation !== "");
  return operations.length === 0 ? nameTells(tool_name) === "writes" : operations.some((operation) => !READS.has(operation));
}

// The first word that is one of either kind decides, were it "get" in get_then_delete_row: the recorded cases have it so. Only a
// name without any such word is judged by what its words begin with.
function nameTells(name: string): "reads" | "writes" | undefined {
  const tokens = lower(name).match(/[\p{L}\p{N}]+/gu) ?? [];
  for (const token of tokens) {
    if (WRITES.has(token)) return "writes";
    if (READS.has(token)) return "reads";
  }
  for (const token of tokens) {
    if (WRITE_PREFIXES.some((prefix) => token.startsWith(prefix))) return "writes";
    if (READ_PREFIXES.some((prefix) => token.startsWith(prefix))) return "reads";
  }
  return undefined;
}
