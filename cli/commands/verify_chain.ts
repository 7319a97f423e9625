// `gait verify chain`: verifies a runpack and, beside it, the trace of a decision and an evidence pack.
import { fail, type Fault, ok, type Result } from "../../core/base/result.ts";
import { joinEvidence } from "../../core/flow/evidence.ts";
import { type EvidenceReport, verifyEvidencePack } from "../../core/pack/verify.ts";
import { type RunpackReport, verifyRunpack } from "../../core/run/verify.ts";
import { type ReadTrace, readTrace, TRACE_LIMIT, type TraceReport, verifyTrace } from "../../core/trace/verify.ts";
import type { OpenFile, Ports } from "../../core/ports.ts";
import { command } from "../command.ts";
import { type AskedTrust, loadTrust, TRUST_FLAGS } from "../profile.ts";
import { resolveRunpack } from "../runpacks.ts";
import { withProgress } from "../watched_source.ts";

type Part = { readonly ok: boolean; readonly path?: string };

type Verified = {
  readonly ok: boolean;
  readonly run: Part;
  readonly trace?: Part;
  readonly pack?: Part;
  readonly id_mismatches: readonly string[];
};

type ChainPorts = Pick<Ports, "files" | "env" | "machine" | "host" | "progress">;

/** Members that say nothing are left out, as they are at the top of every answer. */
const view = (path: string, report: { readonly ok: boolean }): Part => {
  const says = Object.entries<unknown>({ ...report, path }).filter(([name, value]) =>
    name === "ok" || (value !== "" && value !== 0 && value !== undefined && !(Array.isArray(value) && value.length === 0))
  );
  return { ok: report.ok, ...Object.fromEntries(says) };
};

async function onFile<T>(
  path: string,
  ports: ChainPorts,
  verify: (file: OpenFile) => Promise<Result<T>>,
): Promise<Result<T>> {
  const file = await ports.files.open(path);
  if (!file.ok) return file;
  const report = await verify({ ...withProgress(file.value, `verify ${path}`, ports.progress), close: () => {} });
  file.value.close();
  return report;
}

const runOf = async (
  given: string,
  trust: AskedTrust,
  ports: ChainPorts,
): Promise<Result<{ path: string; report: RunpackReport }>> => {
  const path = await resolveRunpack(given, ports);
  if (!path.ok) return path;
  const report = await onFile(path.value, ports, (file) => verifyRunpack(ports.host, file, path.value, trust));
  return report.ok ? ok({ path: path.value, report: report.value }) : report;
};

const traceOf = async (
  path: string,
  trust: AskedTrust,
  ports: ChainPorts,
): Promise<Result<{ report: TraceReport; record: ReadTrace }>> => {
  if (trust.key === undefined) {
    return fail("key_source", "Cannot verify the trace: expected --public-key, --public-key-env or a private key source");
  }
  const bytes = await ports.files.read(path, TRACE_LIMIT);
  if (!bytes.ok) return bytes;
  const record = readTrace(bytes.value, path);
  if (!record.ok) return record;
  return ok({ report: await verifyTrace(ports.host.crypto, record.value.trace, trust.key), record: record.value });
};

const packOf = (path: string, trust: AskedTrust, ports: ChainPorts): Promise<Result<EvidenceReport>> =>
  onFile(path, ports, (file) => verifyEvidencePack(ports.host, file, path, trust));

export default command({
  path: ["verify", "chain"],
  summary: "Verify a runpack with its trace and evidence pack",
  explain:
    "Verifies a runpack, the signed trace of a decision and an evidence pack with one key, and says whether they all hold.",
  flags: {
    run: { kind: "text", doc: "Run id or path of the runpack", required: true, value: "run_id|path", complete: "path" },
    trace: { kind: "text", doc: "Trace of a decision", default: "", value: "file", complete: "path" },
    pack: {
      kind: "text",
      doc: "Evidence pack of a guard; gait pack verify checks the packs of pack build",
      default: "",
      value: "file",
      complete: "path",
    },
    ...TRUST_FLAGS,
  },
  verdict: true,
  examples: ["gait verify chain --run run_demo --trace trace.json --public-key gait.pub"],
  refusal: { run: { ok: false } },
  needs: ["files", "env", "machine", "host", "progress"],
  async run(values, ports) {
    let data: Verified = { ok: false, run: { ok: false }, id_mismatches: [] };
    const refuse = (fault: Fault) => ok({ exit: "usage" as const, data, fault });
    const trust = await loadTrust(values, ports);
    if (!trust.ok) return refuse(trust.fault);
    const run = await runOf(values.run, trust.value, ports);
    if (!run.ok) return refuse(run.fault);
    data = { ...data, run: view(run.value.path, run.value.report) };
    const trace = values.trace === "" ? undefined : await traceOf(values.trace, trust.value, ports);
    if (trace !== undefined && !trace.ok) return refuse(trace.fault);
    if (trace !== undefined) data = { ...data, trace: view(values.trace, trace.value.report) };
    const pack = values.pack === "" ? undefined : await packOf(values.pack, trust.value, ports);
    if (pack !== undefined && !pack.ok) return refuse(pack.fault);
    if (pack !== undefined) data = { ...data, pack: view(values.pack, pack.value) };
    const joined = joinEvidence({
      run: run.value.report,
      trace: trace && { report: trace.value.report, record: trace.value.record.trace },
      pack: pack?.value,
    });
    return ok({ exit: joined.ok ? "ok" : "verification", data: { ...data, ...joined } });
  },
  lines: (data: Verified) => [
    `verify chain ${data.ok ? "ok" : "failed"}`,
    ...Object.entries({ run: data.run, trace: data.trace, pack: data.pack }).flatMap(([name, part]) =>
      part?.path === undefined ? [] : [`${name} ${part.ok ? "ok" : "failed"}: ${part.path}`]
    ),
    ...data.id_mismatches.map((text) => `note: ${text}`),
  ],
});
