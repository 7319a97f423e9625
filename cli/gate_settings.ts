// What `gait gate eval` is asked for: its flags, then the project's defaults, then what is built in (spec 02, sections 1.1 and 9).
// Everything that can be refused before a file is read is refused here, in the order of the contract.
import type { Profile } from "../core/flow/gate_profile.ts";
import { PROFILES } from "../core/schema/gate_words.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { trim, trimmedSet } from "../core/base/text.ts";
import { toUtc } from "../core/base/time.ts";
import { notePath } from "../core/trace/note.ts";
import type { Files, Ports } from "../core/ports.ts";
import { chosen, chosenWord, noPolicy } from "./chosen.ts";
import type { Values } from "./command.ts";
import {
  CONFIG_PATH,
  configPath,
  type GateDefaults,
  keySources,
  LEDGER_PATH,
  loadConfig,
  preferred,
  preferredList,
  RATE_LIMIT_PATH,
} from "./config.ts";
import type { BrokerSettings } from "./gate_broker.ts";
import type { GATE_FLAGS } from "./gate_flags.ts";
import { type KeyValues, namesKey } from "./key_sources.ts";
import { checkGrowing, checkOutputs, takenBy, type Used } from "./output_paths.ts";

/** The values of the flags. */
export type GateValues = Values<typeof GATE_FLAGS>;

/** What is asked for. An empty path is none; a path that is written to is empty where its name follows from the decision. */
export type GateSettings = {
  readonly policy: string;
  /** The field of the project's defaults that names it; empty where the flag does. */
  readonly policy_field: string;
  /** The call, or the stream of calls. */
  readonly source: { readonly kind: "one" | "stream"; readonly path: string };
  readonly profile: Profile;
  readonly simulate: boolean;
  /** The moment for which is decided, UTC; undefined is now. */
  readonly at: string | undefined;
  readonly envelope: string;
  readonly kill_switch: string;
  readonly rate_limits: string;
  readonly inventory: string;
  readonly scripts: string;
  readonly broker: BrokerSettings;
  /** Token files, each once, in byte order. */
  readonly tokens: { readonly approval: readonly string[]; readonly delegation: readonly string[] };
  /** Which approvals of single use were used. */
  readonly approval_ledger: string;
  /** The inbox of requests for approval. */
  readonly pending_dir: string;
  readonly approval_token_ref: string;
  readonly keys: {
    readonly mode: string;
    readonly signing: KeyValues;
    readonly approval: KeyValues;
    readonly delegation: KeyValues;
    readonly scripts: KeyValues;
  };
  readonly out: {
    readonly trace: string;
    readonly approval_audit: string;
    readonly delegation_audit: string;
    readonly credential: string;
  };
  readonly trace_log: string;
  /** What is to be said of the project's defaults. */
  readonly warnings: readonly string[];
  readonly explain: boolean;
  readonly why: boolean;
};

