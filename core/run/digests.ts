// The digests of a run's records (spec 01, section 6.1): taken from payloads, checked against given ones, and copied into
// the receipts that name a recorded call.
import { digestOf } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import type { JsonObject } from "../base/json.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { lower, trim } from "../base/text.ts";
import type { Intent, Receipt, ResultRecord } from "../schema/runpack.ts";

type Payloads = ReadonlyMap<string, JsonObject | undefined>;

/** One record as far as its digest goes. */
type Digested = {
  /** Where it stands in the input, as a JSON pointer. */
  readonly pointer: string;
  readonly member: "args" | "result";
  readonly id: string;
  readonly payload: JsonObject | undefined;
  readonly given: string;
};

/** The digest of the normalization payload of an id, if it has one; taken once, however many records name the id. */
const normalizedDigests = (crypto: Crypto, payloads: Payloads): (id: string) => string | undefined => {
  const known = new Map<string, string>();
  return (id) => {
    if (!known.has(id) && payloads.has(id)) known.set(id, digestOf(crypto, payloads.get(id) ?? null));
    return known.get(id);
  };
};

const digestFor = (crypto: Crypto, record: Digested, normalized: string | undefined): Result<string> => {
  const { pointer, member, id, payload, given } = record;
  if (normalized !== undefined) {
    if (given !== "" && lower(given) !== normalized) {
      return fail(
        "digest_conflict",
        `Cannot record "${id}": ${member}_digest must be ${normalized}, the digest of its normalization payload`,
        {
          pointer: `${pointer}/${member}_digest`,
        },
      );
    }
    return ok(given === "" ? normalized : given);
  }
  if (given !== "") return ok(given);
  if (payload !== undefined) return ok(digestOf(crypto, payload));
  return fail("digest_missing", `Cannot record "${id}": expected ${member}, a normalization payload or ${member}_digest`, {
    pointer,
  });
};

/** The intents with their `args_digest` in place. Faults `digest_conflict` and `digest_missing`. */
export function digestIntents(crypto: Crypto, intents: readonly Intent[], payloads: Payloads): Result<Intent[]> {
  const normalized = normalizedDigests(crypto, payloads);
  const out: Intent[] = [];
  for (const [index, intent] of intents.entries()) {
    const { intent_id: id, args: payload, args_digest: given } = intent;
    const digest = digestFor(crypto, { pointer: `/intents/${index}`, member: "args", id, payload, given }, normalized(id));
    if (!digest.ok) return digest;
    out.push({ ...intent, args_digest: digest.value });
  }
  return ok(out);
}

/** The results with their `result_digest` in place. Faults `digest_conflict` and `digest_missing`. */
export function digestResults(crypto: Crypto, results: readonly ResultRecord[], payloads: Payloads): Result<ResultRecord[]> {
  const normalized = normalizedDigests(crypto, payloads);
  const out: ResultRecord[] = [];
  for (const [index, record] of results.entries()) {
    const { intent_id: id, result: payload, result_digest: given } = record;
    const digest = digestFor(crypto, { pointer: `/results/${index}`, member: "result", id, payload, given }, normalized(id));
    if (!digest.ok) return digest;
    out.push({ ...record, result_digest: digest.value });
  }
  return ok(out);
}

const TRACE = "trace_";

/**
 * The receipts with both digests in place: a receipt of type `gait.trace` named `trace_<intent id>` takes them from that
 * call and its result, any other has to bring them. Faults `digest_conflict` and `digest_missing`.
 */
export function digestReceipts(
  crypto: Crypto,
  receipts: readonly Receipt[],
  intents: readonly Intent[],
  results: readonly ResultRecord[],
): Result<Receipt[]> {
  const calls = new Map(intents.map((intent) => [intent.intent_id, intent])); // the last one of an id counts
  const answers = new Map(results.map((result) => [result.intent_id, result]));
  const queries = new Map<Intent, string>(); // taken once, however many receipts name the call
  const out: Receipt[] = [];
  for (const [index, receipt] of receipts.entries()) {
    const pointer = `/refs/receipts/${index}`;
    const name = trim(receipt.ref_id);
    if (lower(trim(receipt.source_type)) !== "gait.trace" || !name.startsWith(TRACE)) {
      if (trim(receipt.query_digest) === "" || trim(receipt.content_digest) === "") {
        return fail("digest_missing", `Cannot record receipt "${name}": expected query_digest and content_digest`, { pointer });
      }
      out.push(receipt);
      continue;
    }
    const call = calls.get(name.slice(TRACE.length));
    const answer = answers.get(name.slice(TRACE.length));
    if (call === undefined || answer === undefined) {
      const lacking = call === undefined ? "an intent" : "a result";
      return fail("run_invalid", `Cannot record receipt "${name}": expected ${lacking} of id "${name.slice(TRACE.length)}"`, {
        pointer,
      });
    }
    const query = queries.get(call) ?? digestOf(crypto, { tool_name: call.tool_name, args_digest: call.args_digest });
    queries.set(call, query);
    const filled = { query_digest: query, content_digest: answer.result_digest };
    for (const member of ["query_digest", "content_digest"] as const) {
      const given = lower(trim(receipt[member]));
      if (given === "" || given === lower(trim(filled[member]))) continue;
      return fail("digest_conflict", `Cannot record receipt "${name}": ${member} must be ${filled[member]}, as recorded`, {
        pointer: `${pointer}/${member}`,
      });
    }
    out.push({
      ...receipt,
      query_digest: trim(receipt.query_digest) || query,
      content_digest: trim(receipt.content_digest) || answer.result_digest,
    });
  }
  return ok(out);
}
