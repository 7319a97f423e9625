// `gait gate eval`: decides one tool call against a policy, or a stream of them, and signs what it decided.
import { compilePolicy } from "../../core/gate/compile.ts";
import { unknownMembers } from "../../core/gate/intent_unknown.ts";
import { readIntent } from "../../core/gate/intent_read.ts";
import { policyDigest } from "../../core/gate/policy_digest.ts";
import { prepareIntent } from "../../core/gate/prepare.ts";
import { readJson } from "../../core/base/json.ts";
import { ok, type Result } from "../../core/base/result.ts";
import { digestSigner } from "../../core/base/sign.ts";
import { lower } from "../../core/base/text.ts";
import { millisecondsBetween } from "../../core/base/time.ts";
import { checkBroker } from "../../core/flow/gate_profile.ts";
import { unscoped, widenings } from "../../core/flow/gate_widening.ts";
import type { BrokerFacts } from "../../core/flow/gate_finish.ts";
import { type GateResult, gateResult } from "../../core/flow/gate_result.ts";
import type { Ports } from "../../core/ports.ts";
import { command, type Invocation, type Outcome } from "../command.ts";
import { authorityBy } from "../gate_authority.ts";
import { gateBroker } from "../gate_broker.ts";
import { conclude, type Gate, makeReady, weigh } from "../gate_decide.ts";
import { signedTrace, writeDecision } from "../gate_files.ts";
import type { Explained } from "../gate_explain.ts";
import { GATE_FLAGS } from "../gate_flags.ts";
import { gateLines } from "../gate_lines.ts";
import { type GateSettings, gateSettings } from "../gate_settings.ts";
import {
  gateEnvelope,
  gateInventory,
  gateKillSwitch,
  gatePolicy,
  gateScripts,
  heldScripts,
  neededInventory,
  neededKillSwitch,
} from "../gate_sources.ts";
import { loadSigner } from "../key_sources.ts";
import { requestBytes } from "../request_bytes.ts";

const NEEDS = [
  "files",
  "input",
  "store",
  "journal",
  "lock",
  "state",
  "child",
  "threads",
  "env",
  "clock",
  "random",
  "host",
] as const;

type GatePorts = Pick<Ports, typeof NEEDS[number]>;

export default command({
  path: ["gate", "eval"],
  summary: "Decide a tool call against a policy",
  explain:
    "Decides a tool call, or a stream of them, against a policy: allow, dry_run, require_approval or block, with a signed trace.",
  flags: GATE_FLAGS,
  verdict: true,
  examples: [
    "gait gate eval --policy .gait.yaml --intent call.json",
    "gait gate eval --policy .gait.yaml --intent - --key-mode prod --private-key gate.key --json",
    "gait gate eval --policy .gait.yaml --intents calls.jsonl --trace-log traces.jsonl",
  ],
  needs: NEEDS,
  // Only a broker may be a program, and only the flags and the project's defaults can say so.
  spared: (values) =>
    lower(values["credential-broker"] ?? (values["no-config"] ? "off" : "command")) === "command" ? [] : ["child"],
  async run(values, ports, invocation) {
    const settings = await gateSettings(values, ports);
    if (!settings.ok) return settings;
    if (settings.value.source.kind === "one") return await one(settings.value, ports, invocation);
    const { stream } = await import("../gate_stream.ts");
    return await stream(settings.value, ports, invocation);
  },
  lines: (data: GateResult | Explained) => "profile" in data ? gateLines(data) : [`gate eval: verdict=${data.verdict}`],
});

