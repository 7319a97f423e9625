// `gait mcp proxy` and `gait mcp bridge`, which are one command (spec 05, section 2): one call in, one verdict out, and its evidence.
import { placed } from "../core/base/document.ts";
import { readJson } from "../core/base/json.ts";
import { outputPath } from "../core/base/paths.ts";
import { fail, located, ok, type Result } from "../core/base/result.ts";
import { type BoundaryResult, boundaryResult } from "../core/flow/boundary_result.ts";
import type { Ports } from "../core/ports.ts";
import { type BoundarySettings, openBoundary } from "./boundary.ts";
import { type BoundaryOut, writeCall } from "./boundary_out.ts";
import { type Command, command, type Values } from "./command.ts";
import { file, text } from "./flag_forms.ts";
import { boundaryBy, MCP_FLAGS, PROFILE_FLAG } from "./mcp_flags.ts";
import { checkOutputs, takenBy } from "./output_paths.ts";
import { requestBytes } from "./request_bytes.ts";

const FLAGS = {
  ...MCP_FLAGS,
  call: file("The call, - for standard input; the next argument unless given"),
  profile: { ...PROFILE_FLAG, default: "standard" },
  "run-id": text("Id of the run; the call's own unless given", "id"),
  "trace-out": file("Where the signed trace goes; trace_<id>_<time>.json unless given, with the id of --run-id or none"),
  "runpack-out": file("Runpack of the call"),
  "pack-out": file("Signed pack of the call"),
} as const;

type ProxyValues = Values<typeof FLAGS>;

const OUTPUTS = {
  trace: "the trace",
  runpack: "the runpack",
  pack: "the pack",
  log: "the log export",
  otel: "the OTEL export",
};

/** The command; `word` is what it is called. */
export const proxyCommand = (word: "proxy" | "bridge"): Command =>
  command({
    path: ["mcp", word],
    summary: word === "proxy" ? "Decide one tool call as an MCP client hands it over" : "The same as gait mcp proxy",
    explain:
      "Decides one tool call in the form of an MCP client or an agent framework, and leaves a signed trace, and packs and log lines on request; it never executes the tool.",
    positionals: { name: "file", doc: "Policy and call, as far as no flag names them", min: 0, max: 2, complete: "path" },
    flags: FLAGS,
    verdict: true,
    refusal: { executed: false },
    refusalAlways: ["executed"],
    examples: [
      `gait mcp ${word} policy.yaml call.json`,
      `gait mcp ${word} --policy policy.yaml --call - --adapter openai --pack-out pack.zip --json`,
    ],
    needs: ["files", "input", "store", "journal", "lock", "state", "env", "clock", "random", "machine", "host"],
    async run(values, ports, { version }) {
      const began = ports.clock.now();
      const sources = sourcesOf(values);
      if (!sources.ok) return sources;
      const { policy, call } = sources.value;
      const settings = boundaryBy(values, { policy, adapter: values.adapter ?? "", version });
      const out = outOf(values);
      const apart = await checkApart(settings, call, out, ports);
      if (!apart.ok) return apart;

      const bytes = await requestBytes(call, ports);
      if (!bytes.ok) return bytes;
      const json = readJson(bytes.value, call, { text: "replace" });
      if (!json.ok) return { ok: false, fault: located(json.fault, { file: call }) };
      const request = { call: json.value, name: call, run_id: values["run-id"] };
      const decision = await openBoundary(settings, ports).decide(request, began);
      if (!decision.ok) {
        const { fault } = decision; // only a pointer points into the call
        return fault.at?.pointer === undefined || fault.at.file !== undefined
          ? decision
          : { ok: false, fault: placed(fault, bytes.value, { file: call }) };
      }
      const refs = await writeCall(decision.value, out, settings, ports);
      if (!refs.ok) return refs;
      const data = boundaryResult(decision.value, refs.value);
      return ok({ exit: decision.value.decided.final.exit, data, always: ["executed"] });
    },
    lines: (data: BoundaryResult) => [
      `mcp ${word}: verdict=${data.verdict}`,
      `tool: ${data.tool_name}`,
      `run_id: ${data.run_id}`,
      ...named("trace", data.trace_path),
      ...named("runpack", data.runpack_path),
      ...named("pack", data.pack_path),
      ...named("log export", data.log_export),
      ...named("OTEL export", data.otel_export),
      ...data.reason_codes.map((code) => `reason: ${code}`),
      ...data.violations.map((violation) => `violation: ${violation}`),
      ...data.warnings.map((warning) => `warning: ${warning}`),
    ],
  });

const named = (what: string, path = ""): readonly string[] => path === "" ? [] : [`${what}: ${path}`];

function sourcesOf(values: ProxyValues): Result<{ readonly policy: string; readonly call: string }> {
  const rest = [...values.positionals];
  const policy = values.policy || (rest.shift() ?? "");
  if (policy === "") return fail("missing_argument", "Cannot decide: expected --policy, or the policy as the first argument");
  const call = values.call || (rest.shift() ?? "");
  if (call === "") return fail("missing_argument", "Cannot decide: expected --call, or the call as an argument");
  const [more] = rest;
  return more === undefined ? ok({ policy, call }) : fail("usage", `Cannot take argument "${more}": policy and call are named`);
}

const outOf = (values: ProxyValues): BoundaryOut => ({
  trace: values["trace-out"] ?? "",
  runpack: values["runpack-out"] ?? "",
  pack: values["pack-out"] ?? "",
  log: values["export-log-out"] ?? "",
  otel: values["export-otel-out"] ?? "",
});

// Before anything is read. A path that may not be written to at all is refused where it would be written (section 2.1).
async function checkApart(
  { policy, envelope, kill_switch, rate_limits, keys }: BoundarySettings,
  call: string,
  out: BoundaryOut,
  { files }: Pick<Ports, "files">,
): Promise<Result<void>> {
  const outputs = (["trace", "runpack", "pack", "log", "otel"] as const)
    .filter((name) => outputPath(out[name], "").ok).map((name) => [OUTPUTS[name], out[name]] as const);
  if (outputs.length === 0) return ok(undefined);
  const journal = kill_switch === "" ? "" : (await import("./kill_switch_journal.ts")).journalBeside(kill_switch);
  const read = [policy, call === "-" ? "" : call, envelope, keys.signing["private-key"]];
  return await checkOutputs(outputs, await takenBy({ read, shared: [rate_limits, kill_switch, journal] }, files), files);
}
