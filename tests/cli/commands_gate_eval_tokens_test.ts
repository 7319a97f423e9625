// Tokens that do not hold, at the gate: by wrong, swapped and unknown keys, out of their time, for another call or policy, cut short.
// Each is no yes, has its code, and says so in a line; without a readable token there is no verdict at all.
import { assert, assertEquals } from "../assert.ts";
import { KEYS } from "./approvals_world.ts";
import { call, evalOf, FILES, gateMachine, POLICY, SIGNED } from "./gate_world.ts";

const DELEGATION = {
  requester_identity: "leaf",
  scope_class: "egress",
  chain: [{ delegator_identity: "lead", delegate_identity: "leaf", scope_class: "egress" }],
};

const SETUP = {
  files: {
    ...KEYS,
    "led.json": call("led", { delegation: DELEGATION }),
    "early.json": call("led", { delegation: { ...DELEGATION, issued_at: "2999-01-01T00:00:00Z" } }),
    "late.json": call("led", { delegation: { ...DELEGATION, expires_at: "2001-01-01T00:00:00Z" } }),
    "other.json": call("ask", { args: { n: 1 } }),
    "other.yaml": `${POLICY}  - {name: more, effect: block, match: {tool_names: [never]}}\n`,
  },
};

type On = ReturnType<typeof gateMachine>;
const key = (who: string) => ["--key-mode", "prod", "--private-key", `${who}.key`];
const APPROVAL_KEY = ["--approval-public-key", "ann.pub"];
const DELEGATION_KEY = ["--delegation-public-key", "eve.pub"];

/** A token that approves `ask.json`. */
async function approve(on: On, out = "a.json", ttl = "1h", who = "ann"): Promise<void> {
  const [, { intent_digest, policy_digest }] = await on.json(...evalOf("ask.json"));
  const digests = ["--intent-digest", String(intent_digest), "--policy-digest", String(policy_digest)];
  const terms = ["--scope", "tool:ask", "--approver", who, "--reason-code", "r", "--ttl", ttl];
  assertEquals((await on.json("approve", ...digests, ...terms, ...key(who), "--out", out))[0], 0);
}

/** A token by which lead lets leaf act. */
async function delegate(on: On, out = "d.json", ttl = "1h", who = "eve"): Promise<void> {
  const terms = ["--delegator", "lead", "--delegate", "leaf", "--scope", "egress", "--ttl", ttl];
  assertEquals((await on.json("delegate", "mint", ...terms, ...key(who), "--out", out))[0], 0);
}

/** The exit, the verdict and the codes of tokens; the lines for people have to tell the same. */
async function decided(on: On, intent: string, ...flags: readonly string[]): Promise<readonly unknown[]> {
  const argv = evalOf(intent, ...SIGNED, "--trace-out", "t.json", ...flags);
  const [exit, { verdict, reason_codes = [], fault }] = await on.json(...argv);
  if (verdict === undefined) return [exit, fault];
  const codes = (reason_codes as readonly string[]).filter((code) => /^(approval|delegation)_/.test(code));
  const [, lines] = await on.text(...argv);
  assert(lines.includes(`gate eval: verdict=${verdict}`), lines.join("\n"));
  for (const code of codes) assert(lines.includes(`reason: ${code}`), code);
  assertEquals(JSON.parse(on.file("t.json")).verdict, verdict, "the trace tells what was decided");
  return [exit, verdict, ...codes];
}

const asks = (code: string) => [4, "require_approval", "approval_chain_insufficient", code];
const blocks = (...codes: readonly string[]) => [3, "block", "delegation_chain_insufficient", ...codes];

