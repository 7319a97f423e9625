// The gate: one decision, a decision among many rules, a decision with its signed trace, and streams of them.
import { allOf } from "../../cli/command.ts";
import { COMMANDS } from "../../cli/commands.gen.ts";
import { denoPorts } from "../../cli/host/deno.ts";
import { denoActing } from "../../cli/host/deno_acting.ts";
import { utf8 } from "../../core/base/bytes.ts";
import type { Host } from "../../core/base/host.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { newKey } from "../../core/base/keys.ts";
import type { Result } from "../../core/base/result.ts";
import { readShape } from "../../core/base/shape.ts";
import { digestSigner } from "../../core/base/sign.ts";
import { explainDocument } from "../../core/flow/gate_explain.ts";
import { NOT_LOOKED_UP } from "../../core/flow/approved_scripts.ts";
import { finish, NO_FACTS } from "../../core/flow/gate_finish.ts";
import { traceOf } from "../../core/flow/gate_trace.ts";
import { compilePolicy } from "../../core/gate/compile.ts";
import { evaluate } from "../../core/gate/evaluate.ts";
import { intentDigests } from "../../core/gate/intent_digest.ts";
import { intentOf } from "../../core/gate/intent_read.ts";
import { policyDigest } from "../../core/gate/policy_digest.ts";
import { normalizePolicy } from "../../core/gate/policy_normal.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { prepareIntent } from "../../core/gate/prepare.ts";
import type { Conditions, Intent } from "../../core/gate/types.ts";
import { PolicyShape } from "../../core/schema/policy.ts";
import { buildTrace, signTrace } from "../../core/trace/build.ts";
import { median, ratios, type Row, RUNS } from "./measure.ts";

const AT = "2026-03-14T12:00:00Z";
const CONDITIONS: Conditions = { evaluation_time: AT, kill_switch: { status: "none" }, inventory: undefined };

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.message}`);
  return result.value;
}

/** Ten rules as people write them: tools, risks, targets, endpoints, data flow, credentials, approvals. */
export const TEN_RULES = `default_verdict: block
fail_closed: { enabled: true, risk_classes: [critical], required_fields: [targets, arg_provenance] }
rules:
  - { name: no-deletes, priority: 10, effect: block, match: { tool_names: [tool.delete, db.drop] } }
  - { name: tainted, priority: 20, effect: block, match: { tool_names: [http.post], provenance_sources: [external] } }
  - name: posts
    priority: 30
    effect: allow
    match: { tool_names: [http.post] }
    endpoint: { domain_allowlist: [api.example.org, "*.internal.example.org"], egress_classes: [net.http] }
    dataflow: { action: block }
  - name: writes
    priority: 30
    effect: allow
    match: { tool_names: [file.write], risk_classes: [low, medium] }
    endpoint: { path_allowlist: ["/srv/app/**"], path_denylist: ["/srv/app/secrets/**"] }
  - { name: risky-writes, priority: 40, effect: require_approval, match: { tool_names: [file.write] }, min_approvals: 2 }
  - name: deploys
    priority: 40
    effect: require_approval
    match: { tool_names: [deploy.apply], target_kinds: [host] }
    require_jit_credential: true
    allowed_credential_sources: [github_oidc, aws_sts]
  - { name: plans, priority: 50, effect: dry_run, match: { tool_names: [deploy.plan] } }
  - { name: queries, priority: 50, effect: allow, match: { tool_names: [db.query], data_classes: [public] } }
  - { name: reads, priority: 60, effect: allow, match: { tool_names: [file.read], workspace_prefixes: [/srv] } }
  - { name: mails, priority: 70, effect: require_approval, match: { tool_names: [mail.send] } }
