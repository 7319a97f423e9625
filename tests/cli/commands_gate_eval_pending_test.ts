// The inbox as the gate uses it: requests of calls that wait, tokens that let one call through once, and approvals of a batch.
import { assert, assertEquals } from "../assert.ts";
import { by, KEYS } from "./approvals_world.ts";
import { call, evalOf, gateMachine, SIGNED } from "./gate_world.ts";

const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

const BOX = "box";
const PUB = ["--approval-public-key", "ann.pub"];
const LEDGER = ".gait-out/approval_ledger.json";

const POLICY = `default_verdict: block
rules:
  - {name: ask, effect: require_approval, match: {tool_names: [ask]}}
  - {name: two, effect: require_approval, match: {tool_names: [two]}, min_approvals: 2}
  - {name: go, effect: allow, match: {tool_names: [go]}}
  - {name: vault, effect: require_approval, match: {tool_names: [vault]}, require_broker_credential: true}
`;

const setUp = (more: Readonly<Record<string, string>> = {}) =>
  gateMachine({
    files: {
      ...KEYS,
      "p.yaml": POLICY,
      "two.json": call("two"),
      "vault.json": call("vault"),
      "other.json": call("ask", { args: { n: 1 } }),
      ...more,
    },
  });

type On = ReturnType<typeof setUp>;

const decide = (on: On, intent: string, ...more: readonly string[]) => on.json(...evalOf(intent, ...SIGNED, ...more));

/** Asks for a call; gives the id of its request. */
async function asked(on: On, intent: string): Promise<string> {
  const [exit, { pending_request_id: id, pending_request_path: path }] = await decide(on, intent, "--pending-dir", BOX);
  assertEquals([exit, path], [4, `${BOX}/request_${id}.json`]);
  return String(id);
}

/** Approves requests; gives the paths of their tokens. */
async function approved(on: On, ids: readonly string[], who = "ann"): Promise<readonly string[]> {
  const line = ["approvals", "approve", "--dir", BOX, "--id", ids.join(","), "--ttl", "30m", ...by(who)];
  const [exit, { approved: tokens }] = await on.json(...line);
  assert(exit === 0 && Array.isArray(tokens));
  return tokens.map(({ token_path }) => String(token_path));
}

const saidOf = ([exit, { verdict, reason_codes }]: readonly [number, Record<string, unknown>]) => [exit, verdict, reason_codes];
const GRANTED = [0, "allow", ["approval_granted", "matched_rule_ask"]];
const replayed = (...reasons: readonly string[]) => [
  4,
  "require_approval",
  ["approval_chain_insufficient", "approval_token_replayed", ...reasons],
];

Deno.test("gate eval: a call that waits leaves a request, and no other call does", async () => {
  const on = setUp();
  const id = await asked(on, "ask.json");
  const [, lines] = await on.text(...evalOf("ask.json", ...SIGNED, "--pending-dir", BOX));
  assert(lines.some((line) => /^request_id: [0-9a-f]{64}$/.test(line) && !line.includes(id)), lines.join("\n"));
  const requests = () => [...on.disk.files().keys()].filter((path) => path.startsWith(BOX)).length;
  assertEquals(requests(), 2);
  assertEquals((await decide(on, "go.json", "--pending-dir", BOX))[1]["pending_request_id"], undefined);
  assertEquals((await decide(on, "no.json", "--pending-dir", BOX))[1]["pending_request_id"], undefined);
  const [exit, said] = await decide(on, "ask.json", "--pending-dir", BOX, "--simulate");
  assertEquals([exit, said["pending_request_id"], requests()], [0, undefined, 2]);
  assertEquals((await decide(on, "ask.json", "--pending-dir", "../box"))[1]["fault"], "path_refused");
  const [, explained] = await decide(on, "ask.json", "--pending-dir", "elsewhere", "--explain");
  assert(on.disk.bytes(String(explained["pending_request_path"])) !== "nothing", "it is told where a request lies");
  const stream = await on.json("gate", "eval", "--policy", "p.yaml", "--intents", "ask.json", "--pending-dir", BOX);
  assertEquals([stream[0], stream[1]["fault"]], [6, "usage"]);
});

Deno.test("gate eval: a token of the inbox lets one call through, once", async () => {
  const on = setUp();
  const [token = ""] = await approved(on, [await asked(on, "ask.json")]);
  assertEquals(saidOf(await decide(on, "ask.json", "--approval-token", token, ...PUB)), GRANTED);
  assertEquals(saidOf(await decide(on, "ask.json", "--approval-token", token, ...PUB)), replayed("matched_rule_ask"));
  const [again = ""] = await approved(on, [await asked(on, "ask.json")]);
  assertEquals(saidOf(await decide(on, "ask.json", "--approval-token", again, ...PUB)), GRANTED);
});

Deno.test("gate eval: a call that differs is not let through, and uses nothing up", async () => {
  const on = setUp();
  const [token = ""] = await approved(on, [await asked(on, "ask.json")]);
  assertEquals(saidOf(await decide(on, "other.json", "--approval-token", token, ...PUB)), [4, "require_approval", [
    "approval_chain_insufficient",
    "approval_token_intent_mismatch",
    "matched_rule_ask",
  ]]);
  const [simulated] = await decide(on, "ask.json", "--approval-token", token, ...PUB, "--simulate");
  assertEquals([simulated, on.disk.bytes(LEDGER)], [0, "nothing"]);
  assertEquals(saidOf(await decide(on, "ask.json", "--approval-token", token, ...PUB)), GRANTED);
});