async function one(
  settings: GateSettings,
  ports: GatePorts,
  invocation: Invocation,
): Promise<Result<Outcome<GateResult | Explained>>> {
  const { version } = invocation;
  const { host, clock } = ports;
  const began = clock.now();
  const at = settings.at ?? began;

  const policy = await gatePolicy(settings, ports);
  if (!policy.ok) return policy;
  const request = await requestBytes(settings.source.path, ports);
  if (!request.ok) return request;
  const intent = readIntent(request.value, settings.source.path);
  if (!intent.ok) return intent;
  const { risk_class } = intent.value.context;
  const switched = neededKillSwitch(await gateKillSwitch(settings.kill_switch, ports), settings.profile, risk_class);
  if (!switched.ok) return switched;
  const envelope = await gateEnvelope(settings.envelope, ports);
  if (!envelope.ok) return envelope;
  const bound = envelope.value?.(at);
  const agreed = bound === undefined ? ok(undefined) : prepareIntent(intent.value, { envelope: bound });
  if (!agreed.ok) return agreed;
  const inventory = neededInventory(await gateInventory(settings.inventory, ports), settings.profile, risk_class);
  if (!inventory.ok) return inventory;
  const broker = gateBroker(settings.broker, ports);
  if (!broker.ok) return broker;
  const brokered = settings.profile === "oss-prod" ? checkBroker(policy.value, broker.value !== "off") : ok(undefined);
  if (!brokered.ok) return brokered;

  const known = await gateScripts(settings, policy.value, ports);
  if (!known.ok) return known;
  const held = (await heldScripts(known.value, settings))(intent.value, clock.now());
  if (!held.ok) return held;

  const gate: Gate = {
    settings,
    compiled: compilePolicy(policy.value),
    policy_digest: policyDigest(host.crypto, policy.value),
  };
  const evidence = {
    at,
    kill_switch: switched.value,
    envelope: bound,
    inventory: inventory.value.inventory,
    scripts: held.value.scripts,
  };
  const ready = makeReady(settings, intent.value, evidence, ports);
  if (!ready.ok) return ready;
  const weighed = await weigh(gate, ready.value, evidence, ports);
  if (!weighed.ok) return weighed;
  const signer = await loadSigner(settings.keys.mode, settings.keys.signing, ports);
  if (!signer.ok) return signer;
  const decided = await conclude(gate, weighed.value, authorityBy(settings, signer.value.key, broker.value, ports), ports);
  if (!decided.ok) return decided;

  const observed_at = clock.now();
  const trace = await signedTrace(
    decided.value,
    {
      observed_at,
      producer_version: version,
      correlation_id: invocation.correlationId(),
      latency_ms: Math.max(0, millisecondsBetween(began, observed_at)), // a clock may be set back meanwhile
      approval_token_ref: settings.approval_token_ref,
    },
    digestSigner(host.crypto, signer.value.key),
    ports,
  );
  const proof = await writeDecision(decided.value, trace, settings, version, ports);
  if (!proof.ok) return proof;

  const { pending_dir } = settings;
  const asked = pending_dir === ""
    ? ok({})
    : await (await import("../approvals_ask.ts")).askApproval(pending_dir, decided.value, version, ports);
  if (!asked.ok) return asked;

  const warnings = [
    ...inventory.value.warnings,
    ...held.value.warnings,
    ...weighed.value.warnings,
    ...settings.warnings,
    ...unknown(request.value, settings.source.path),
    ...widenings(decided.value.facts.delegation.entries),
    ...unscoped(decided.value.intent, decided.value.decision.required_approvals),
    ...silence(decided.value.facts.broker),
    ...(signer.value.dev ? ["The trace is signed by a key made for this run alone: nobody can verify it later"] : []),
  ];
  const { exit } = decided.value.final;
  const reasons = settings.why
    ? (await import("../gate_why.ts")).explainWhy(gate, decided.value, request.value, evidence, ports)
    : ok(undefined);
  if (!reasons.ok) return reasons;
  const why = reasons.value === undefined ? {} : { why: reasons.value };
  if (!settings.explain) {
    const result = gateResult(decided.value, {
      profile: settings.profile,
      proof: proof.value,
      warnings,
      approval_token_ref: settings.approval_token_ref,
    });
    return ok({ exit, data: { ...result, ...asked.value, ...why } });
  }
  const { explained } = await import("../gate_explain.ts");
  return ok({ exit, data: { ...explained(decided.value, version, proof.value), ...asked.value, ...why } });
}

// The reason code is the same whatever the cause (spec 03, section 6.2); who has to mend it wants to know more.
const silence = (broker: BrokerFacts): readonly string[] =>
  broker.status === "failed" ? [`The credential broker issued nothing: ${broker.why}`] : [];

// Read once more, since what nobody knows is left out of the call: a misspelt member must not go unnoticed.
function unknown(bytes: Uint8Array, path: string): readonly string[] {
  const json = readJson(bytes, path, { text: "replace" });
  return json.ok ? unknownMembers(json.value) : [];
}
