// One JSON request in, one JSON reply out: what the entry of every runtime calls. Replies are canonical (RFC 8785), so that equal
// answers are equal bytes wherever they were given.
import { utf8 } from "../core/base/bytes.ts";
import { canonicalText } from "../core/base/canonical.ts";
import { digestOf } from "../core/base/digest.ts";
import { envelope } from "../core/base/envelope.ts";
import type { Crypto, Host, Source } from "../core/base/host.ts";
import { type Json, type JsonObject, readJson, readJsonObject } from "../core/base/json.ts";
import { quoted } from "../core/base/json_words.ts";
import { fail, type Fault, ok, type Result } from "../core/base/result.ts";
import { listOf, oneOf, present, readShape, type Shape, strict, text, truth } from "../core/base/shape.ts";
import { diffArtifacts } from "../core/run/diff_artifacts.ts";
import { inspectArtifact } from "../core/run/inspect_view.ts";
import { openRunpack } from "../core/run/open.ts";
import { finishReplay, planReplay } from "../core/run/replay.ts";
import { blockDocument, evaluateDocument, explanation, type GateInput, inputOf } from "./gate.ts";
import { report } from "./verify.ts";

const REQUEST = "request";

/** One artifact of a request, and its name in messages. */
type Given = { readonly source: Source; readonly what: string };

/** Answers a request that has been read, on as many artifacts as the operation wants. */
type Operation = (host: Host, request: JsonObject, artifacts: readonly Source[]) => Promise<Result<Json>>;

const common = () => ({
  operation: text("What to do"),
  names: listOf(text("A name"), "How messages call the artifacts, in their order"),
});

type Common = { readonly operation: string; readonly names: readonly string[] };

// Binds an operation to the shape of its request and to the names of its artifacts where the request gives none.
const operation = <T extends Common>(
  shape: Shape<T>,
  names: readonly string[],
  answer: (host: Host, request: T, given: readonly Given[]) => Promise<Result<Json>>,
): Operation =>
async (host, json, artifacts) => {
  const request = readShape(shape, json, REQUEST);
  if (!request.ok) return request;
  const { value } = request;
  if (artifacts.length !== names.length) {
    const wanted = names.length === 1 ? "1 artifact" : `${names.length} artifacts`;
    return fail("missing_argument", `Cannot ${value.operation}: expected ${wanted}, found ${artifacts.length}`);
  }
  return await answer(host, value, artifacts.map((source, i) => ({ source, what: value.names[i] ?? names[i] ?? "" })));
};

const ONE = ["artifact"] as const;
const MAX_TEXT_BYTES = 100 * 2 ** 20;

const plain = strict("A request without options", common);

const internal = (thrown: unknown): Fault => {
  const said = quoted(thrown instanceof Error ? thrown.message : String(thrown), 200);
  return { code: "internal", message: `Cannot answer the request: this was thrown: ${said}` };
};

/**
 * An operation of the gate: total, since whoever asks for a verdict must not take a fault for anything but a block. Its documents are
 * in the request itself.
 */
const verdict = (answer: (crypto: Crypto, input: GateInput) => Json): Operation => (host, request, artifacts) => {
  const blocked = (fault: Fault) => Promise.resolve(ok(blockDocument({ reason: "request_invalid", fault })));
  if (artifacts.length > 0) {
    const message = `Cannot decide: expected no artifact, found ${artifacts.length}`;
    return blocked({ code: "missing_argument", message });
  }
  const input = inputOf(request);
  if (!input.ok) return blocked(input.fault);
  return Promise.resolve(ok(answer(host.crypto, input.value)));
};

// Whether a request asks for a verdict, as far as it can be told.
const asksVerdict = (request: string): boolean => {
  const json = readJsonObject(utf8(request), REQUEST);
  return json.ok && (json.value.operation === "evaluate" || json.value.operation === "explain");
};

const OPERATIONS: Readonly<Record<string, Operation>> = {
  verify: operation(
    strict("Verify a runpack", () => ({
      ...common(),
      public_key: present(text("Text of a public key file")),
      require_signature: truth("Fail unless a signature verifies"),
      strict: truth("Wants a key, a valid signature, and no entry that the manifest does not name"),
    })),
    ONE,
    (host, request, [given]) => on(given, ({ source, what }) => report(host, source, { ...request, name: what })),
  ),
  inspect: operation(
    plain,
    ONE,
    (host, _, [given]) => on(given, ({ source, what }) => inspectArtifact(host, source, what)),
  ),
  // Recorded results and stubs: tools are run by the command line alone.
  replay: operation(
    plain,
    ONE,
    (host, _, [given]) =>
      on(given, async ({ source, what }) => {
        const runpack = await openRunpack(host, source, what);
        if (!runpack.ok) return runpack;
        const plan = planReplay(host.crypto, runpack.value);
        return plan.ok ? ok(finishReplay(host.crypto, plan.value, new Map())) : plan;
      }),
  ),
  diff: operation(
    strict("Compare two runpacks, or two session chains", () => ({
      ...common(),
      privacy: present(oneOf(["full", "metadata"], "metadata leaves out arguments, results and what receipts say")),
    })),
    ["left", "right"],
    (host, { privacy = "full" }, [left, right]) =>
      on(left, (left) => on(right, (right) => diffArtifacts(host, left, right, privacy))),
  ),
  digest: operation(
    plain,
    ONE,
    (host, _, [given]) =>
      on(given, async ({ source, what }) => {
        const json = readJson(await source.read(0, Math.min(source.size, MAX_TEXT_BYTES + 1)), what);
        return json.ok ? ok({ ok: true, digest: digestOf(host.crypto, json.value) }) : json;
      }),
  ),
  evaluate: verdict(evaluateDocument),
  explain: verdict(explanation),
};

const on = <T>(given: Given | undefined, then: (given: Given) => T): T => {
  if (given === undefined) throw new Error("the number of artifacts was checked");
  return then(given);
};

async function answer(host: Host, request: string, artifacts: readonly Source[]): Promise<Result<Json>> {
  const json = readJsonObject(utf8(request), REQUEST);
  if (!json.ok) return json;
  const { operation: name } = json.value;
  const found = typeof name === "string" && Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (found !== undefined) return await found(host, json.value, artifacts);
  return fail("document_shape", `Cannot read "${REQUEST}": expected an operation of ${Object.keys(OPERATIONS).join(", ")}`, {
    pointer: "/operation",
  });
}

/** The reply that tells a fault. */
export const refusal = (fault: Fault): string => canonicalText({ ...fault.details, ...fault.at, ...envelope(fault).members });

/**
 * Answers a request: `operation` is `verify`, `inspect`, `replay`, `diff` (of two artifacts), `digest` (of a JSON text, in its
 * canonical form), or `evaluate` and `explain` (of a tool call by a policy, without artifacts; every fault is a block); `names` is how messages call the artifacts. The reply is one line of canonical JSON whose members are those of
 * the command of that name; what could not be done has `ok: false`, `fault`, `error` and the place. Never rejects: a bug, or
 * a source that cannot be read, is the fault `internal`.
 */
export async function call(host: Host, request: string, artifacts: readonly Source[]): Promise<string> {
  try {
    const found = await answer(host, request, artifacts);
    return found.ok ? canonicalText(found.value) : refusal(found.fault);
  } catch (thrown) {
    const fault = internal(thrown);
    return asksVerdict(request) ? canonicalText(blockDocument({ reason: "internal_failure", fault })) : refusal(fault);
  }
}
