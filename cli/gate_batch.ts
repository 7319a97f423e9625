// The calls of one piece of a stream: read and decided in groups of which each step is done for all, told and recorded together.
import { isIntentFlaw } from "../core/gate/intent_flaws.ts";
import { allIntentDigests, argsText, intentDigests } from "../core/gate/intent_digest.ts";
import { type IntentLine, readIntents, type ReadLine } from "../core/gate/intent_read.ts";
import type { IntentDigests, KillSwitch, Verdict } from "../core/gate/types.ts";
import { strongest } from "../core/gate/verdict.ts";
import { concatBytes, utf8 } from "../core/base/bytes.ts";
import type { Crypto } from "../core/base/host.ts";
import type { Json } from "../core/base/json.ts";
import { type Fault, ok, type Result } from "../core/base/result.ts";
import { safeJson } from "../core/base/safe_text.ts";
import { type Soon, whenThere } from "../core/base/soon.ts";
import { millisecondsBetween } from "../core/base/time.ts";
import type { Decided } from "../core/flow/gate_decided.ts";
import { openTraceOf, type TraceMatter } from "../core/flow/gate_trace.ts";
import { decisionRecord, faultRecord } from "../core/flow/gate_record.ts";
import type { BoundContext, Prepared } from "../core/gate/prepare.ts";
import { buildTrace, openTraceText, traceId } from "../core/trace/build.ts";
import type { Ports } from "../core/ports.ts";
import type { Authority } from "./gate_authority.ts";
import { conclude, type Evidence, type Gate, prepare, type Ready, weigh } from "./gate_decide.ts";
import { blockedCall } from "./gate_files.ts";
import { type HeldScripts, type NamedInventory, neededInventory } from "./gate_sources.ts";
import { blockedLine } from "./kill_switch_journal.ts";
import { masked } from "./secrets.ts";

/** What every call of the stream is decided with. */
export type Deciding = {
  /** What the input is called in messages. */
  readonly what: string;
  readonly gate: Gate;
  readonly authority: Authority;
  /** The kill switch as it is for this batch, or why it cannot be read. */
  readonly kill_switch: Result<KillSwitch>;
  readonly envelope: ((at: string) => BoundContext) | undefined;
  readonly inventory: Result<NamedInventory | undefined>;
  readonly scripts: HeldScripts;
  /** Signs so many traces, as `signedLines` does; undefined where none is written. */
  readonly sign: ((texts: Uint8Array, count: number) => Promise<Uint8Array>) | undefined;
  readonly version: string;
  readonly correlation_id: string;
};

/** What a batch came to: the records, the traces and the lines for the kill switch's journal, each as lines. */
export type Batch = {
  readonly records: string;
  /** There when all are signed. */
  readonly traces: Promise<Uint8Array>;
  readonly journal: string;
  readonly strongest: Verdict;
};

/**
 * So many calls take each step together. What a step runs and reads is then still at hand for the next call: a third of the time that
 * they take one after the other goes into fetching it. More at a time would push out what they leave for the next step.
 */
const TOGETHER = 16;

/** Decides the calls of a batch. */
export async function decideBatch(
  lines: readonly IntentLine[],
  deciding: Deciding,
  ports: Pick<Ports, "host" | "state" | "clock">,
): Promise<Batch> {
  let [records, journal] = ["", ""];
  const texts: Uint8Array[] = [];
  let count = 0;
  let worst: Verdict = "allow";
  const { crypto } = ports.host;
  for (let from = 0; from < lines.length; from += TOGETHER) {
    const calls = readIntents(lines.slice(from, from + TOGETHER), deciding.what);
    const begun = calls.map((call) => begin(call, deciding, ports));
    const digests = allIntentDigests(crypto, begun.map(({ given }) => given.ok ? given.value.prepared.intent : undefined));
    const ended: Ended[] = [];
    for (const [i, one] of begun.entries()) {
      const coming = end(one, digests[i], deciding, ports);
      ended.push(coming instanceof Promise ? await coming : coming);
    }
    const told = ended.map((one) => deciding.sign === undefined ? undefined : traceMatter(one, deciding));
    const traces = told.map((one) => one && buildTrace(crypto, one.facts, one.parties));
    let written = "";
    for (const [i, { decided }] of ended.entries()) {
      const trace = traces[i];
      if (trace === undefined || !decided.ok) continue;
      written += `${openTraceText(crypto, trace, argsText(decided.value.intent))}\n`;
      count++;
    }
    if (written !== "") texts.push(utf8(written)); // as bytes nothing of the group outlives it
    const ids = ended.map(({ decided }, i) => decided.ok ? traces[i]?.trace_id ?? plainId(decided.value, crypto) : "");
    for (const [i, one] of ended.entries()) {
      const { decided } = one;
      if (!decided.ok) {
        worst = "block";
        records += refusedLine(decided.fault, one.call, deciding);
        continue;
      }
      worst = strongest(worst, decided.value.final.verdict);
      const trace_id = ids[i] ?? "";
      const created_at = traces[i]?.facts.created_at ?? decided.value.intent.created_at;
      const blocked = blockedCall(decided.value, { trace_id, created_at }, deciding.version);
      if (blocked !== undefined) journal += blockedLine(blocked);
      const { correlation_id } = deciding;
      records += recordLine(decisionRecord(decided.value, { line: one.call.line, trace_id, correlation_id }));
    }
  }
  return {
    records,
    traces: deciding.sign === undefined || count === 0 ? NO_LINES : deciding.sign(concatBytes(texts), count),
    journal,
    strongest: worst,
  };
}

