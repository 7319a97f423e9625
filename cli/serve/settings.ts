// What `gait mcp serve` is asked for: its flags, then the section `mcp_serve` of the project defaults, then what is built in. Everything that
// can be refused before it listens is refused here (spec 05, section 3.1).
import { durationMs } from "../../core/base/duration.ts";
import { outputPath } from "../../core/base/paths.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { lower, trim } from "../../core/base/text.ts";
import { adapterOf } from "../../core/mcp/adapters.ts";
import type { Ports, Reach } from "../../core/ports.ts";
import type { BoundarySettings } from "../boundary.ts";
import type { Values } from "../command.ts";
import { type Chosen, chosen, chosenWord, noPolicy, wrongValue } from "../chosen.ts";
import { configPath, JOB_ROOT, keySources, LEDGER_PATH, loadConfig, loadServeConfig, RATE_LIMIT_PATH } from "../config.ts";
import { SERVE_FLAGS, SHARED_FLAGS, type SharedFlag } from "./flags.ts";
import { reachOf } from "./reach.ts";

/** The values of the flags; those that are not there were not given. */
export type ServeValues = Partial<Values<typeof SERVE_FLAGS>>;

/** How long and how many files of a class are kept; 0 keeps all. */
export type Keep = { readonly age: number; readonly count: number };

/** The classes of files that are kept for a while. */
export const CLASSES = ["trace", "runpack", "pack", "session", "journal"] as const;

/** One of them. */
export type KeptClass = typeof CLASSES[number];

/** What is asked for. An empty path is none. */
export type ServeSettings = {
  readonly boundary: BoundarySettings;
  readonly reach: Reach;
  /** Whether only this machine can reach it; then callers must name it as such. */
  readonly local: boolean;
  /** What calls must bear; undefined when nothing. */
  readonly token: string | undefined;
  readonly max_request: number;
  readonly max_connections: number;
  readonly strict: boolean;
  readonly client_paths: boolean;
  /** Whether each trace has a file of its own beside its place in the journal. */
  readonly trace_files: boolean;
  readonly dirs: Readonly<Record<KeptClass, string>>;
  readonly keep: Readonly<Record<KeptClass, Keep>>;
  readonly exports: { readonly log: string; readonly otel: string };
  /** Where spans are sent; empty when nowhere. */
  readonly otlp: string;
  readonly pending_dir: string;
  /** What is to be said of the project's defaults. */
  readonly warnings: readonly string[];
};

const NAMES = ["enabled", "allow_client_artifact_paths", ...SHARED_FLAGS.map((name) => name.replaceAll("-", "_"))];
const OUT = "gait-out/mcp-serve";

