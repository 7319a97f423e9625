// The contract of `demo` in its standard mode (spec 01, section 7.7), and what comes after it.
import { assert, assertEquals } from "../assert.ts";
import { machine } from "./commands_world.ts";

const BUNDLE = "gait-out/runpack_run_demo.zip";
const KEY = "gait-out/demo_public.key";

Deno.test("demo: exactly these members, and two files", async () => {
  const made = machine();
  const [exit, { ticket_footer, signature_key_id, duration_ms, ...said }] = await made.json("demo");
  assertEquals([exit, said], [0, {
    ok: true,
    mode: "standard",
    run_id: "run_demo",
    bundle: `./${BUNDLE}`,
    verify: "ok",
    signature_status: "signed",
    public_key_path: `./${KEY}`,
    next_commands: [`gait verify run_demo --public-key ./${KEY}`, "gait run inspect run_demo"],
    metrics_opt_in: "export GAIT_ADOPTION_LOG=./gait-out/adoption.jsonl",
  }]);
  assert(/^GAIT run_id=run_demo manifest=sha256:[0-9a-f]{64} verify="gait verify run_demo"$/.test(String(ticket_footer)));
  assert(/^[0-9a-f]{64}$/.test(String(signature_key_id)));
  assertEquals(duration_ms, 1000); // the clock ticks a second a call
  assertEquals([...made.disk.files().keys()], [KEY, BUNDLE]);
  assert(/^[A-Za-z0-9+/]{43}=\n$/.test(made.file(KEY)));
});

Deno.test("demo: the four lines of the contract come first, then the rest", async () => {
  const made = machine();
  const [exit, lines] = await made.text("demo");
  assertEquals([exit, lines.map((line) => line.replace(/sha256:[0-9a-f]{64}/, "sha256:DIGEST"))], [0, [
    "run_id=run_demo",
    `bundle=./${BUNDLE}`,
    `ticket_footer=GAIT run_id=run_demo manifest=sha256:DIGEST verify="gait verify run_demo"`,
    "verify=ok",
    "mode=standard",
    `public_key_path=./${KEY}`,
    `next=gait verify run_demo --public-key ./${KEY}; gait run inspect run_demo`,
    "metrics_opt_in=export GAIT_ADOPTION_LOG=./gait-out/adoption.jsonl",
  ]]);
});

Deno.test("demo: the commands that it names next do what they say, and the key is another each time", async () => {
  const made = machine();
  const ids: unknown[] = [];
  for (let i = 0; i < 2; i++) {
    const [, said] = await made.json("demo");
    ids.push(said.signature_key_id);
    const next = Array.isArray(said.next_commands) ? said.next_commands.map(String) : [];
    for (const line of next) assertEquals((await made.json(...line.split(" ").slice(1)))[0], 0, line);
    const [exit, verified] = await made.json(...(next[0] ?? "").split(" ").slice(1), "--profile", "strict");
    assertEquals([exit, verified.signature_status, verified.files_checked], [0, "verified", 4]);
  }
  assert(ids[0] !== ids[1]);
  const [exit, skipped] = await made.json("verify", "run_demo");
  assertEquals([exit, skipped.ok, skipped.signature_status], [0, true, "skipped"]);
});

Deno.test("demo: what the reference digests is the same with every key and on every machine", async () => {
  const footer = async () => (await machine().json("demo"))[1].ticket_footer;
  assertEquals(await footer(), await footer());
});

const POLICY = "gait-out/policy_demo_high_risk.yaml";
const INTENT = "gait-out/intent_demo_delete.json";

Deno.test("demo --policy: a real policy and call, decided by the evaluator", async () => {
  const made = machine();
  const [exit, { duration_ms, ...said }] = await made.json("demo", "--policy");
  assertEquals([exit, said], [0, {
    ok: true,
    mode: "policy",
    bundle: `./${INTENT}`,
    pack_path: `./${POLICY}`,
    verify: "ok",
    policy_verdict: "block",
    matched_rule: "block-destructive-tool-delete",
    reason_codes: ["destructive_apply_requires_approval", "destructive_tool_blocked"],
    next_commands: [
      `gait policy validate ./${POLICY}`,
      `gait gate eval --policy ./${POLICY} --intent ./${INTENT} --json`,
    ],
    metrics_opt_in: "export GAIT_ADOPTION_LOG=./gait-out/adoption.jsonl",
  }]);
  assert(Number(duration_ms) > 0);
  assertEquals([...made.disk.files().keys()].sort(), [INTENT, POLICY].sort());
});

Deno.test("demo --policy: the commands that it names next come to the same verdict", async () => {
  const made = machine();
  const [, said] = await made.json("demo", "--policy");
  const [validate = "", decide = ""] = Array.isArray(said.next_commands) ? said.next_commands.map(String) : [];
  assertEquals((await made.json(...validate.split(" ").slice(1)))[0], 0);
  const [exit, decided] = await made.json(...decide.split(" ").slice(1, -1), "--key-mode", "dev");
  assertEquals([exit, decided.verdict, decided.matched_rule], [3, said.policy_verdict, said.matched_rule]);
});

Deno.test("demo --policy: what does not read back as written is no demonstration", async () => {
  const made = machine({ spoil: (bytes) => bytes.map((byte, i) => i === 50 ? 0 : byte) });
  const [exit, said] = await made.json("demo", "--policy");
  assert(exit !== 0);
  assertEquals([said.ok, said.policy_verdict], [false, undefined]);
});

Deno.test("demo: other modes and positionals are refused", async () => {
  const made = machine();
  for (const argv of [["--durable"], ["x"], ["--durable", "--policy"]]) {
    const [exit, said] = await made.json("demo", ...argv);
    assertEquals([exit, said.ok, said.error_code, made.disk.files().size], [6, false, "invalid_input", 0], argv.join(" "));
  }
});

Deno.test("demo: a runpack that does not read back as written is exit 2", async () => {
  const made = machine({ spoil: (bytes) => bytes.length > 100 ? bytes.map((byte, i) => i === 50 ? byte ^ 1 : byte) : bytes });
  assertEquals((await made.json("demo"))[0], 2);
});
