// Contracts of `approve-script` and `list-scripts` (spec 03, sections 5.1 and 5.3): members, lines, exits, the registry.
import { fromUtf8 } from "../../core/base/bytes.ts";
import type { Trouble } from "../../cli/host/memory_disk.ts";
import { VERSION } from "../../cli/version.ts";
import { assert, assertEquals } from "../assert.ts";
import { KEY_ID, machine, PRIVATE_KEY, refusal, type Setup } from "./commands_world.ts";

const POLICY =
  "default_verdict: block\nrules:\n  - {name: steps, effect: require_approval, match: {tool_names: [ledger.read]}}\n";
const SCRIPT = JSON.stringify({
  tool_name: "x",
  context: { identity: "svc.clerk", workspace: "/srv/books", risk_class: "medium" },
  script: { steps: [{ tool_name: "Ledger.Write" }, { tool_name: "ledger.read" }, { tool_name: "ledger.write" }] },
});
const PLAIN = JSON.stringify({
  tool_name: "x",
  context: { identity: "svc.clerk", workspace: "/srv/books", risk_class: "low" },
});
const FILES = { "p.yaml": POLICY, "s.json": SCRIPT, "plain.json": PLAIN, k: PRIVATE_KEY };
const world = (setup: Setup = {}) => machine({ ...setup, files: { ...FILES, ...setup.files } });

const ASKED = ["approve-script", "--policy", "p.yaml", "--intent", "s.json", "--registry", "r/reg.json", "--approver", " ann "];
const SIGNED = ["--key-mode", "prod", "--private-key", "k"];
const [T0, WEEK] = ["2026-01-01T00:00:00Z", "2026-01-08T00:00:00Z"];
const SEQUENCE = ["ledger.write", "ledger.read", "ledger.write"]; // order and repeats stay
const DEV = "Key mode dev: the key is gone after this run, so no gate can verify the entry, nor use the registry with it";

Deno.test("approve-script: exactly these members, and the entry in a new registry", async () => {
  const made = world();
  const [exit, said] = await made.json(...ASKED, ...SIGNED, "--scope", " Risk:Medium ,tool:script,,");
  const { policy_digest, script_hash } = said;
  assert(/^[0-9a-f]{64}$/.test(String(policy_digest)) && /^[0-9a-f]{64}$/.test(String(script_hash)));
  const pattern_id = `pattern_${String(script_hash).slice(0, 12)}`;
  const named = { pattern_id, policy_digest, script_hash, tool_sequence: SEQUENCE };
  assertEquals([exit, said], [0, { ok: true, ...named, registry_path: "r/reg.json", expires_at: WEEK }]);
  const { entries: [entry], ...rest } = JSON.parse(made.file("r/reg.json"));
  const { signature: { sig, signed_digest, ...signature }, ...members } = entry;
  assertEquals([rest, signature, sig.length, signed_digest.length], [{}, { alg: "ed25519", key_id: KEY_ID }, 88, 64]);
  assertEquals(members, {
    schema_id: "gait.gate.approved_script_entry",
    schema_version: "1.0.0",
    created_at: T0,
    producer_version: VERSION,
    ...named,
    approver_identity: "ann",
    scope: ["risk:medium", "tool:script"],
    expires_at: WEEK,
  });
  assertEquals([...made.disk.files().keys()].filter((path) => path.startsWith("r")), ["r/reg.json"], "the lock is given back");
});

