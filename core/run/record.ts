// Recording a run: what the options and the input together ask for, checked and made complete (spec 01, section 6).
import type { Crypto } from "../base/host.ts";
import { readDocument } from "../base/document.ts";
import { fail, type Fault, ok, type Result } from "../base/result.ts";
import { lower, trim } from "../base/text.ts";
import { type RecordInput, RecordInputShape } from "../schema/record_input.ts";
import type { Refs, RunRecords } from "../schema/runpack.ts";
import { type CaptureMode, completeRun, type Defaults } from "./complete.ts";
import { type ContextSet, withContext } from "./context.ts";
import { evidenceMode } from "./refs.ts";

/** Longest run record that is read. */
export const INPUT_LIMIT = 256 * 2 ** 20;

/** What the caller asks for; blank texts ask for nothing. */
export type RecordOptions = {
  readonly runId: string;
  readonly captureMode: string;
  readonly evidenceMode: string;
  /** The envelope as it was read, or why it could not be; undefined when none was named. */
  readonly context: Result<ContextSet> | undefined;
  readonly unsafeContextRaw: boolean;
  readonly defaults: Defaults;
};

/** A run that can be sealed, and what the user should know about it. */
export type RecordedRun = { readonly records: RunRecords; readonly capture: CaptureMode; readonly warnings: readonly string[] };

/** Reads a run record. Unknown members are ignored, null is absent; faults carry line and column or a pointer. */
export function readRecordInput(bytes: Uint8Array, what: string): Result<RecordInput> {
  const read = readDocument(RecordInputShape, bytes, what, { file: what }, { maxBytes: INPUT_LIMIT });
  return read.ok ? ok(read.value.value) : read;
}

const renamed = (input: RecordInput, runId: string): RecordInput => ({
  ...input,
  run: { ...input.run, run_id: runId },
  intents: input.intents.map((intent) => ({ ...intent, run_id: runId })),
  results: input.results.map((record) => ({ ...record, run_id: runId })),
  refs: { ...input.refs, run_id: runId },
});

const captureMode = (option: string, given: string): CaptureMode | undefined => {
  const mode = trim(option) || trim(given) || "reference";
  return mode === "reference" || mode === "raw" ? mode : undefined;
};

const isRaw = (record: { readonly redaction_mode: string }): boolean => lower(trim(record.redaction_mode)) === "raw";

const RAW_REFUSED = "holds context with redaction_mode raw, which is stored only with --unsafe-context-raw";

/** Records a run. Faults: `run_invalid`, `flag_value`, `context_invalid`, `raw_context_refused`, the envelope's, `completeRun`'s. */
export function recordRun(crypto: Crypto, given: RecordInput, options: RecordOptions): Result<RecordedRun> {
  const runId = trim(options.runId);
  const input = runId === "" ? given : renamed(given, runId);
  if (trim(input.run.run_id) === "") return refuse("run_id must not be blank", "/run/run_id");
  const capture = captureMode(options.captureMode, input.capture_mode);
  if (capture === undefined) {
    return misused("capture mode must be reference or raw", options.captureMode, trim(input.capture_mode), "/capture_mode");
  }
  const own = input.refs.context_evidence_mode;
  const evidence = evidenceMode(trim(options.evidenceMode) || own);
  if (evidence === undefined) {
    const wanted = "evidence mode must be best_effort or required";
    return misused(wanted, options.evidenceMode, own, "/refs/context_evidence_mode");
  }
  const warnings: string[] = [];
  let refs: Refs = { ...input.refs, context_evidence_mode: evidence || "best_effort" };
  if (options.context !== undefined) {
    if (options.context.ok) {
      if (!options.unsafeContextRaw && options.context.value.records.some(isRaw)) {
        return fail("raw_context_refused", `Cannot record run "${input.run.run_id}": the context envelope ${RAW_REFUSED}`, {
          file: options.context.value.file,
        });
      }
      refs = withContext(refs, options.context.value);
    } else if (evidence === "required") return options.context;
    else warnings.push(`The context envelope was ignored: ${options.context.fault.message}`);
  }
  const raw = options.unsafeContextRaw ? -1 : refs.receipts.findIndex(isRaw);
  if (raw >= 0) {
    return fail("raw_context_refused", `Cannot record run "${input.run.run_id}": it ${RAW_REFUSED}`, {
      pointer: `/refs/receipts/${raw}/redaction_mode`,
    });
  }
  if (evidence === "required" && trim(refs.context_set_digest) === "") {
    return fail(
      "context_invalid",
      `Cannot record run "${input.run.run_id}": evidence mode required needs a context_set_digest`,
      {
        pointer: "/refs/context_set_digest",
      },
    );
  }
  const records = completeRun(crypto, { ...input, refs }, capture, options.defaults);
  if (!records.ok) return options.context?.ok ? inEnvelope(records.fault, options.context.value.file) : records;
  if (capture === "raw") warnings.push("Raw capture keeps arguments and results as they are, secrets included");
  else if (holdsPayloads(input)) warnings.push("Reference capture keeps digests only: arguments and results were not stored");
  return ok({ records: records.value, capture, warnings });
}

const holdsPayloads = (input: RecordInput): boolean =>
  input.intents.some((intent) => intent.args !== undefined) || input.results.some((record) => record.result !== undefined) ||
  input.normalization.intent_args.size > 0 || input.normalization.result_payloads.size > 0;

/** Of a value that may stand in an option or in the input: a fault about the one that counts. */
const misused = (wanted: string, option: string, given: string, pointer: string): Result<never> => {
  const asked = trim(option);
  const words = `${wanted}, not "${asked || given}"`;
  return asked === "" ? refuse(words, pointer) : fail("flag_value", `Cannot record the run: ${words}`);
};

// The receipts of an envelope stand nowhere in the input, and in another order than in the envelope.
const inEnvelope = (fault: Fault, file: string): Result<never> => ({
  ok: false,
  fault: fault.at?.pointer?.startsWith("/refs/receipts/") ? { ...fault, at: { file } } : fault,
});

const refuse = (why: string, pointer: string): Result<never> =>
  fail("run_invalid", `Cannot record the run: ${why}`, { pointer });
