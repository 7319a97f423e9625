// The wrappers `gait test`, `gait enforce` and `gait trace` (spec 06, section 6): a program runs to its end, then the traces that it
// named are read, and the wrapper ends as its mode has it.
import { fromUtf8 } from "../core/base/bytes.ts";
import { durationMs } from "../core/base/duration.ts";
import type { ExitName } from "../core/base/errors.ts";
import { fail, type Fault, ok, type Result } from "../core/base/result.ts";
import type { VerifyKey } from "../core/base/sign.ts";
import { millisecondsBetween } from "../core/base/time.ts";
import type { ChildEnd, Ports } from "../core/ports.ts";
import type { Trace } from "../core/schema/trace.ts";
import { checkTraceShape } from "../core/trace/check.ts";
import { readTrace, TRACE_LIMIT, verifyTrace } from "../core/trace/verify.ts";
import { namedPaths, verdictCounts, wrapperEnd, type WrapperMode } from "../core/trace/wrapped.ts";
import { type About, type Command, command, type Outcome } from "./command.ts";
import { loadVerifyKey, PUBLIC_KEY_FLAGS } from "./key_sources.ts";
import { EXIT } from "./render.ts";

/** What a wrapper answers. */
type Wrapped = {
  readonly ok: boolean;
  readonly mode: WrapperMode;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly boundary_contract: string;
  readonly trace_reference_required: boolean;
  readonly failure_reason: string;
  readonly child_exit_code: number;
  readonly timed_out: boolean;
  readonly duration_ms: number;
  readonly verdict_counts: ReturnType<typeof verdictCounts>;
  readonly trace_paths: readonly string[];
  readonly runpack_paths: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  readonly warnings: readonly string[];
};

const CONTRACT = { boundary_contract: "explicit_trace_reference", trace_reference_required: true } as const;

const GRACE = 2000;
/** Most bytes that are kept of each output. */
const MOST_OUTPUT = 64 * 2 ** 20;
/** The longest time that the timers of the host can count, 24 days. */
const LONGEST = 2 ** 31 - 1;

/** The wrapper of a mode. */
export const wrapper = (
  mode: WrapperMode,
  about: Pick<About, "summary" | "explain" | "examples"> & { readonly rest: "behind_dashes" | "anywhere" },
): Command =>
  command({
    path: [mode],
    summary: about.summary,
    explain: about.explain,
    positionals: {
      name: "command",
      doc: "The program to run, and its arguments",
      min: 1,
      max: Infinity,
      complete: "path",
      rest: about.rest,
    },
    flags: {
      cwd: {
        kind: "text",
        doc: "Folder to run it in; the traces are read from the folder of gait",
        complete: "path",
        default: ".",
      },
      timeout: { kind: "text", doc: "How long it may take, such as 300ms or 2m", value: "duration", default: "30s" },
      "public-key": { ...PUBLIC_KEY_FLAGS["public-key"], doc: "Public key file: a trace that its signer did not sign is none" },
      "public-key-env": { ...PUBLIC_KEY_FLAGS["public-key-env"], doc: "Variable that holds that public key" },
    },
    verdict: true,
    refusal: { mode, ...CONTRACT },
    ...(about.examples === undefined ? {} : { examples: about.examples }),
    needs: ["files", "child", "env", "clock", "host"],
    spared: (values) => values["public-key-env"] ? [] : ["env"],
    async run(values, ports) {
      const milliseconds = durationMs(values.timeout);
      if (milliseconds === undefined || milliseconds <= 0 || milliseconds > LONGEST) {
        const wanted = "wanted is a duration above zero and up to 24 days, such as 300ms or 2m";
        return fail("flag_value", `Cannot read value "${values.timeout}" of --timeout: ${wanted}`);
      }
      const key = await loadVerifyKey(
        { "public-key": values["public-key"], "public-key-env": values["public-key-env"] },
        ports,
      );
      if (!key.ok) return key;
      const asked = { mode, command: values.positionals, cwd: values.cwd || ".", key: key.value };
      const began = ports.clock.now();
      const ended = await start(asked, milliseconds, ports);
      const duration_ms = Math.max(0, millisecondsBetween(began, ports.clock.now())); // a clock may be set back meanwhile
      return ok(ended.ok ? await conclude(asked, ended.value, duration_ms, ports) : notStarted(asked, ended.fault));
    },
    lines: (data: Wrapped) => [
      ...(data.failure_reason !== ""
        ? []
        : [`${mode} ${data.ok ? "ok" : "finished"}: child_exit=${data.child_exit_code} traces=${data.trace_paths.length}`]),
      ...data.warnings.map((warning) => `warning: ${warning}`),
    ],
  });