Deno.test("gate eval: approvals of one signature count each for its own call, once", async () => {
  const on = setUp();
  const ids = [await asked(on, "ask.json"), await asked(on, "other.json")];
  const tokens = await approved(on, ids);
  const [own = "", other = ""] = ids.map((id) => tokens.find((path) => path.includes(id)) ?? "");
  assertEquals(JSON.parse(on.file(own)).schema_id, "gait.gate.batch_approval");
  assertEquals((await decide(on, "ask.json", "--approval-token", other, ...PUB))[0], 4);
  const [exit, said] = await decide(on, "ask.json", "--approval-token", own, ...PUB);
  assertEquals([exit, said["approval_ref"]], [0, JSON.parse(on.file(own)).token.token_id]);
  assertEquals(saidOf(await decide(on, "ask.json", "--approval-token", own, ...PUB)), replayed("matched_rule_ask"));
  assertEquals(saidOf(await decide(on, "other.json", "--approval-token", other, ...PUB)), GRANTED);
});

Deno.test("gate eval: two approvals of a request are used together", async () => {
  const on = setUp();
  const id = await asked(on, "two.json");
  const [ann = ""] = await approved(on, [id]);
  assertEquals((await decide(on, "two.json", "--approval-token", ann, ...PUB))[0], 4);
  assertEquals(on.disk.bytes(LEDGER), "nothing");
  const [bo = ""] = await approved(on, [id], "bo");
  const both = ["--approval-token", ann, "--approval-token-chain", bo, ...PUB];
  assertEquals((await decide(on, "two.json", ...both))[0], 0);
  assertEquals(saidOf(await decide(on, "two.json", ...both)), [4, "require_approval", [
    "approval_chain_insufficient",
    "approval_distinct_approvers_required",
    "approval_token_replayed",
    "matched_rule_two",
  ]]);
});

Deno.test("gate eval: a ledger that cannot be used is no verdict", async () => {
  const damaged = setUp({ [LEDGER]: "{" });
  const [token = ""] = await approved(damaged, [await asked(damaged, "ask.json")]);
  const [exit, said] = await decide(damaged, "ask.json", "--approval-token", token, ...PUB);
  assertEquals([exit, said["fault"], said["verdict"]], [6, "json_syntax", undefined]);
  const elsewhere = ["--approval-token", token, ...PUB, "--approval-ledger", "led/g.json"];
  assertEquals((await decide(damaged, "ask.json", ...elsewhere))[0], 0);
  assertEquals(damaged.disk.bytes("led/g.json") === "nothing", false);
});

Deno.test("gate eval: an approval is used up before a credential is asked for, and not where none can be had", async () => {
  const on = setUp();
  const [token = ""] = await approved(on, [await asked(on, "vault.json")]);
  const line = ["--approval-token", token, ...PUB];
  assertEquals(saidOf(await decide(on, "vault.json", ...line)), [3, "block", [
    "approval_granted",
    "broker_credential_required",
    "matched_rule_vault",
  ]]);
  assertEquals(on.disk.bytes(LEDGER), "nothing");
  const brokered = [...line, "--credential-broker", "stub"];
  assertEquals(saidOf(await decide(on, "vault.json", ...brokered)), [0, "allow", [
    "approval_granted",
    "broker_credential_present",
    "matched_rule_vault",
  ]]);
  const [exit, said] = await decide(on, "vault.json", ...brokered);
  assertEquals([[exit, said["verdict"], said["reason_codes"]], said["credential_ref"]], [
    replayed("matched_rule_vault"),
    undefined,
  ]);
});

Deno.test("gate eval: of equal lines of a stream a token of the inbox lets one through", async () => {
  const on = setUp();
  const [token = ""] = await approved(on, [await asked(on, "ask.json")]);
  const calls = `${on.file("ask.json")}\n`.repeat(3);
  const streamed = setUp({ "calls.jsonl": calls, [token]: on.file(token) });
  const line = ["gate", "eval", "--policy", "p.yaml", "--intents", "calls.jsonl", "--approval-token", token, ...PUB];
  const [exit, records] = await streamed.records(...line);
  assertEquals([exit, records.map(({ verdict }) => verdict)], [4, ["allow", "require_approval", "require_approval"]]);
});

Deno.test("gate eval: of processes that bring the same token at once, one goes through", async () => {
  const folder = await Deno.makeTempDir();
  const on = setUp();
  const gait = async (...args: readonly string[]): Promise<readonly [number, Record<string, unknown>]> => {
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "-q", "--no-check", "--config", CONFIG, MAIN, ...args, "--json"],
      cwd: folder,
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    return [code, JSON.parse(new TextDecoder().decode(stdout))];
  };
  try {
    for (const [path, bytes] of on.disk.files()) await Deno.writeFile(`${folder}/${path}`, bytes);
    const [exit, { pending_request_id }] = await gait(...evalOf("ask.json", ...SIGNED), "--pending-dir", BOX);
    assertEquals(exit, 4);
    const line = ["approvals", "approve", "--dir", BOX, "--id", String(pending_request_id), "--ttl", "30m", ...by("ann")];
    assertEquals((await gait(...line))[0], 0);
    const token = `${BOX}/decision_${pending_request_id}_1.json`;
    const ends = await Promise.all(
      ["a", "b", "c"].map((out) =>
        gait(...evalOf("ask.json", ...SIGNED), "--approval-token", token, ...PUB, "--trace-out", `${out}.json`)
      ),
    );
    assertEquals(ends.map(([code]) => code).sort(), [0, 4, 4]);
    for (const [code, { reason_codes }] of ends) {
      assertEquals(Array.isArray(reason_codes) && reason_codes.includes("approval_token_replayed"), code === 4);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