/** Reads the project's defaults and settles what is asked for. Faults of `loadConfig`, and of what cannot be asked for. */
export async function gateSettings(values: GateValues, ports: Pick<Ports, "files">): Promise<Result<GateSettings>> {
  const from = { path: values.config, off: values["no-config"] };
  const config = await loadConfig(from, ports.files);
  if (!config.ok) return config;
  const section = { name: "gate", file: configPath(from) };
  const policy = chosen("policy", values.policy, config.value.policy, section);
  if (policy.text === "") return noPolicy("decide", section.name, config.value.warnings);
  const source = sourceOf(values);
  if (!source.ok) return source;
  const profile = chosenWord(chosen("profile", values.profile, config.value.profile, section, "standard"), PROFILES);
  if (!profile.ok) return profile;
  const at = momentOf(values["evaluation-time"] ?? "");
  if (!at.ok) return at;
  const mode = chosenWord(chosen("key-mode", values["key-mode"], config.value.key_mode, section, "dev"), MODES);
  if (!mode.ok) return mode;
  const { private_key, private_key_env } = config.value;
  const signing = keySources(
    { "private-key": values["private-key"], "private-key-env": values["private-key-env"] },
    { "private-key": private_key, "private-key-env": private_key_env },
  );
  const settings: GateSettings = {
    policy: policy.text,
    policy_field: policy.file === undefined ? "" : policy.by,
    warnings: config.value.warnings,
    source: source.value,
    profile: profile.value,
    simulate: values.simulate,
    at: at.value,
    envelope: values["context-envelope"] ?? "",
    kill_switch: preferred(values["kill-switch-state"], config.value.kill_switch_state),
    rate_limits: preferred(values["rate-limit-state"], config.value.rate_limit_state, RATE_LIMIT_PATH),
    inventory: preferred(values["wrkr-inventory"], config.value.wrkr_inventory_path),
    scripts: values["approved-script-registry"] ?? "",
    broker: {
      name: chosen("credential-broker", values["credential-broker"], config.value.credential_broker, section),
      prefix: preferred(values["credential-env-prefix"], config.value.credential_env_prefix, "GAIT_BROKER_TOKEN_"),
      reference: preferred(values["credential-ref"], config.value.credential_ref),
      scopes: preferredList(values["credential-scopes"], config.value.credential_scopes),
      command: preferred(values["credential-command"], config.value.credential_command),
      args: preferredList(values["credential-command-args"], config.value.credential_command_args),
      secrets: secretVariables(values, config.value),
    },
    tokens: {
      approval: pathSet(values["approval-token"], values["approval-token-chain"]),
      delegation: pathSet(values["delegation-token"], values["delegation-token-chain"]),
    },
    approval_ledger: preferred(values["approval-ledger"], LEDGER_PATH),
    pending_dir: values["pending-dir"] ?? "",
    approval_token_ref: values["approval-token-ref"] ?? "",
    keys: {
      mode: mode.value,
      signing,
      approval: keySources(keyFlags(values, "approval"), {
        "public-key": config.value.approval_public_key,
        "public-key-env": config.value.approval_public_key_env,
        "private-key": config.value.approval_private_key,
        "private-key-env": config.value.approval_private_key_env,
      }),
      delegation: keyFlags(values, "delegation"),
      scripts: {
        "public-key": values["approved-script-public-key"],
        "public-key-env": values["approved-script-public-key-env"],
      },
    },
    out: {
      // A simulation never writes where the project keeps what was decided in earnest.
      trace: values["trace-out"] || (values.simulate || source.value.kind === "stream" ? "" : config.value.trace_path),
      approval_audit: values["approval-audit-out"] ?? "",
      delegation_audit: values["delegation-audit-out"] ?? "",
      credential: preferred(values["credential-evidence-out"], config.value.credential_evidence_path),
    },
    trace_log: values["trace-log"] ?? "",
    explain: values.explain,
    why: values.why,
  };
  const strict = profile.value === "oss-prod" ? productionFlags(settings) : ok(undefined);
  if (!strict.ok) return strict;
  const { approval_public_key, approval_private_key } = config.value;
  const named = [
    values["no-config"] ? "" : values.config ?? CONFIG_PATH,
    private_key,
    approval_public_key,
    approval_private_key,
  ];
  const written = await outputs(settings, named, ports.files);
  return written.ok ? ok(settings) : written;
}

const MODES = ["dev", "prod"] as const;

function momentOf(given: string): Result<string | undefined> {
  if (given === "") return ok(undefined);
  const utc = toUtc(given);
  return utc === undefined
    ? fail("flag_value", `Cannot read value "${given}" of --evaluation-time: wanted is a time such as 2026-03-01T10:00:00Z`)
    : ok(utc);
}

const ONE_CALL = ["trace-out", "approval-audit-out", "delegation-audit-out", "credential-evidence-out", "pending-dir"] as const;

