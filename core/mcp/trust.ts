// How far the server of a tool is trusted (spec 05, section 4): a snapshot of what is known of servers, held against what the policy
// demands. Whatever cannot be known is distrust.
import { durationNs } from "../base/duration.ts";
import { placed, readDocument } from "../base/document.ts";
import { quoted } from "../base/json_words.ts";
import { fail, type Fault, ok, type Result } from "../base/result.ts";
import { lower, lowerSet, trim } from "../base/text.ts";
import { byTime, isZeroTime, later, toUtc, ZERO_TIME } from "../base/time.ts";
import { VERSION_1 } from "../schema/heading.ts";
import type { CallServer } from "../schema/tool_call.ts";
import type { McpTrust } from "../schema/trace.ts";
import { TRUST_SNAPSHOT_ID, type TrustEntry, TrustSnapshotShape } from "../schema/trust_snapshot.ts";

/** Most bytes of a snapshot: those of any JSON document. */
export const TRUST_SNAPSHOT_LIMIT = 100 * 2 ** 20;

/** What is violated when trust that is demanded is not there. */
export const TRUST_VIOLATION = "mcp_trust_policy";

/** What a policy demands: its section `mcp_trust` in normal form. */
export type TrustDemand = {
  readonly snapshot: string;
  readonly action: "require_approval" | "block";
  readonly required_risk_classes: readonly string[];
  readonly min_score: number;
  /** A duration; empty when there is none. */
  readonly max_age: string;
  readonly publisher_allowlist: readonly string[];
  readonly require_registry: boolean;
};

/** A snapshot: servers by their key, the id in lowercase or, for those without one, the name. */
export type TrustSnapshot = ReadonlyMap<string, TrustEntry>;

/** What is known of a snapshot: that it is not there, that it is none, or what it says. */
export type TrustSnapshotState =
  | { readonly status: "unavailable" | "invalid"; readonly fault: Fault }
  | { readonly status: "read"; readonly servers: TrustSnapshot };

/** How far a server is trusted. */
export type TrustStatus = "missing" | "invalid" | "unknown" | "untrusted" | "stale" | "below_threshold" | "trusted";

/** How far the server of a call is trusted, as traces and answers have it. */
export type TrustDecision = Omit<McpTrust, "status"> & { readonly status: TrustStatus };

/** What trust adds to a decision: reasons in any case, and where it is enforced a violation and the least verdict. */
export type TrustRuling = {
  readonly least: "allow" | TrustDemand["action"];
  readonly reason_codes: readonly string[];
  readonly violations: readonly string[];
};

type Named = { readonly server_id: string; readonly server_name: string };

const keyOf = ({ server_id, server_name }: Named): string => lower(trim(server_id)) || lower(trim(server_name));

/**
 * Reads a snapshot. Faults: those of `readJson`, `document_kind` for another document, `document_shape` for one of another version,
 * for an entry that names no server, and for two of one server.
 */
export function readTrustSnapshot(bytes: Uint8Array, name: string): Result<TrustSnapshot> {
  const at = { file: name };
  const read = readDocument(TrustSnapshotShape, bytes, name, at, { kind: TRUST_SNAPSHOT_ID, maxBytes: TRUST_SNAPSHOT_LIMIT });
  if (!read.ok) return read;
  const { schema_id, schema_version, entries } = read.value.value;
  if (schema_id !== "" && schema_id !== TRUST_SNAPSHOT_ID) {
    return fail("document_kind", `Cannot read ${quoted(name)}: wanted is ${TRUST_SNAPSHOT_ID}, it is ${quoted(schema_id)}`, at);
  }
  const refuse = (pointer: string, words: string): Result<never> => {
    const message = `Cannot read ${quoted(name)}: member "${pointer}" ${words}`;
    return { ok: false, fault: placed({ code: "document_shape", message, at: { pointer } }, bytes, at) };
  };
  if (schema_version !== "" && schema_version !== VERSION_1) {
    return refuse("/schema_version", `must be "${VERSION_1}", not ${quoted(schema_version)}`);
  }
  const servers = new Map<string, TrustEntry>();
  for (const [index, entry] of entries.entries()) {
    const key = keyOf(entry);
    if (key === "") return refuse(`/entries/${index}`, "must have a server_id or a server_name");
    if (servers.has(key)) {
      return refuse(`/entries/${index}`, `must not be about a server that has an entry already: ${quoted(key)}`);
    }
    servers.set(key, entry);
  }
  return ok(servers);
}

/** The state of a snapshot whose bytes were asked for. */
export function trustSnapshotState(bytes: Result<Uint8Array>, name: string): TrustSnapshotState {
  if (!bytes.ok) return { status: "unavailable", fault: bytes.fault };
  const read = readTrustSnapshot(bytes.value, name);
  return read.ok ? { status: "read", servers: read.value } : { status: "invalid", fault: read.fault };
}

