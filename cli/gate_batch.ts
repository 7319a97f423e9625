// The calls of one piece of a stream: read together, decided one after the other, told and recorded together.
import { isIntentFlaw } from "../core/gate/intent_flaws.ts";
import { readIntent } from "../core/gate/intent_read.ts";
import type { Intent, KillSwitch, Verdict } from "../core/gate/types.ts";
import { strongest } from "../core/gate/verdict.ts";
import { utf8 } from "../core/base/bytes.ts";
import type { Json } from "../core/base/json.ts";
import { isBlankLine } from "../core/base/lines.ts";
import type { Result } from "../core/base/result.ts";
import { millisecondsBetween } from "../core/base/time.ts";
import type { Decided } from "../core/flow/gate_decided.ts";
import { decisionRecord, faultRecord } from "../core/flow/gate_record.ts";
import type { BoundContext } from "../core/gate/prepare.ts";
import { traceId, traceText, type UnsignedTrace } from "../core/trace/build.ts";
import type { Ports } from "../core/ports.ts";
import type { Authority } from "./gate_authority.ts";
import { conclude, type Gate, weigh } from "./gate_decide.ts";
import { blockedCall, unsignedTrace } from "./gate_files.ts";
import type { ApprovedScripts } from "./approved_scripts.ts";
import { heldScripts, type NamedInventory, neededInventory } from "./gate_sources.ts";
import { blockedLine } from "./kill_switch_journal.ts";
import { safeJson } from "./safe_text.ts";
import { masked } from "./secrets.ts";

/** A line of the stream, read. */
export type ReadCall = { readonly line: number; readonly intent: Result<Intent> };

/** Reads a line; undefined for a blank one. */
export const readCall = (bytes: Uint8Array, line: number, what: string): ReadCall | undefined =>
  isBlankLine(bytes) ? undefined : { line, intent: readIntent(bytes, what, line) };

/** What every call of the stream is decided with. */
export type Deciding = {
  readonly gate: Gate;
  readonly authority: Authority;
  /** The kill switch as it is for this batch, or why it cannot be read. */
  readonly kill_switch: Result<KillSwitch>;
  readonly envelope: ((at: string) => BoundContext) | undefined;
  readonly inventory: Result<NamedInventory | undefined>;
  readonly scripts: ApprovedScripts;
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

/** Decides the calls of a batch. */
export async function decideBatch(
  calls: readonly ReadCall[],
  deciding: Deciding,
  ports: Pick<Ports, "host" | "state" | "clock">,
): Promise<Batch> {
  let [records, journal] = ["", ""];
  let [texts, count] = ["", 0];
  let worst: Verdict = "allow";
  for (const { line, intent } of calls) {
    const began = ports.clock.now();
    const decided = intent.ok ? await decide(intent.value, began, deciding, ports) : intent;
    if (!decided.ok) {
      worst = "block";
      records += masked(
        recordLine({
          correlation_id: deciding.correlation_id,
          ...faultRecord(decided.fault, line, !intent.ok || isIntentFlaw(decided.fault), deciding.gate.policy_digest),
        }),
      );
      continue;
    }
    worst = strongest(worst, decided.value.final.verdict);
    const trace = deciding.sign === undefined ? undefined : traced(decided.value, began, deciding, ports);
    const trace_id = trace?.trace_id ?? plainId(decided.value, ports);
    const blocked = blockedCall(
      decided.value,
      { trace_id, created_at: trace?.created_at ?? decided.value.intent.created_at },
      deciding.version,
    );
    if (trace !== undefined) [texts, count] = [`${texts}${traceText(trace)}\n`, count + 1];
    if (blocked !== undefined) journal += blockedLine(blocked);
    records += recordLine(decisionRecord(decided.value, { line, trace_id, correlation_id: deciding.correlation_id }));
  }
  return {
    records,
    traces: deciding.sign === undefined || count === 0 ? NO_LINES : deciding.sign(utf8(texts), count),
    journal,
    strongest: worst,
  };
}

const NO_LINES = Promise.resolve(new Uint8Array());

const recordLine = (record: Readonly<Record<string, Json | undefined>>): string => `${safeJson(JSON.stringify(record))}\n`;

async function decide(
  intent: Intent,
  now: string,
  { gate, authority, kill_switch, envelope, inventory, scripts }: Deciding,
  ports: Pick<Ports, "host" | "state" | "clock">,
): Promise<Result<Decided>> {
  const at = gate.settings.at ?? now;
  const known = neededInventory(inventory, gate.settings.profile, intent.context.risk_class);
  if (!known.ok) return known;
  const held = await heldScripts(scripts, gate.settings, intent, now);
  if (!held.ok) return held;
  const evidence = {
    at,
    // In a stream a switch that cannot be read blocks every call, of whatever risk: a line has no other way to be refused.
    kill_switch: kill_switch.ok ? kill_switch.value : { status: "unavailable" } as const,
    envelope: envelope?.(at),
    inventory: known.value.inventory,
    scripts: held.value.scripts,
  };
  const weighed = await weigh(gate, intent, evidence, ports);
  return weighed.ok ? await conclude(gate, weighed.value, authority, ports) : weighed;
}

function traced(decided: Decided, began: string, deciding: Deciding, ports: Pick<Ports, "host" | "clock">): UnsignedTrace {
  const observed_at = ports.clock.now();
  return unsignedTrace(
    decided,
    {
      observed_at,
      producer_version: deciding.version,
      correlation_id: deciding.correlation_id,
      latency_ms: Math.max(0, millisecondsBetween(began, observed_at)),
      approval_token_ref: deciding.gate.settings.approval_token_ref,
    },
    ports,
  );
}

const plainId = ({ policy_digest, digests, final }: Decided, { host }: Pick<Ports, "host">): string =>
  traceId(host.crypto, { policy_digest, intent_digest: digests.intent_digest, verdict: final.verdict });
