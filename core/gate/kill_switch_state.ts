// The state of the kill switch (spec 02, section 6.10; spec 03, section 8): reading, changing and writing it. A state that cannot be
// read whole is not read at all: half of a kill switch is none.
import { utf8 } from "../base/bytes.ts";
import { sha256Hex } from "../base/digest.ts";
import { placed, readDocument } from "../base/document.ts";
import type { Crypto } from "../base/host.ts";
import type { JsonObject } from "../base/json.ts";
import { quoted } from "../base/json_words.ts";
import { cleanPath } from "../base/paths.ts";
import { prettyText } from "../base/pretty.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { type Infer, readShape, writeShape } from "../base/shape.ts";
import { byBytes } from "../base/text.ts";
import { isZeroTime, toUtc, ZERO_TIME } from "../base/time.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { KILL_SWITCH_ID, KillSwitchEntryShape, KillSwitchStateShape } from "../schema/kill_switch.ts";

type WrittenEntry = Infer<typeof KillSwitchEntryShape>;
type WrittenState = Infer<typeof KillSwitchStateShape>;

/** One stop, normalized: words in lowercase, paths cleaned, times in UTC. */
export type StopEntry = Omit<WrittenEntry, "enabled"> & { readonly enabled: boolean };

/** The state of the kill switch. Entries are sorted by id; several of one id are all in force. */
export type KillSwitchState = Omit<WrittenState, "entries"> & { readonly entries: readonly StopEntry[] };

/** What makes an entry stop only some calls. */
export const SELECTORS = [
  "agent_id",
  "identity",
  "tool_name",
  "target_kind",
  "target_value",
  "environment",
  "path_prefixes",
  "workspace_prefixes",
] as const;

const stopsEveryCall = (entry: StopEntry): boolean => SELECTORS.every((name) => entry[name].length === 0);

/** When a state is written, and by which version. */
export type Stamp = { readonly now: string; readonly producer_version: string };

/** A state as it is after a change, and the entry that was changed. */
export type Change = { readonly state: KillSwitchState; readonly entry: StopEntry };

/**
 * Reads a state. Faults: those of `readJson`; `document_kind` for another document; `document_shape` for a member that is unknown,
 * missing or of another form, for times that are missing, and for an entry that names neither an id nor what it stops.
 */
export function readKillSwitch(bytes: Uint8Array, what: string): Result<KillSwitchState> {
  const at = { file: what };
  const read = readDocument(KillSwitchStateShape, bytes, what, at, { kind: KILL_SWITCH_ID });
  if (!read.ok) return read;
  const state = checked(read.value.value, what);
  return state.ok ? state : { ok: false, fault: placed(state.fault, bytes, at) };
}

/** A state without entries. */
export const emptyKillSwitch = ({ now, producer_version }: Stamp): KillSwitchState => ({
  schema_id: KILL_SWITCH_ID,
  schema_version: VERSION_1,
  created_at: now,
  updated_at: now,
  producer_version,
  entries: [],
});

/** The state as a document; its entries in the order that they have. */
export const killSwitchDocument = (state: KillSwitchState): JsonObject => writeShape(KillSwitchStateShape, state);

/** An entry as a document. */
export const stopDocument = (entry: StopEntry): JsonObject => writeShape(KillSwitchEntryShape, entry);

/** The bytes of the state's file: sorted by id. */
export const killSwitchBytes = (state: KillSwitchState): Uint8Array<ArrayBuffer> =>
  utf8(prettyText(killSwitchDocument({ ...state, entries: sorted(state.entries) })));

/** What an entry may be made of. */
export type Draft = Readonly<Partial<Omit<StopEntry, "enabled" | "created_at">>>;

/**
 * Adds an entry that is in force, last in order. One of the same id stays beside it: to add never lets anything through that was
 * stopped. Faults: `missing_argument` without id and selector, `document_shape` for a member that cannot be.
 */
export function addEntry(crypto: Crypto, state: KillSwitchState, draft: Draft, stamp: Stamp): Result<Change> {
  const read = readShape(KillSwitchEntryShape, { ...draft, enabled: true, created_at: stamp.now }, "entry");
  if (!read.ok) return read;
  const entry = normal(read.value, true);
  if (entry.entry_id === "" && stopsEveryCall(entry)) {
    return fail("missing_argument", "Cannot add an entry: give a selector, or an id for a stop of every call");
  }
  const named = entry.entry_id === "" ? { ...entry, entry_id: defaultId(crypto, entry) } : entry;
  return ok({ state: changed(state, [...state.entries, named], stamp), entry: named });
}