`;

const TOOLS = ["file.read", "file.write", "http.post", "db.query", "deploy.plan", "mail.send", "tool.delete", "search.web"];

/** A call as agents make them, the same for the same number. */
export const callOf = (i: number): JsonObject => {
  const tool_name = TOOLS[i % TOOLS.length] ?? "";
  const target = tool_name === "http.post"
    ? { kind: "url", value: `https://api.example.org/v1/items/${i}`, operation: "post" }
    : tool_name === "db.query"
    ? { kind: "table", value: "items", operation: "read", sensitivity: "public" }
    : { kind: "path", value: `/srv/app/data/${i}.txt`, operation: tool_name === "file.write" ? "write" : "read" };
  return {
    created_at: AT,
    tool_name,
    args: { path: `/srv/app/data/${i}.txt`, note: `call ${i}`, size: i },
    targets: [target],
    arg_provenance: [{ arg_path: "$.path", source: i % 3 === 0 ? "tool_output" : "user" }],
    context: { identity: "agent.lead", workspace: "/srv/app", risk_class: "low", session_id: "s-1", request_id: `r-${i}` },
  };
};

/** So many calls, each prepared. */
export const intents = (count: number, make = callOf): Intent[] =>
  Array.from({ length: count }, (_, i) => value(prepareIntent(value(intentOf(make(i), "call")), {})).intent);

/** A policy made ready. */
export const compiled = (text: string) => compilePolicy(value(readPolicy(utf8(text), "policy")).policy);

const BATCH = 200;
const BATCHES = 100;

/** The median, in microseconds, of what one of `each` takes: batches are timed, since clocks are coarse. */
function microseconds<T>(each: readonly T[], work: (one: T) => unknown): number {
  const means = Array.from({ length: BATCHES }, (_, batch) => {
    const started = performance.now();
    for (let i = 0; i < BATCH; i++) {
      const one = each[(batch * BATCH + i) % each.length];
      if (one !== undefined) work(one);
    }
    return (performance.now() - started) * 1000 / BATCH;
  });
  return median(means);
}

const rounds = (measure: () => number): number[] => {
  measure(); // warm
  return Array.from({ length: RUNS }, measure);
};

/** A policy of so many rules, each for a tool of its own and one more condition. */
const wide = (count: number) => {
  const rules = Array.from({ length: count }, (_, i) => ({
    name: `rule ${i}`,
    priority: i % 50,
    effect: i % 3 === 0 ? "allow" : "require_approval",
    match: { tool_names: [`tool.${i}`], risk_classes: ["low", "medium"] },
  }));
  const written = value(readShape(PolicyShape, { default_verdict: "block", rules }, "policy")); // over the limit of a file
  return compilePolicy(value(normalizePolicy(written)));
};

async function inProcess(host: Host): Promise<Row[]> {
  const { crypto } = host;
  const policy = compiled(TEN_RULES);
  const policy_digest = policyDigest(crypto, policy.policy);
  const calls = intents(1000);
  const decide = (intent: Intent) => evaluate(crypto, policy, intent, CONDITIONS);
  const decided = (intent: Intent) => {
    const decision = decide(intent);
    const digests = intentDigests(crypto, intent);
    const final = finish(decision, NO_FACTS);
    return {
      policy: policy.policy,
      policy_digest,
      intent,
      digests,
      delegation_digest: "",
      context_source: "",
      lookup: NOT_LOOKED_UP,
      decision,
      facts: NO_FACTS,
      final,
    };
  };
  const [few, many] = [wide(100), wide(10_000)];
  const known = intents(1000, (i) => ({ ...callOf(i), tool_name: `tool.${i % 100}` }));
  const among = (rules: typeof few) => () => {
    for (const intent of known) evaluate(crypto, rules, intent, CONDITIONS);
  };
  const key = await newKey(crypto, new Uint8Array(32).fill(7));
  const sign = digestSigner(crypto, key);
  const observation = { observed_at: AT, producer_version: "bench", correlation_id: "", latency_ms: 1, approval_token_ref: "" };
  let turn = 0;
  const traced = () => {
    const intent = calls[turn++ % calls.length];
    if (intent === undefined) throw new Error("there are calls");
    const { facts, parties } = traceOf(crypto, decided(intent), observation);
    return signTrace(crypto, buildTrace(crypto, facts, parties), sign);
  };
  return [
    { what: "one decision, 10 rules", by: "1 us (median call)", values: rounds(() => microseconds(calls, decide)), limit: 7 },
    {
      what: "the same with intent digest and explain data",
      by: "1 us (median call)",
      values: rounds(() => microseconds(calls, (intent) => explainDocument(decided(intent), "bench", {}))),
      limit: 60,
    },
    {
      what: "a decision among 10,000 rules",
      by: "a decision among 100 rules",
      values: await ratios(among(many), among(few), 20),
      limit: 2,
    },
    {
      what: "a decision with its signed trace",
      by: "one WebCrypto signature of 32 bytes",
      values: await ratios(traced, await signature(), 300),
      limit: 3,
    },
  ];
}