const NO_LINES = Promise.resolve(new Uint8Array());

const recordLine = (record: Readonly<Record<string, Json | undefined>>): string => `${safeJson(JSON.stringify(record))}\n`;

const refusedLine = (fault: Fault, { line, intent }: ReadLine, { correlation_id, gate: { policy_digest } }: Deciding): string =>
  masked(recordLine({ correlation_id, ...faultRecord(fault, line, !intent.ok || isIntentFlaw(fault), policy_digest) }));

/** A call with all that it is decided by, or why it cannot be decided. `began` is the time of the wall clock. */
type Begun = {
  readonly call: ReadLine;
  readonly began: string;
  readonly given: Result<{ readonly prepared: Prepared; readonly evidence: Evidence }>;
};

function begin(
  call: ReadLine,
  { gate, kill_switch, envelope, inventory, scripts }: Deciding,
  { clock }: Pick<Ports, "clock">,
): Begun {
  const began = clock.now();
  const { intent } = call;
  if (!intent.ok) return { call, began, given: intent };
  const at = gate.settings.at ?? began;
  const known = neededInventory(inventory, gate.settings.profile, intent.value.context.risk_class);
  if (!known.ok) return { call, began, given: known };
  const held = scripts(intent.value, began);
  if (!held.ok) return { call, began, given: held };
  const evidence = {
    at,
    // In a stream a switch that cannot be read blocks every call, of whatever risk: a line has no other way to be refused.
    kill_switch: kill_switch.ok ? kill_switch.value : { status: "unavailable" } as const,
    envelope: envelope?.(at),
    inventory: known.value.inventory,
    scripts: held.value.scripts,
  };
  const prepared = prepare(gate.settings, intent.value, evidence);
  return { call, began, given: prepared.ok ? ok({ prepared: prepared.value, evidence }) : prepared };
}

/** A call that was decided, and when. */
type Ended = Pick<Begun, "call" | "began"> & { readonly decided: Result<Decided>; readonly observed_at: string };

const withDigests = (
  { intent, context_source }: Prepared,
  known: IntentDigests | undefined,
  { host }: Pick<Ports, "host">,
): Ready => ({ intent, context_source, digests: known ?? intentDigests(host.crypto, intent) });

function end(
  { call, began, given }: Begun,
  known: IntentDigests | undefined,
  { gate, authority }: Deciding,
  ports: Pick<Ports, "host" | "state" | "clock">,
): Soon<Ended> {
  const weighed = given.ok ? weigh(gate, withDigests(given.value.prepared, known, ports), given.value.evidence, ports) : given;
  const decided = whenThere(
    weighed,
    (one): Soon<Result<Decided>> => one.ok ? conclude(gate, one.value, authority, ports) : one,
  );
  return whenThere(decided, (one) => ({ call, began, decided: one, observed_at: ports.clock.now() }));
}

// What nobody but the trace tells of a call is digested where that is signed.
function traceMatter(
  { began, decided, observed_at }: Ended,
  { gate, version, correlation_id }: Deciding,
): TraceMatter | undefined {
  if (!decided.ok) return undefined;
  const observation = {
    observed_at,
    producer_version: version,
    correlation_id,
    latency_ms: Math.max(0, millisecondsBetween(began, observed_at)), // a clock may be set back meanwhile
    approval_token_ref: gate.settings.approval_token_ref,
  };
  return openTraceOf(decided.value, observation);
}

const plainId = ({ policy_digest, digests, final }: Decided, crypto: Crypto): string =>
  traceId(crypto, { policy_digest, intent_digest: digests.intent_digest, verdict: final.verdict });
