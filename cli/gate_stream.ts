// A stream of calls decided in one process (`--intents`): one record a line, in the order of the lines. A line that cannot be decided
// is a block and stops nothing. What a piece of input holds is decided, signed and written together; while signatures and the disk are
// waited for the next pieces are decided, if they are there. No verdict is told before its trace is on the disk.
import { compilePolicy } from "../core/gate/compile.ts";
import { INTENT_LIMIT, type IntentLine } from "../core/gate/intent_read.ts";
import { policyDigest } from "../core/gate/policy_digest.ts";
import type { Verdict } from "../core/gate/types.ts";
import { strongest } from "../core/gate/verdict.ts";
import type { ExitName } from "../core/base/errors.ts";
import { aside } from "../core/base/aside.ts";
import { utf8 } from "../core/base/bytes.ts";
import { isBlankLine, lineFeed } from "../core/base/lines.ts";
import { ok, type Result } from "../core/base/result.ts";
import { digestSigner, type SigningKey } from "../core/base/sign.ts";
import { canBeOf, signedLines } from "../core/base/signed_lines.ts";
import { exitOf } from "../core/flow/gate_finish.ts";
import { checkBroker } from "../core/flow/gate_profile.ts";
import type { Ports, SideSigner } from "../core/ports.ts";
import type { Invocation, Records } from "./command.ts";
import { authorityBy } from "./gate_authority.ts";
import { gateBroker } from "./gate_broker.ts";
import { type Batch, decideBatch, type Deciding } from "./gate_batch.ts";
import type { GateSettings } from "./gate_settings.ts";
import { gateEnvelope, gateInventory, gateKillSwitch, gatePolicy, gateScripts, heldScripts } from "./gate_sources.ts";
import { loadSigner } from "./key_sources.ts";
import { journalBeside } from "./kill_switch_journal.ts";
import { type LineLog, lineLog } from "./line_log.ts";
import { type Pieces, piecesOf } from "./pieces.ts";

/** The ports of a stream. */
export type StreamPorts = Pick<
  Ports,
  "files" | "input" | "store" | "journal" | "lock" | "state" | "child" | "threads" | "env" | "clock" | "random" | "host"
>;

/** Reads what all calls share, and begins the stream. Faults that concern no line alone. */
export async function stream(settings: GateSettings, ports: StreamPorts, invocation: Invocation): Promise<Result<Records>> {
  const policy = await gatePolicy(settings, ports);
  if (!policy.ok) return policy;
  const envelope = await gateEnvelope(settings.envelope, ports);
  if (!envelope.ok) return envelope;
  const inventory = await gateInventory(settings.inventory, ports);
  const broker = gateBroker(settings.broker, ports);
  if (!broker.ok) return broker;
  const brokered = settings.profile === "oss-prod" ? checkBroker(policy.value, broker.value !== "off") : ok(undefined);
  if (!brokered.ok) return brokered;
  // Keys are wanted where something is signed, and where the profile or the user says so: what is named has to be there.
  const signer = await loadSigner(settings.keys.mode, settings.keys.signing, ports);
  if (!signer.ok) return signer;
  const scripts = await gateScripts(settings, policy.value, ports);
  if (!scripts.ok) return scripts;
  const pieces = await piecesOf(settings.source.path, ports);
  if (!pieces.ok) return pieces;
  const { crypto } = ports.host;
  const deciding = {
    what: settings.source.path,
    gate: { settings, compiled: compilePolicy(policy.value), policy_digest: policyDigest(crypto, policy.value) },
    authority: authorityBy(settings, signer.value.key, broker.value, ports),
    envelope: envelope.value,
    inventory,
    scripts: await heldScripts(scripts.value, settings),
    version: invocation.version,
    correlation_id: invocation.correlationId(),
  };
  return ok({ records: decideAll(pieces.value, deciding, signer.value.key, ports) });
}

// A second thread is worth its start from some hundred signatures on; it may be some pieces of the input behind.
const THREADED = { first: 400, ahead: 4096 };

// How many batches may be on their way while the next one is decided: some wait for the thread to begin, later one is signed and one
// is written.
const ON_THEIR_WAY = 4;