Deno.test("approve-script: the lines, and what its user should know", async () => {
  const over = JSON.stringify([{
    ...{ pattern_id: "old", policy_digest: "a".repeat(64), script_hash: "b".repeat(64), tool_sequence: ["x"] },
    ...{ approver_identity: "bo", expires_at: "2025-12-31T00:00:00Z" },
  }]);
  const made = world({ files: { "r/reg.json": over } });
  assertEquals(await made.text(...ASKED, "--pattern-id", "mine", "--ttl", "90m", "--scope", "team:x,risk:medium"), [0, [
    "approve-script: pattern=mine",
    "ledger.write, ledger.read, ledger.write: approved until 2026-01-01T01:30:00Z",
    "written to r/reg.json",
    `warning: ${DEV}`,
    'warning: Scope "team:x" does not hold of this call: no gate will pass it',
    'warning: Entry "old" is over: no gate uses the registry until it is renewed or removed',
  ]]);
  assertEquals(JSON.parse(made.file("r/reg.json")).map((entry: { pattern_id: string }) => entry.pattern_id), ["mine", "old"]);
});

Deno.test("approve-script: what cannot be approved is refused in the order of the contract, and nothing is written", async () => {
  const made = world({ files: { "bad.json": "{", "none.yaml": "rules: 1" } });
  const without = (flag: string) => ASKED.filter((word, i) => word !== flag && ASKED[i - 1] !== flag);
  const fault = async (...argv: string[]) => {
    const [exit, said] = await made.json(...argv);
    assertEquals([exit, said.ok], [6, false], argv.join(" "));
    return said.fault;
  };
  for (const flag of ["--policy", "--intent", "--registry", "--approver"]) {
    assertEquals(await fault(...without(flag)), "missing_argument");
    assertEquals(await fault(...without(flag), flag, " "), "missing_argument");
  }
  assertEquals(await made.json(...ASKED, "--ttl", "0s", "--policy", "none.yaml"), [
    6,
    refusal(
      "flag_value",
      'Cannot read value "0s" of --ttl: wanted is a duration above zero, such as 30m or 12h',
      "Give the flag a value of the kind that --help names",
    ),
  ]);
  assertEquals(await fault(...ASKED, "--policy", "none.yaml", "--intent", "bad.json"), "policy_shape");
  assertEquals(await fault(...ASKED, "--intent", "bad.json", "--key-mode", "x"), "json_syntax");
  assertEquals(await made.json(...ASKED, "--intent", "plain.json"), [
    6,
    refusal(
      "intent_invalid",
      'Cannot approve "plain.json": it is no script, expected member "/script/steps"',
      "Mend the intent at the member that the message names",
    ),
  ]);
  assertEquals(await fault(...ASKED, "--private-key", "k", "--registry", "bad.json"), "key_source");
  assertEquals(await fault(...ASKED, "--key-mode", "prod", "--registry", "bad.json"), "key_source");
  assertEquals(await fault(...ASKED, "--key-mode", "", "--registry", "bad.json"), "key_source"); // blank is prod
  assertEquals(await fault(...ASKED, "--registry", "bad.json"), "json_syntax");
  assertEquals([made.file("bad.json"), [...made.disk.files().keys()].some((path) => path.startsWith("r"))], ["{", false]);
});

Deno.test("approve-script: a registry that another process holds is contention, and can be tried again", async () => {
  const lock = '{"schema_id":"gait.gate.rate_limit_lock","schema_version":"1.0.0","pid":7,"created_at":"2026-01-01T00:00:00Z"}';
  const [exit, { fault, error_category, retryable }] = await world({ files: { "r/reg.json.lock": lock } }).json(
    ...ASKED,
    ...SIGNED,
  );
  assertEquals([exit, fault, error_category, retryable], [1, "store_busy", "state_contention", true]);
});

Deno.test("approve-script: on a disk that fails at any step the registry is the old one or the new one", async () => {
  const first = world();
  await first.json(...ASKED, ...SIGNED, "--pattern-id", "a");
  const old = first.file("r/reg.json");
  const run = async (trouble?: Trouble) => {
    const made = world({ files: { "r/reg.json": old }, ...(trouble === undefined ? {} : { trouble }) });
    return { made, exit: (await made.json(...ASKED, ...SIGNED, "--pattern-id", "b"))[0] };
  };
  const { made, exit } = await run();
  const whole = made.file("r/reg.json");
  assert(exit === 0 && whole !== old);
  for (let step = 1; step <= made.disk.steps(); step++) {
    const one = await run({ step, kind: "ENOSPC" });
    const found = one.made.file("r/reg.json");
    assert(found === whole || one.exit === 1 && found === old, `step ${step}: exit ${one.exit}, ${found}`);
  }
});