/** What is to be said beside a decision: why a snapshot could not be used, and that a call without a risk class demands no trust. */
export const trustWarnings = (snapshot: TrustSnapshotState, risk: string): readonly string[] => [
  ...(snapshot.status === "read" ? [] : [snapshot.fault.message]),
  ...(trim(risk) === ""
    ? ["The call names no risk class: it is decided as one of risk high, but trust in its server is not demanded"]
    : []),
];

const ACCEPTED: readonly string[] = ["", "trusted", "allow", "pass"];

type Check = {
  readonly status: TrustStatus;
  readonly reason: string;
  readonly fails: (entry: TrustEntry, demand: TrustDemand, now: string) => boolean;
};

/** What is held against an entry; the first that fails gives the status, each gives its reason. */
const CHECKS: readonly Check[] = [
  { status: "untrusted", reason: "mcp_trust_status_untrusted", fails: (entry) => !ACCEPTED.includes(entry.status) },
  {
    status: "untrusted",
    reason: "mcp_trust_publisher_untrusted",
    fails: (entry, demand) => demand.publisher_allowlist.length > 0 && !isAllowed(entry, demand),
  },
  {
    status: "invalid",
    reason: "mcp_trust_registry_unverified",
    fails: (entry, { require_registry }) => require_registry && !isRegistered(entry),
  },
  { status: "stale", reason: "mcp_trust_stale", fails: isStale },
  {
    status: "below_threshold",
    reason: "mcp_trust_below_threshold",
    fails: ({ score }, { min_score }) => min_score > 0 && score < min_score,
  },
];

const isAllowed = ({ publisher }: TrustEntry, { publisher_allowlist }: TrustDemand): boolean =>
  publisher_allowlist.includes(publisher);

const isRegistered = ({ registry_verification: evidence }: TrustEntry): boolean =>
  evidence !== undefined && evidence.signature_verified && evidence.publisher_allowed &&
  (!evidence.pin_present || evidence.pin_verified);

function isStale({ updated_at }: TrustEntry, { max_age }: TrustDemand, now: string): boolean {
  if (max_age === "") return false;
  const age = durationNs(max_age);
  if (age === undefined || isZeroTime(updated_at)) return true;
  const end = later(updated_at, age);
  return end !== undefined && byTime(end, now) < 0; // an end beyond the year 9999 is not reached
}

type Judged = { readonly status: TrustStatus; readonly reasons: readonly string[]; readonly entry: TrustEntry | undefined };

function judge(demand: TrustDemand, snapshot: TrustSnapshotState, key: string, now: string): Judged {
  const without = (status: TrustStatus, reason: string): Judged => ({ status, reasons: [reason], entry: undefined });
  if (key === "") return without("missing", "mcp_trust_identifier_missing");
  switch (snapshot.status) {
    case "unavailable":
      return without("missing", "mcp_trust_snapshot_unavailable");
    case "invalid":
      return without("invalid", "mcp_trust_snapshot_invalid");
    case "read": {
      const entry = snapshot.servers.get(key);
      if (entry === undefined) return without("unknown", "mcp_trust_server_unknown");
      const failed = CHECKS.filter(({ fails }) => fails(entry, demand, now));
      const [first] = failed;
      return first === undefined
        ? { status: "trusted", reasons: ["mcp_trust_verified"], entry }
        : { status: first.status, reasons: failed.map(({ reason }) => reason), entry };
    }
    default:
      return snapshot satisfies never;
  }
}

/** Decides how far a server is trusted. `risk` is the risk class that the call itself names: a blank one demands nothing. */
export function trustDecision(
  demand: TrustDemand,
  snapshot: TrustSnapshotState,
  server: CallServer | undefined,
  risk: string,
  now: string,
): TrustDecision {
  const { status, reasons, entry } = judge(demand, snapshot, server === undefined ? "" : keyOf(server), now);
  const told = entry ?? server ?? { server_id: "", server_name: "", publisher: "", source: "" };
  const required = demand.required_risk_classes.includes(lower(trim(risk)));
  return {
    server_id: trim(told.server_id),
    server_name: trim(told.server_name),
    publisher: lower(trim(told.publisher)),
    source: lower(trim(told.source)),
    status,
    decision_source: entry?.evidence_path || demand.snapshot,
    score: entry?.score ?? 0,
    threshold: demand.min_score,
    max_age_seconds: Number((durationNs(demand.max_age) ?? 0n) / 1_000_000_000n),
    required,
    enforced: required && status !== "trusted",
    registry_verified: entry !== undefined && isRegistered(entry),
    publisher_allowed: entry !== undefined && isAllowed(entry, demand),
    reason_codes: lowerSet(reasons),
    updated_at: entry === undefined ? ZERO_TIME : toUtc(entry.updated_at) ?? ZERO_TIME,
  };
}

/** What a decision about trust adds to the verdict of a policy, which it can only raise (decision 1). */
export const trustRuling = (demand: TrustDemand, { enforced, reason_codes }: TrustDecision): TrustRuling => ({
  least: enforced ? demand.action : "allow",
  reason_codes,
  violations: enforced ? [TRUST_VIOLATION] : [],
});