Deno.test("tokens at the gate: wrong, swapped and unknown keys", async () => {
  const on = gateMachine(SETUP);
  await approve(on);
  await delegate(on);
  const approval = ["--approval-token", "a.json"];
  const delegation = ["--delegation-token", "d.json"];
  assertEquals(await decided(on, "ask.json", ...approval, ...APPROVAL_KEY), [0, "allow", "approval_granted"]);
  assertEquals(await decided(on, "led.json", ...delegation, ...DELEGATION_KEY), [0, "allow", "delegation_granted"]);

  const invalid = asks("approval_token_signature_invalid");
  assertEquals(await decided(on, "ask.json", ...approval, "--approval-public-key", "eve.pub"), invalid);
  assertEquals(await decided(on, "ask.json", ...approval), invalid, "without a key the gate's own checks");
  const forged = blocks("delegation_token_missing", "delegation_token_signature_invalid");
  assertEquals(await decided(on, "led.json", ...delegation, "--delegation-public-key", "ann.pub"), forged);
  assertEquals(await decided(on, "led.json", ...delegation), forged);
  assertEquals(await decided(on, "led.json", ...delegation, ...APPROVAL_KEY), forged, "the approvers' key is no delegator's");

  const swapped = ["--approval-public-key", "eve.pub", "--delegation-public-key", "ann.pub"];
  assertEquals(await decided(on, "ask.json", ...approval, ...swapped), invalid);
  assertEquals(await decided(on, "led.json", ...delegation, ...swapped), forged);

  // A key id that the key in use does not have, under a signature that is good.
  const token = JSON.parse(on.file("a.json"));
  const unknown = { ...token, signature: { ...token.signature, key_id: "0".repeat(64) } };
  const elsewhere = gateMachine({ files: { ...SETUP.files, "a.json": JSON.stringify(unknown) } });
  assertEquals(await decided(elsewhere, "ask.json", ...approval, ...APPROVAL_KEY), invalid);
  // One kind of token in the place of the other.
  assertEquals(
    await decided(on, "ask.json", "--approval-token", "d.json", "--approval-public-key", "eve.pub"),
    asks("approval_token_invalid"),
  );
  assertEquals(
    await decided(on, "led.json", "--delegation-token", "a.json", "--delegation-public-key", "ann.pub"),
    blocks("delegation_token_invalid", "delegation_token_missing"),
  );
});

Deno.test("tokens at the gate: what is over, what has not begun, and clocks that differ", async () => {
  const on = gateMachine(SETUP);
  await approve(on, "a.json", "1s");
  await delegate(on, "d.json", "1s");
  assertEquals(await decided(on, "ask.json", "--approval-token", "a.json", ...APPROVAL_KEY), asks("approval_token_expired"));
  assertEquals(
    await decided(on, "led.json", "--delegation-token", "d.json", ...DELEGATION_KEY),
    blocks("delegation_token_expired", "delegation_token_missing"),
  );
  const early = ["--evaluation-time", "2001-01-01T00:00:00Z"];
  assertEquals(
    await decided(on, "ask.json", "--approval-token", "a.json", ...APPROVAL_KEY, ...early),
    asks("approval_token_expired"),
    "tokens end by the wall clock",
  );
  assertEquals(await decided(on, "early.json", "--delegation-token", "d.json", ...DELEGATION_KEY), [
    3,
    "block",
    "delegation_not_yet_valid",
  ]);
  assertEquals(await decided(on, "late.json", "--delegation-token", "d.json", ...DELEGATION_KEY), [
    3,
    "block",
    "delegation_expired",
  ]);

  // The approver's clock is ahead of the gate's: a token has an end and no beginning, so it counts until its end as the gate sees it.
  const ahead = gateMachine(SETUP);
  for (let i = 0; i < 100; i++) await ahead.json(...evalOf("go.json"));
  await approve(ahead, "a.json", "10s");
  const behind = gateMachine({ files: { ...SETUP.files, "a.json": ahead.file("a.json") } });
  const shown = ["--approval-token", "a.json", ...APPROVAL_KEY];
  assertEquals((await decided(behind, "ask.json", ...shown))[1], "allow");
  for (let i = 0; i < 200; i++) await behind.json(...evalOf("go.json"));
  assertEquals(await decided(behind, "ask.json", ...shown), asks("approval_token_expired"));
});

Deno.test("tokens at the gate: for another call, another policy, another hop", async () => {
  const on = gateMachine(SETUP);
  await approve(on);
  await delegate(on);
  const shown = ["--approval-token", "a.json", ...APPROVAL_KEY];
  assertEquals(await decided(on, "other.json", ...shown), asks("approval_token_intent_mismatch"));
  assertEquals(await decided(on, "ask.json", ...shown, "--policy", "other.yaml"), asks("approval_token_policy_mismatch"));
  const second = { ...DELEGATION, chain: [{ delegator_identity: "root", delegate_identity: "leaf" }] };
  const elsewhere = gateMachine({
    files: { ...SETUP.files, "led.json": call("led", { delegation: second }), "d.json": on.file("d.json") },
  });
  assertEquals(
    await decided(elsewhere, "led.json", "--delegation-token", "d.json", ...DELEGATION_KEY),
    blocks("delegation_token_delegator_mismatch", "delegation_token_missing"),
  );
});