function sourceOf(values: GateValues): Result<GateSettings["source"]> {
  const { intent = "", intents = "" } = values;
  if (intent !== "" && intents !== "") return fail("usage", "Cannot take both --intent and --intents: expected one of them");
  if (intents === "") {
    if (intent === "") return fail("missing_argument", "Cannot decide: expected --intent or --intents");
    if (values["trace-log"]) return fail("usage", "Cannot take --trace-log: it is for --intents, one call has --trace-out");
    return ok({ kind: "one", path: intent });
  }
  const odd = (["explain", "why", ...ONE_CALL] as const).find((name) => Boolean(values[name]));
  if (odd !== undefined) return fail("usage", `Cannot take --${odd} with --intents: it is for one call`);
  return values.simulate && values["trace-log"]
    ? fail("usage", "Cannot take --trace-log with --simulate: a log of traces holds decisions that count")
    : ok({ kind: "stream", path: intents });
}

const keyFlags = (values: GateValues, use: "approval" | "delegation") => ({
  "public-key": values[`${use}-public-key`],
  "public-key-env": values[`${use}-public-key-env`],
  "private-key": values[`${use}-private-key`],
  "private-key-env": values[`${use}-private-key-env`],
});

function productionFlags({ simulate, keys }: GateSettings): Result<void> {
  const refuse = (why: string) => fail("profile_refused", `Cannot decide under profile oss-prod: ${why}`);
  if (simulate) return refuse("expected no --simulate");
  if (keys.mode !== "prod") return refuse("expected --key-mode prod");
  return namesKey(keys.signing) ? ok(undefined) : refuse("expected --private-key or --private-key-env");
}

const DOCS = {
  trace: "the trace",
  approval_audit: "the approval audit",
  delegation_audit: "the delegation audit",
  credential: "the credential record",
} as const;

const KEY_VARIABLES = ["private-key-env", "approval-private-key-env", "delegation-private-key-env"] as const;

// The variables that hold private keys: no program that gait starts is to see them.
const secretVariables = (values: GateValues, config: GateDefaults): readonly string[] =>
  trimmedSet([...KEY_VARIABLES.map((name) => values[name] ?? ""), config.private_key_env, config.approval_private_key_env]);

// One path counts once, however often it is given.
const pathSet = (one: string | undefined, more: string | undefined): readonly string[] =>
  trimmedSet([one ?? "", ...(more ?? "").split(",")]);

// A file that is read or shared must not be written over.
async function outputs(
  settings: GateSettings,
  named: readonly string[],
  files: Pick<Files, "real" | "twin">,
): Promise<Result<void>> {
  const { out, trace_log } = settings;
  const log = ["the trace log", trace_log] as const;
  const given = [
    ...(["trace", "approval_audit", "delegation_audit", "credential"] as const).map((name) => [DOCS[name], out[name]] as const),
    log,
    ["the decision note", trim(out.trace) === "" ? "" : notePath(out.trace)] as const,
  ].filter(([, path]) => path !== "");
  if (given.length === 0) return ok(undefined);
  const used = await inUse(settings, named);
  const apart = await checkOutputs(given, await takenBy(used, files), files);
  return apart.ok ? await checkGrowing(log, used, files) : apart;
}

// The files that a decision reads or shares with others.
async function inUse(
  { policy, source, envelope, kill_switch, inventory, scripts, rate_limits, approval_ledger, tokens, keys }: GateSettings,
  named: readonly string[],
): Promise<Used> {
  const { mode: _, ...uses } = keys;
  const keyFiles = Object.values<KeyValues>(uses).flatMap((use) => [use["private-key"], use["public-key"]]);
  const journal = kill_switch === "" ? "" : (await import("./kill_switch_journal.ts")).journalBeside(kill_switch);
  return {
    read: [policy, source.path, envelope, inventory, ...tokens.approval, ...tokens.delegation, ...named, ...keyFiles],
    shared: [rate_limits, kill_switch, scripts, journal, approval_ledger],
  };
}