/** A batch that was decided, and its way to the disk. */
type Pending = { readonly batch: Batch; readonly written: Promise<Result<void>> };

async function* decideAll(
  pieces: Pieces,
  shared: Omit<Deciding, "kill_switch" | "sign">,
  key: SigningKey,
  ports: StreamPorts,
): AsyncGenerator<string, Result<ExitName>, boolean> {
  const { settings } = shared.gate;
  const logs = {
    traces: lineLog(settings.trace_log, ports),
    journal: lineLog(journalBeside(settings.kill_switch), ports),
  };
  let side: SideSigner | undefined;
  const { crypto } = ports.host;
  const alone = digestSigner(crypto, key);
  const sign = settings.trace_log === "" ? undefined : aside<Uint8Array, Uint8Array>(
    (texts) => signedLines(crypto, alone, texts),
    () => ({
      work: (side = ports.threads.signer(key)).sign,
      whole: (lines, texts, count) => canBeOf(texts, count, lines, key),
    }),
    THREADED,
  );
  let worst: Verdict = "allow";
  let lines: IntentLine[] = [];
  // They are read when they are decided, while the piece that they lie in is still there.
  const feed = lineFeed(INTENT_LIMIT, (bytes, number) => void (isBlankLine(bytes) || lines.push({ number, bytes })), "skip");

  async function decide(): Promise<Batch | undefined> {
    const batch = lines;
    lines = [];
    if (batch.length === 0) return undefined;
    const kill_switch = await gateKillSwitch(settings.kill_switch, ports); // anew each time: a stop counts from the next batch on
    return await decideBatch(batch, { ...shared, sign, kill_switch }, ports);
  }

  // Tells a batch once it is on the disk; gives the end, where this is one.
  async function* tell({ batch, written }: Pending): AsyncGenerator<string, Result<ExitName> | undefined, boolean> {
    const done = await written;
    if (!done.ok) return done;
    worst = strongest(worst, batch.strongest);
    return (yield batch.records) ? undefined : ok(exitOf(worst));
  }

  const pending: Pending[] = []; // in order
  // The traces of a batch come after those of the one before it, or not at all.
  const begin = (batch: Batch): void => {
    const before = pending.at(-1)?.written ?? Promise.resolve(ok(undefined));
    pending.push({ batch, written: before.then((done) => done.ok ? keep(batch, logs) : done) });
  };

  try {
    let fault: Result<never> | undefined;
    for (let more = true; more;) {
      const next = pieces.next();
      // Whoever sends one call and waits for its verdict must not have to send another one.
      for (let [first] = pending; first !== undefined && await sooner(first.written, next); [first] = pending) {
        const end = yield* tell(first);
        if (end !== undefined) return end;
        pending.shift();
      }
      const piece = await next;
      more = piece.ok && piece.value !== undefined;
      if (piece.ok && piece.value !== undefined) feed.push(piece.value);
      else feed.end();
      const batch = await decide();
      if (batch !== undefined) begin(batch);
      for (let [first] = pending; first !== undefined && (pending.length > ON_THEIR_WAY || !more); [first] = pending) {
        const end = yield* tell(first);
        if (end !== undefined) return end;
        pending.shift();
      }
      if (!piece.ok) fault = piece;
    }
    return fault ?? ok(exitOf(worst));
  } finally {
    await pending.at(-1)?.written;
    side?.close();
    pieces.close();
    logs.traces.close();
    logs.journal.close();
  }
}

async function keep(
  { traces, journal }: Pick<Batch, "traces" | "journal">,
  logs: Readonly<Record<"traces" | "journal", LineLog>>,
): Promise<Result<void>> {
  const lines = await traces;
  const traced = lines.length === 0 ? ok(undefined) : await logs.traces.append(lines);
  return !traced.ok || journal === "" ? traced : await logs.journal.append(utf8(journal));
}

/** Whether the first of two comes before the second. */
const sooner = (first: Promise<unknown>, second: Promise<unknown>): Promise<boolean> =>
  Promise.race([first.then(() => true), second.then(() => false)]);