Deno.test("approve-script: approvers at the same time lose no entry", async () => {
  const folder = await Deno.makeTempDir();
  const main = new URL("../../cli/main.ts", import.meta.url).pathname;
  const config = new URL("../../deno.json", import.meta.url).pathname;
  try {
    for (const [name, text] of Object.entries(FILES)) await Deno.writeTextFile(`${folder}/${name}`, text);
    const ids = Array.from({ length: 5 }, (_, i) => `e${i}`);
    const args = ["run", "-A", "-q", "--no-check", "--config", config, main, ...ASKED, ...SIGNED, "--json", "--pattern-id"];
    const said = await Promise.all(
      ids.map((id) => new Deno.Command(Deno.execPath(), { args: [...args, id], cwd: folder }).output()),
    );
    for (const { code, stdout } of said) assertEquals(code, 0, fromUtf8(stdout));
    const { entries } = JSON.parse(Deno.readTextFileSync(`${folder}/r/reg.json`));
    assertEquals(entries.map(({ pattern_id }: { pattern_id: string }) => pattern_id), ids);
    assertEquals([...Deno.readDirSync(`${folder}/r`)].map(({ name }) => name), ["reg.json"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const LISTED = JSON.stringify({
  entries: [
    {
      ...{ pattern_id: "b", policy_digest: "A".repeat(64), script_hash: "b".repeat(64), tool_sequence: ["y", "x"] },
      ...{
        approver_identity: "bo",
        expires_at: "2026-02-01T01:00:00+01:00",
        scope: ["risk:low"],
        created_at: "2025-01-01T00:00:00Z",
      },
    },
    {
      ...{ pattern_id: "a", policy_digest: "c".repeat(64), script_hash: "d".repeat(64), tool_sequence: ["x"] },
      ...{ approver_identity: "cy", expires_at: T0 },
    },
  ],
});

Deno.test("list-scripts: exactly these members, in the order of the file, and the lines", async () => {
  const made = world({ files: { "l.json": LISTED } });
  const one = { approver_identity: "bo", expired: false, expires_at: "2026-02-01T00:00:00Z", pattern_id: "b" };
  const two = { approver_identity: "cy", expired: true, expires_at: T0, pattern_id: "a" };
  assertEquals(await made.json("list-scripts", "--registry", " l.json "), [0, {
    ok: true,
    registry: "l.json",
    count: 2,
    entries: [
      { ...one, policy_digest: "a".repeat(64), script_hash: "b".repeat(64), tool_sequence: ["y", "x"], scope: ["risk:low"] },
      { ...two, policy_digest: "c".repeat(64), script_hash: "d".repeat(64), tool_sequence: ["x"] },
    ],
  }]);
  assertEquals(await made.text("list-scripts", "--registry", "l.json"), [0, [
    "list-scripts: 2 entries in l.json",
    "ok    b  y, x  until 2026-02-01T00:00:00Z  by bo  for risk:low",
    "over  a  x  since 2026-01-01T00:00:00Z  by cy",
  ]]);
});

Deno.test("list-scripts: one that is not there lists nothing, one that is none is refused", async () => {
  const made = world({ files: { "bad.json": '{"entries":null}' } });
  assertEquals(await made.json("list-scripts", "--registry", "none.json"), [0, { ok: true, registry: "none.json" }]);
  const [exit, { fault, file }] = await made.json("list-scripts", "--registry", "bad.json");
  assertEquals([exit, fault, file], [6, "document_shape", "bad.json"]);
  assertEquals((await made.json("list-scripts"))[1].fault, "missing_argument");
});