/** Takes every entry of an id out of force. Fault `entry_missing`. */
export const disableEntry = (state: KillSwitchState, id: string, stamp: Stamp): Result<Change> =>
  changeEntry(state, id, "disable", stamp, (entry) => ({ ...entry, enabled: false }));

/** Ends every entry of an id at a time (RFC 3339). Faults `entry_missing`, and `flag_value` for what is no time. */
export function expireEntry(state: KillSwitchState, id: string, expires_at: string, stamp: Stamp): Result<Change> {
  const end = endTime(expires_at);
  return end.ok ? changeEntry(state, id, "expire", stamp, (entry) => ({ ...entry, expires_at: end.value })) : end;
}

/** The time at which an entry is to end, in UTC. Fault `flag_value` for what is no time. */
export function endTime(given: string): Result<string> {
  const utc = toUtc(given);
  return utc === undefined
    ? fail("flag_value", `Cannot end an entry at ${quoted(given)}: wanted is a time such as 2026-03-01T10:00:00Z`)
    : ok(utc);
}

function changeEntry(
  state: KillSwitchState,
  id: string,
  verb: string,
  stamp: Stamp,
  change: (entry: StopEntry) => StopEntry,
): Result<Change> {
  const entries = state.entries.map((entry) => entry.entry_id === id ? change(entry) : entry);
  const entry = entries.findLast((one) => one.entry_id === id);
  return entry === undefined
    ? fail("entry_missing", `Cannot ${verb} entry ${quoted(id)}: the kill switch has none of that id`)
    : ok({ state: changed(state, entries, stamp), entry });
}

const changed = (state: KillSwitchState, entries: readonly StopEntry[], { now, producer_version }: Stamp): KillSwitchState => ({
  ...state,
  updated_at: now,
  producer_version,
  entries,
});

const sorted = (entries: readonly StopEntry[]): readonly StopEntry[] =>
  entries.toSorted((a, b) => byBytes(a.entry_id, b.entry_id));

const misfit = (what: string, pointer: string, words: string): Result<never> =>
  fail("document_shape", `Cannot read "${what}": member "${pointer}" ${words}`, { pointer });

const missing = (what: string, pointer: string): Result<never> => misfit(what, pointer, "is missing");

function checked(state: WrittenState, what: string): Result<KillSwitchState> {
  for (const name of ["created_at", "updated_at"] as const) {
    if (isZeroTime(state[name])) return missing(what, `/${name}`);
  }
  const entries: StopEntry[] = [];
  for (const [i, written] of state.entries.entries()) {
    if (written.enabled === undefined) return missing(what, `/entries/${i}/enabled`);
    if (isZeroTime(written.created_at)) return missing(what, `/entries/${i}/created_at`);
    const entry = normal(written, written.enabled);
    if (entry.entry_id === "" && stopsEveryCall(entry)) {
      return misfit(what, `/entries/${i}`, "has neither an id nor a selector");
    }
    entries.push(entry);
  }
  return ok({ ...state, entries: sorted(entries) });
}

const normal = (entry: WrittenEntry, enabled: boolean): StopEntry => ({
  ...entry,
  enabled,
  path_prefixes: prefixes(entry.path_prefixes),
  workspace_prefixes: prefixes(entry.workspace_prefixes),
  created_at: toUtc(entry.created_at) ?? ZERO_TIME,
  expires_at: toUtc(entry.expires_at) ?? ZERO_TIME,
});

// With `/` between folders, as workspaces and the paths that they are compared with have it.
const prefixes = (paths: readonly string[]): readonly string[] =>
  [...new Set(paths.map((path) => cleanPath(path.replaceAll("\\", "/"))))].sort(byBytes);

const defaultId = (crypto: Crypto, entry: StopEntry): string => {
  const { agent_id, identity, tool_name, target_kind, target_value, environment, reason, created_at } = entry;
  const lists = [entry.path_prefixes.join(","), entry.workspace_prefixes.join(",")];
  const parts = [agent_id, identity, tool_name, target_kind, target_value, environment, ...lists, reason, created_at];
  return sha256Hex(crypto, utf8(parts.join("\0"))).slice(0, 24);
};
