// `gait trace verify`: says whether the record of a decision is what its signer wrote.
import type { Crypto } from "../../core/base/host.ts";
import { fail, ok } from "../../core/base/result.ts";
import type { ShownTrace } from "../../core/schema/trace.ts";
import { traceId } from "../../core/trace/build.ts";
import { noteBelongs, notePath } from "../../core/trace/note.ts";
import { readTrace, TRACE_LIMIT, type TraceReport, verifyTrace } from "../../core/trace/verify.ts";
import type { Ports } from "../../core/ports.ts";
import { command } from "../command.ts";
import { loadVerifyKey, PRIVATE_KEY_FLAGS, PUBLIC_KEY_FLAGS } from "../key_sources.ts";
import { oneArgument } from "../runpacks.ts";
import { uncoveredWarning } from "../uncovered.ts";

type Verified = Omit<TraceReport, "error"> & { readonly path: string; readonly warnings: readonly string[] };

// The note beside a trace decides nothing, so a bad one is worth a warning and no more.
async function noteWarnings(path: string, trace: ShownTrace, files: Ports["files"]): Promise<readonly string[]> {
  const beside = notePath(path);
  if (await files.kind(beside) !== "file") return [];
  const bytes = await files.read(beside, TRACE_LIMIT);
  const belongs = bytes.ok ? noteBelongs(bytes.value, beside, trace) : bytes;
  if (!belongs.ok) return [belongs.fault.message];
  return belongs.value ? [] : [`The decision note "${beside}" belongs to another trace`];
}

// A signer may name a trace as it likes, so another id is no failure; but whoever looks decisions up by their ids should know.
function idWarning(crypto: Crypto, trace: ShownTrace): readonly string[] {
  const wanted = traceId(crypto, trace);
  return trace.trace_id === wanted ? [] : [`The trace id is not that of its policy, intent and verdict: "${wanted}"`];
}

export default command({
  path: ["trace", "verify"],
  summary: "Verify the signed record of a decision",
  explain: "Recomputes the digest of a trace from its known members and checks its signature against a key.",
  positionals: { name: "path", doc: "Trace file", min: 0, max: 1, complete: "path" },
  flags: {
    path: { kind: "text", doc: "Trace file; the same as the argument", value: "file", complete: "path" },
    ...PUBLIC_KEY_FLAGS,
    ...PRIVATE_KEY_FLAGS,
  },
  verdict: true,
  examples: ["gait trace verify trace_0123.json --public-key gate.pub"],
  needs: ["files", "env", "host"],
  async run(values, ports) {
    const given = oneArgument(values.path, values.positionals, "path");
    if (!given.ok) return given;
    const path = given.value;
    if (path === "") return fail("missing_argument", "Cannot verify: expected the path of a trace");
    const bytes = await ports.files.read(path, TRACE_LIMIT);
    if (!bytes.ok) return bytes;
    const read = readTrace(bytes.value, path);
    if (!read.ok) return read;
    const { trace, uncovered } = read.value;
    const key = await loadVerifyKey(values, ports);
    if (!key.ok) return key;
    if (key.value === undefined) {
      return fail("key_source", "Cannot verify the trace: expected --public-key, --public-key-env or a private key source");
    }
    const { error, ...report } = await verifyTrace(ports.host.crypto, trace, key.value);
    const warnings = [
      ...uncoveredWarning(uncovered),
      ...idWarning(ports.host.crypto, trace),
      ...await noteWarnings(path, trace, ports.files),
    ];
    const data: Verified = { ...report, path, warnings };
    if (report.ok) return ok({ exit: "ok", data });
    const failed = { exit: "verification", data } as const;
    const code = report.signature_status === "verified" ? "verification_failed" : "signature_failed";
    return ok(error === undefined ? failed : { ...failed, fault: { code, message: error, at: { file: path } } });
  },
  lines: (data: Verified) => [
    `trace verify ${data.ok ? "ok" : "failed"}: ${data.path}`,
    `signature status: ${data.signature_status}`,
    `trace ${data.trace_id}, verdict ${data.verdict}`,
    ...data.warnings.map((warning) => `warning: ${warning}`),
  ],
});