/** Signs 32 bytes by WebCrypto, and nothing else. */
async function signature(): Promise<() => Promise<ArrayBuffer>> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new Error("expected a pair of keys");
  const bytes = new Uint8Array(32).fill(7);
  return () => crypto.subtle.sign("Ed25519", pair.privateKey, bytes);
}

const STREAMED = 20_000;
const SWITCHES = { "no-config": true, simulate: false, why: false, explain: false };

/** Decides a stream in this process; every record is taken and let go. */
async function stream(values: Readonly<Record<string, unknown>>): Promise<void> {
  const entry = allOf(COMMANDS).find(({ path }) => path.join(" ") === "gate eval");
  if (entry === undefined) throw new Error("there is no command gate eval");
  const ports = denoPorts(undefined, { report: () => {} }, denoActing());
  const program = { version: "bench", json: true, commands: COMMANDS, correlationId: () => "" };
  const answer = value(
    await (await entry.load()).default.execute({ positionals: [], ...SWITCHES, ...values }, ports, program),
  );
  if (!("records" in answer)) throw new Error("expected records");
  let lines = 0;
  for (let next = await answer.records.next(true);; next = await answer.records.next(true)) {
    if (next.done === true) {
      value(next.value);
      break;
    }
    lines += next.value.split("\n").length - 1;
  }
  if (lines !== STREAMED) throw new Error(`${lines} records for ${STREAMED} calls`);
}

async function streams({ crypto }: Host): Promise<Row[]> {
  const folder = await Deno.makeTempDir({ dir: "." }); // not in memory, as the folder for temporary files may be
  try {
    const files = { policy: `${folder}/policy.yaml`, intents: `${folder}/calls.jsonl` };
    await Deno.writeTextFile(files.policy, TEN_RULES);
    await Deno.writeTextFile(
      files.intents,
      Array.from({ length: STREAMED }, (_, i) => `${JSON.stringify(callOf(i))}\n`).join(""),
    );
    // By the signer that signs the traces, its key prepared: the rate at which this process signs, and nothing else.
    const sign = crypto.signer(new Uint8Array(32).fill(7));
    const digest = new Uint8Array(32).fill(9);
    const signatures = async () => {
      for (let i = 0; i < STREAMED; i++) await sign(digest);
    };
    const plain: number[] = [];
    for (let run = -1; run < RUNS; run++) {
      const started = performance.now();
      await stream(files);
      if (run >= 0) plain.push((performance.now() - started) / 1000);
    }
    let log = 0;
    const traced = async () => {
      const path = `${folder}/traces-${log++}.jsonl`;
      await stream({ ...files, "trace-log": path });
      await Deno.remove(path);
    };
    return [
      { what: `gate eval --intents, ${STREAMED} calls`, by: "1 s", values: plain, limit: 1 },
      {
        what: `the same with --trace-log, a call`,
        by: "one signature of 32 bytes by the prepared key",
        values: await ratios(traced, signatures),
        limit: 3,
      },
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The rows. */
export const gates = async (host: Host): Promise<Row[]> => [...await inProcess(host), ...await streams(host)];
