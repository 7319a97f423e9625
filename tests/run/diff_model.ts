// An independent model of what spec 01, section 7.4 compares, on the texts of two runpacks: no code of the program is used.
import type { Texts } from "./packs.ts";

type Members = Record<string, unknown>;

const parse = (text: string | undefined): Members => JSON.parse(text ?? "null");

/** Text that is equal exactly for equal JSON values. */
export function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value === 0 ? 0 : value);
  const members: [string, unknown][] = Object.entries(value);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${stable(member)}`).sort().join()}}`;
}

const pick = (from: Members, names: readonly string[]): Members =>
  Object.fromEntries(names.map((name) => [name, from[name] ?? ""]));

const isPayload = (value: unknown): boolean => typeof value === "object" && value !== null && Object.keys(value).length > 0;

function records(text: string | undefined, names: readonly string[], payload: string, full: boolean): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of (text ?? "").split("\n").filter((line) => line !== "")) {
    const record = parse(line);
    const kept = full && isPayload(record[payload]) ? { [payload]: record[payload] } : {};
    found.set(String(record.intent_id ?? ""), stable({ ...pick(record, names), ...kept }));
  }
  return found;
}

const only = (a: Map<string, string>, b: Map<string, string>): string[] => [...a.keys()].filter((id) => !b.has(id)).sort();

const differ = (a: Map<string, string>, b: Map<string, string>): string[] =>
  [...new Set([...a.keys(), ...b.keys()])].filter((id) => a.get(id) !== b.get(id)).sort();

/** What a comparison has to say, as far as the contract goes, and the ids that differ. */
export function model(left: Texts, right: Texts, full: boolean) {
  const intents = [left, right].map((pack) =>
    records(pack["intents.jsonl"], ["schema_id", "schema_version", "tool_name", "args_digest"], "args", full)
  );
  const results = [left, right].map((pack) =>
    records(pack["results.jsonl"], ["schema_id", "schema_version", "status", "result_digest"], "result", full)
  );
  const [a = new Map(), b = new Map()] = intents;
  const [c = new Map(), d = new Map()] = results;
  const manifests = [left, right].map((pack) => parse(pack["manifest.json"]));
  const paths = manifests.map(({ files }) => Array.isArray(files) ? files.map((row) => String(parse(stable(row)).path)) : []);
  const refs = [left, right].map((pack) => parse(pack["refs.json"]));
  const receipts = refs.map((one) => Array.isArray(one.receipts) ? one.receipts : []);
  const refsChanged = full
    ? stable({ ...refs[0], run_id: 0, created_at: 0, producer_version: 0 }) !==
      stable({ ...refs[1], run_id: 0, created_at: 0, producer_version: 0 })
    : receipts[0]?.length !== receipts[1]?.length;
  return {
    intents: differ(a, b),
    results: differ(c, d),
    summary: {
      run_id_left: manifests[0]?.run_id,
      run_id_right: manifests[1]?.run_id,
      manifest_changed: manifests[0]?.capture_mode !== manifests[1]?.capture_mode || stable(paths[0]) !== stable(paths[1]),
      intents_changed: differ(a, b).length > 0,
      results_changed: differ(c, d).length > 0,
      refs_changed: refsChanged,
      left_only_intents: only(a, b),
      right_only_intents: only(b, a),
      left_only_results: only(c, d),
      right_only_results: only(d, c),
    },
  };
}