Deno.test("tokens at the gate: a file that is cut short or no token is no verdict, whatever else was shown", async () => {
  const on = gateMachine(SETUP);
  await approve(on);
  await delegate(on);
  const whole = on.file("a.json");
  const files = {
    ...SETUP.files,
    "a.json": whole,
    "cut.json": whole.slice(0, -9),
    "twice.json": whole.replace("{", '{"token_id":"x",'),
    "empty.json": "",
  };
  const cut = gateMachine({ files });
  const before = cut.disk.files().size;
  for (
    const [path, fault] of [["cut", "json_syntax"], ["twice", "json_duplicate_key"], ["empty", "json_syntax"], [
      "none",
      "file_missing",
    ]]
  ) {
    const both = ["--approval-token", "a.json", "--approval-token-chain", `${path}.json`, ...APPROVAL_KEY];
    assertEquals(await decided(cut, "ask.json", ...both), [6, fault], path);
    assertEquals(await decided(cut, "led.json", "--delegation-token", `${path}.json`, ...DELEGATION_KEY), [6, fault], path);
  }
  assertEquals(cut.disk.files().size, before, "nothing was written");
  const short = on.file("d.json").replace(/"signature":[\s\S]*$/, '"signature": null}');
  const unsigned = gateMachine({ files: { ...SETUP.files, "d.json": short } });
  assertEquals(
    await decided(unsigned, "led.json", "--delegation-token", "d.json", ...DELEGATION_KEY),
    blocks("delegation_token_missing", "delegation_token_signature_missing"),
  );
});

Deno.test("tokens at the gate: a registry that is cut short lets nothing through, and blocks where the call is strict", async () => {
  const steps = { steps: [{ tool_name: "go" }, { tool_name: "go" }] };
  const asked = POLICY.replace(
    "effect: allow, match: {tool_names: [go]}",
    "effect: require_approval, match: {tool_names: [go]}",
  );
  const files = {
    ...FILES,
    ...KEYS,
    "p.yaml": asked,
    "s.json": call("script", { script: steps }),
    "high.json": call("script", { script: steps }, { risk_class: "high" }),
  };
  const on = gateMachine({ files });
  for (const intent of ["s.json", "high.json"]) {
    const line = [
      "approve-script",
      "--policy",
      "p.yaml",
      "--intent",
      intent,
      "--registry",
      "r.json",
      "--approver",
      "ann",
      ...key("ann"),
    ];
    assertEquals((await on.json(...line))[0], 0);
  }
  const flags = ["--approved-script-registry", "r.json", "--approved-script-public-key", "ann.pub"];
  assertEquals((await decided(on, "s.json", ...flags))[1], "allow");
  assertEquals((await decided(on, "high.json", ...flags))[1], "allow");
  const registry = on.file("r.json");
  for (const length of [registry.length - 2, registry.length >> 1, 1]) {
    const cut = gateMachine({ files: { ...files, "r.json": registry.slice(0, length) } });
    const [exit, { verdict, warnings = [] }] = await cut.json(...evalOf("s.json", ...SIGNED, ...flags));
    assertEquals([exit, verdict], [4, "require_approval"]);
    assert(String(warnings).startsWith('Approved scripts were left out: Cannot read "r.json"'), String(warnings));
    assertEquals(await decided(cut, "high.json", ...flags), [3, "registry_unavailable"]);
  }
});

Deno.test("delegate verify: what no signature covers is told, and changes nothing", async () => {
  const on = gateMachine(SETUP);
  await delegate(on);
  const verify = ["delegate", "verify", "--public-key", "eve.pub", "--token"];
  assertEquals((await on.json(...verify, "d.json"))[1]["warnings"], undefined);
  const token = { ...JSON.parse(on.file("d.json")), granted_by: "nobody" };
  const more = gateMachine({ files: { ...SETUP.files, "d.json": JSON.stringify(token) } });
  const [exit, { ok, warnings }] = await more.json(...verify, "d.json");
  assertEquals([exit, ok, warnings], [0, true, ["The signature does not cover /granted_by: gait knows no such member"]]);
});

Deno.test("tokens at the gate: a script whose steps destroy, which its own targets do not say, is told", async () => {
  const step = (destructive: boolean) => ({
    tool_name: "ask",
    targets: [{ kind: "path", value: "/q", operation: "x", destructive }],
  });
  const script = (destructive: boolean, phase = "apply") =>
    call("script", {
      targets: [{ kind: "path", value: "/q", operation: "write" }],
      script: { steps: [step(destructive), step(destructive)] },
    }, { phase });
  const policy = "rules: [{name: asks, effect: require_approval}]\n";
  const told = async (intent: string): Promise<boolean> => {
    const on = gateMachine({ files: { ...SETUP.files, "p.yaml": policy, "s.json": intent } });
    const [, { warnings = [] }] = await on.json("gate", "eval", "--policy", "p.yaml", "--intent", "s.json");
    return (warnings as readonly string[]).some((line) => line.includes("destructive:apply"));
  };
  assertEquals(
    [await told(script(true)), await told(script(false)), await told(script(true, "plan"))],
    [true, false, false],
  );
  assertEquals(await told(call("ask")), false);
});