/** What is to be run, and by which key its traces are checked. */
type Asked = Pick<Wrapped, "mode" | "command" | "cwd"> & { readonly key: VerifyKey | undefined };

async function start(
  { mode, command, cwd }: Asked,
  milliseconds: number,
  { files, child }: Pick<Ports, "files" | "child">,
): Promise<Result<ChildEnd>> {
  if (await files.kind(cwd) !== "folder") {
    return fail("child_start_failed", `Cannot start "${command[0]}" in "${cwd}": there is no such folder`);
  }
  const variables = { GAIT_WRAPPER_MODE: mode };
  return await child.run(command, { folder: cwd, variables, milliseconds, grace: GRACE, bytes: MOST_OUTPUT });
}

const NOTHING = {
  failure_reason: "",
  child_exit_code: 0,
  timed_out: false,
  duration_ms: 0,
  verdict_counts: [],
  trace_paths: [],
  runpack_paths: [],
  stdout: "",
  stderr: "",
  warnings: [],
} as const;

const notStarted = ({ mode, command, cwd }: Asked, fault: Fault): Outcome<Wrapped> => ({
  exit: "internal",
  data: { ok: false, mode, command, cwd, ...CONTRACT, ...NOTHING, failure_reason: fault.code },
  fault,
});

async function conclude(
  { mode, command, cwd, key }: Asked,
  { output, errors, code, timedOut, whole }: ChildEnd,
  duration_ms: number,
  ports: Pick<Ports, "files" | "host">,
): Promise<Outcome<Wrapped>> {
  const [stdout, stderr] = [fromUtf8(output), fromUtf8(errors)];
  const trace_paths = namedPaths([stdout, stderr], "trace_path");
  const verdicts: Trace["verdict"][] = [];
  const warnings: string[] = whole ? [] : ["Not all that the program printed was kept"];
  for (const path of trace_paths) {
    const trace = await traceAt(path, key, ports);
    if (trace.ok) verdicts.push(trace.value.verdict);
    else warnings.push(trace.fault.message);
  }
  const end = wrapperEnd(mode, { code, timedOut, whole, named: trace_paths.length, verdicts });
  const data: Wrapped = {
    ok: end.kind === "decided" && end.exit === "ok",
    mode,
    command,
    cwd,
    ...CONTRACT,
    failure_reason: end.kind === "failed" ? end.fault : "",
    child_exit_code: code,
    timed_out: timedOut,
    duration_ms,
    verdict_counts: verdictCounts(verdicts),
    trace_paths,
    runpack_paths: namedPaths([stdout, stderr], "runpack_path"),
    stdout,
    stderr,
    warnings,
  };
  switch (end.kind) {
    case "failed":
      return { exit: "internal", data, fault: { code: end.fault, message: `Cannot vouch for "${command[0]}": ${end.words}` } };
    case "child":
      return { exit: nameOf(end.code), code: end.code, data };
    case "decided":
      return { exit: end.exit, data };
    default:
      return never(end);
  }
}

const isExitName = (name: string): name is ExitName => name in EXIT;

/** What an exit number of another program would mean if it were gait's own. */
const nameOf = (code: number): ExitName =>
  Object.keys(EXIT).filter(isExitName).find((name) => EXIT[name] === code) ?? "internal";

async function traceAt(
  path: string,
  key: VerifyKey | undefined,
  { files, host }: Pick<Ports, "files" | "host">,
): Promise<Result<Trace>> {
  if (await files.kind(path) === "other") { // reading a pipe would wait for whoever fills it
    return fail("file_unreadable", `Cannot read "${path}": it is not a plain file`, { file: path });
  }
  const bytes = await files.read(path, TRACE_LIMIT);
  if (!bytes.ok) return bytes;
  const read = readTrace(bytes.value, path);
  if (!read.ok) return read;
  const trace = checkTraceShape(read.value.trace, path);
  if (!trace.ok) return trace;
  const verified = key === undefined || (await verifyTrace(host.crypto, trace.value, key)).ok;
  return verified
    ? trace
    : fail("signature_failed", `Cannot trust trace "${path}": it is not signed by the key`, { file: path });
}

const never = (end: never): never => {
  throw new Error(`unknown end of a wrapper: ${JSON.stringify(end)}`);
};