/** Settles what is asked for. Faults: `flag_value`, `missing_argument`, `usage`, those of the project defaults. */
export async function serveSettings(
  values: ServeValues,
  { files, env }: Pick<Ports, "files" | "env">,
  version: string,
): Promise<Result<ServeSettings>> {
  const source = { path: values.config, off: values["no-config"] ?? false };
  const config = await loadServeConfig(source, NAMES, files);
  if (!config.ok) return config;
  const gate = await loadConfig(source, files);
  if (!gate.ok) return gate;
  const section = { name: "mcp_serve", file: configPath(source) };
  const configured = (name: SharedFlag): string => config.value.values[name.replaceAll("-", "_")] ?? "";
  const value = (name: SharedFlag, builtIn = ""): Chosen => chosen(name, values[name], configured(name), section, builtIn);
  const given = (name: SharedFlag, builtIn = ""): string => value(name, builtIn).text;
  // The first fault counts; what is read after it has a value that is never used.
  const faults: Result<never>[] = [];
  const sound = <T>(result: Result<T>, otherwise: T): T => {
    if (!result.ok) faults.push(result);
    return result.ok ? result.value : otherwise;
  };
  const word = <W extends string>(name: SharedFlag, words: readonly W[], builtIn: W): W =>
    sound(chosenWord(value(name, builtIn), words), builtIn);
  const number = (name: SharedFlag, builtIn: number, least: number): number =>
    sound(wholeNumber(value(name, String(builtIn)), least), builtIn);
  const age = (name: SharedFlag): number => sound(duration(value(name, "0")), 0);
  const dir = (name: SharedFlag, builtIn = ""): string => {
    const { text, by } = value(name, builtIn);
    return text === "" ? "" : sound(outputPath(text, `the folder of ${by}`), "");
  };

  const policy = sound(policyOf(values, configured("policy"), config.value.warnings), "");
  const profile = word("profile", ["standard", "oss-prod"], "standard");
  const mode = word("key-mode", ["dev", "prod"], "dev");
  if (profile === "oss-prod" && mode !== "prod") {
    faults.push(fail("profile_refused", "Cannot serve under profile oss-prod: expected --key-mode prod"));
  }
  const adapter = lower(given("adapter", "mcp"));
  sound(adapterOf(adapter), "mcp");
  const socket = given("unix-socket");
  // A blank flag is no place here, and does not stand for the one that is built in.
  const listen = values.listen === undefined
    ? value("listen", "127.0.0.1:8787")
    : { text: values.listen, by: "--listen", file: undefined };
  const { reach, local } = sound(reachOf(socket, listen), { reach: { kind: "tcp", host: "", port: 0 }, local: true });
  const auth = word("auth-mode", ["off", "token"], "off");
  if (!local && auth !== "token") {
    faults.push(
      fail("flag_value", `Cannot listen on "${listen.text}": anything but this machine alone needs --auth-mode token`),
    );
  }
  const token = auth === "token" ? sound(tokenOf(given("auth-token-env"), env), "") : undefined;
  const signing = keySources(
    { "private-key": values["private-key"], "private-key-env": values["private-key-env"] },
    { "private-key": configured("private-key"), "private-key-env": configured("private-key-env") },
  );
  const approval = keySources(
    { "public-key": values["approval-public-key"], "public-key-env": values["approval-public-key-env"] },
    { "public-key": configured("approval-public-key"), "public-key-env": configured("approval-public-key-env") },
  );
  const allowed = sound(
    truth(chosen("allow-client-artifact-paths", "", config.value.values.allow_client_artifact_paths ?? "", section)),
    false,
  );
  const client_paths = values["allow-client-artifact-paths"] ?? allowed;
  const settings: ServeSettings = {
    boundary: {
      policy,
      adapter,
      profile,
      job_root: given("job-root", JOB_ROOT),
      kill_switch: given("kill-switch-state"),
      envelope: given("context-envelope"),
      client_envelope: client_paths,
      rate_limits: given("rate-limit-state", gate.value.rate_limit_state || RATE_LIMIT_PATH),
      approval_ledger: given("approval-ledger", LEDGER_PATH),
      keys: { mode, signing, approval },
      version,
    },
    reach,
    local,
    token,
    max_request: number("max-request-bytes", 2 ** 20, 1),
    max_connections: number("max-connections", 16_384, 1),
    strict: word("http-verdict-status", ["compat", "strict"], "compat") === "strict",
    client_paths,
    trace_files: word("trace-files", ["each", "none"], "each") === "each",
    dirs: {
      trace: dir("trace-dir", `${OUT}/traces`),
      session: dir("session-dir", `${OUT}/sessions`),
      runpack: dir("runpack-dir"),
      pack: dir("pack-dir"),
      journal: dir("journal-dir", `${OUT}/journal`),
    },
    keep: {
      trace: { age: age("trace-max-age"), count: number("trace-max-count", 0, 0) },
      runpack: { age: age("runpack-max-age"), count: number("runpack-max-count", 0, 0) },
      pack: { age: age("pack-max-age"), count: number("pack-max-count", 0, 0) },
      session: { age: age("session-max-age"), count: number("session-max-count", 0, 0) },
      journal: { age: age("journal-max-age"), count: number("journal-max-count", 0, 0) },
    },
    exports: { log: given("export-log-out"), otel: given("export-otel-out") },
    otlp: sound(endpointOf(value("otlp-endpoint")), ""),
    pending_dir: dir("pending-dir"),
    warnings: [...config.value.warnings, ...gate.value.warnings],
  };
  return faults[0] ?? ok(settings);
}

function policyOf(
  { policy, positionals: [first, ...others] = [] }: ServeValues,
  configured: string,
  warnings: readonly string[],
): Result<string> {
  if (others.length > 0 || (policy !== undefined && first !== undefined)) {
    return fail("usage", `Cannot take argument "${others[0] ?? first}": expected one policy`);
  }
  const path = trim(policy ?? first ?? "") || configured;
  return path === "" ? noPolicy("serve", "mcp_serve", warnings) : ok(path);
}

function wholeNumber(given: Chosen, least: number): Result<number> {
  const number = /^\d{1,15}$/.test(given.text) ? Number(given.text) : -1;
  return number < least ? wrongValue(given, `a whole number of at least ${least}`) : ok(number);
}

function duration(given: Chosen): Result<number> {
  const milliseconds = durationMs(given.text) ?? -1;
  return milliseconds < 0 ? wrongValue(given, "a duration such as 168h, or 0") : ok(milliseconds);
}

function truth(given: Chosen): Result<boolean> {
  const word = lower(given.text);
  return word === "" || word === "false" || word === "true" ? ok(word === "true") : wrongValue(given, "true or false");
}

function tokenOf(name: string, env: Ports["env"]): Result<string> {
  if (name === "") return fail("missing_argument", "Cannot serve with --auth-mode token: expected --auth-token-env");
  const token = trim(env.get(name) ?? "");
  return token === "" ? fail("key_source", `Cannot load the token: variable "${name}" is not set or blank`) : ok(token);
}

function endpointOf(given: Chosen): Result<string> {
  if (given.text === "") return ok("");
  return /^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/.test(given.text)
    ? ok(given.text.replace(/\/+$/, ""))
    : wrongValue(given, "an address such as http://127.0.0.1:4318");
}
