// What `gait gate eval` is asked for: flags before project defaults, profiles, keys, and what cannot be asked for (spec 02, 8.4 and 9).
import { assertEquals } from "../assert.ts";
import { PRIVATE_KEY, PUBLIC_KEY } from "./commands_world.ts";
import { call, evalOf, gateMachine, made, SIGNED, STOPPED } from "./gate_world.ts";

const refused = async (on: ReturnType<typeof gateMachine>, ...argv: readonly string[]) => {
  const [exit, said] = await on.json("gate", "eval", ...argv);
  return [exit, said.fault, said.error];
};

Deno.test("gate eval settings: a flag, else the project, else what is built in; blank is not given", async () => {
  const config = "gate: {policy: open.yaml, profile: ' ', kill_switch_state: ks.json, trace_path: c.json}\nelse: 1\n";
  const files = {
    ".gait/config.yaml": config,
    "open.yaml": "default_verdict: allow\n",
    "ks.json": STOPPED,
    "s.json": call("stopped"),
  };
  const on = gateMachine({ files });
  const verdict = async (...argv: readonly string[]) => {
    const [exit, said] = await on.json("gate", "eval", ...argv);
    return [exit, said.verdict, said.trace_path];
  };
  assertEquals(await verdict("--intent", "no.json"), [0, "allow", "c.json"]);
  assertEquals(await verdict("--intent", "no.json", "--policy", " "), [0, "allow", "c.json"]);
  assertEquals(await verdict("--intent", "no.json", "--policy", "p.yaml", "--trace-out", "f.json"), [3, "block", "f.json"]);
  assertEquals(await verdict("--intent", "s.json"), [3, "block", "c.json"]);
  assertEquals((await verdict("--intent", "s.json", "--no-config", "--policy", "open.yaml"))[1], "allow");
});

Deno.test("gate eval settings: a key that a flag names displaces those of the project", async () => {
  const files = { ".gait/config.yaml": "gate: {key_mode: prod, private_key_env: GATE_KEY}\n" };
  const bare = gateMachine({ files });
  assertEquals((await bare.json(...evalOf("go.json")))[1].fault, "key_source");
  assertEquals((await bare.json(...evalOf("go.json", "--private-key", "k")))[0], 0);
  assertEquals(
    (await gateMachine({ files, env: { GATE_KEY: PRIVATE_KEY } }).json(...evalOf("go.json")))[1].warnings,
    undefined,
  );
  assertEquals(
    (await bare.json(...evalOf("go.json", "--private-key", "k", "--private-key-env", "GATE_KEY")))[1].fault,
    "key_source",
  );
  for (const mode of ["lab", "none"]) {
    assertEquals((await bare.json(...evalOf("go.json", "--key-mode", mode)))[1].fault, "flag_value");
  }
  assertEquals((await bare.json(...evalOf("go.json", "--no-config", "--private-key", "k")))[1].fault, "key_source");
});

Deno.test("gate eval settings: oss-prod decides strictly, whatever the risk", async () => {
  const strict = ["--profile", "oss-prod", ...SIGNED];
  const on = gateMachine({ files: { "led.json": call("led", { delegation: { requester_identity: "a" } }) } });
  const [exit, said] = await on.json(...evalOf("go.json", ...strict));
  assertEquals([exit, said.profile, said.warnings], [0, "oss-prod", undefined]);
  const [gone, unread] = await on.json(...evalOf("go.json", ...strict, "--kill-switch-state", "gone.json"));
  assertEquals([gone, unread.reason_codes], [3, ["kill_switch_state_unavailable"]]);
  const [lost, inventory] = await on.json(...evalOf("go.json", ...strict, "--wrkr-inventory", "gone.json"));
  assertEquals([lost, inventory.fault, inventory.error_code], [3, "inventory_unavailable", "policy_blocked"]);
  assertEquals((await on.json(...evalOf("ask.json", ...strict)))[1].fault, "profile_refused");
  assertEquals((await on.json(...evalOf("ask.json", ...strict, "--approval-public-key", "pub")))[0], 4);
  assertEquals((await on.json(...evalOf("led.json", ...strict)))[1].fault, "profile_refused");
  for (const flag of ["--delegation-public-key", "--approval-public-key"]) {
    assertEquals((await on.json(...evalOf("led.json", ...strict, flag, "pub")))[0], 3, flag);
  }
});

Deno.test("gate eval settings: a key that is named to check tokens has to be one, once it is asked for", async () => {
  const on = gateMachine({ env: { PUB: PUBLIC_KEY } });
  assertEquals((await on.json(...evalOf("go.json", "--approval-public-key", "k")))[0], 0);
  assertEquals((await on.json(...evalOf("ask.json", "--approval-public-key", "k")))[1].fault, "key_format");
  assertEquals((await on.json(...evalOf("ask.json", "--approval-private-key", "k")))[0], 4);
  const both = ["--approval-public-key", "pub", "--approval-public-key-env", "PUB"];
  assertEquals(
    (await on.json(...evalOf("ask.json", ...both)))[1].error,
    [
      "Cannot load the public key: expected --approval-public-key or --approval-public-key-env, not both",
    ][0],
  );
});

Deno.test("gate eval settings: an inventory that cannot be read is a warning where the risk is low", async () => {
  const [exit, said] = await gateMachine().json(...evalOf("go.json", "--wrkr-inventory", "gone.json", ...SIGNED));
  assertEquals([exit, said.warnings], [0, [
    'The inventory was left out: Cannot read "gone.json": there is no such file or folder (ENOENT)',
  ]]);
});

Deno.test("gate eval settings: what is read is not written over, and two files do not share a path", async () => {
  const on = gateMachine();
  for (
    const flags of [
      ["--trace-out", "p.yaml"],
      ["--trace-out", "./a/../go.json"],
      ["--trace-out", "t.json", "--approval-audit-out", "x/../t.json"],
      ["--trace-out", "t.json", "--approval-audit-out", "decision_t.json"],
      ["--approval-audit-out", "a.json", "--delegation-audit-out", "./a.json"],
    ]
  ) {
    assertEquals((await on.json(...evalOf("go.json", ...flags)))[1].fault, "same_file", flags.join(" "));
  }
  assertEquals(made(on), []);
});

Deno.test("gate eval settings: what the project's defaults give and cannot be used is told with its file and field", async () => {
  const of = async (section: string, ...more: readonly string[]) => {
    const on = gateMachine({ files: { ".gait/config.yaml": `gate: {${section}}\n` } });
    const [exit, { fault, error }] = await on.json("gate", "eval", "--intent", "go.json", ...more);
    return [exit, fault, error];
  };
  const wrong = (field: string, value: string, wanted: string) => [
    ...[6, "config_invalid"],
    `Cannot read value "${value}" of field "gate.${field}" of ".gait/config.yaml": wanted is one of ${wanted}`,
  ];
  const policy = ["--policy", "p.yaml"];
  assertEquals(await of("key_mode: foo", ...policy), wrong("key_mode", "foo", "dev, prod"));
  assertEquals(await of("profile: lax", ...policy), wrong("profile", "lax", "standard, oss-prod"));
  assertEquals(await of("credential_broker: vault", ...policy), wrong("credential_broker", "vault", "off, stub, env, command"));
  assertEquals(await of("key_mode: foo", ...policy, "--key-mode", "bar"), [
    ...[6, "flag_value"],
    'Cannot read value "bar" of --key-mode: wanted is one of dev, prod',
  ]);
  assertEquals(await of("policy: nope.yaml"), [
    ...[6, "file_missing"],
    'Cannot read "nope.yaml": there is no such file or folder (ENOENT); field "gate.policy" of ".gait/config.yaml" names it',
  ]);
  assertEquals(await of("polcy: p.yaml"), [
    ...[6, "missing_argument"],
    "Cannot decide: expected --policy, or gate.policy in the project defaults; " +
    'field "gate.polcy" of ".gait/config.yaml" is not known and was left out, did you mean "policy"',
  ]);
});

Deno.test("gate eval settings: what is read or shared is not written over by another name, a key or the configuration", async () => {
  const config = "gate: {policy: p.yaml, private_key: own, approval_public_key: pub}\n";
  const on = gateMachine({ files: { "c.yaml": config, ".gait/config.yaml": config, "ks.json": STOPPED, "own": PRIVATE_KEY } });
  const states = [
    "--kill-switch-state",
    "s/ks.json",
    "--rate-limit-state",
    "s/rl.json",
    "--approved-script-registry",
    "s/r.json",
  ];
  const all: readonly (readonly [string, ...string[]])[] = [
    ["/memory/p.yaml"],
    ["/memory/x/../go.json"],
    ["c.yaml", "--config", "c.yaml"],
    ["/memory/c.yaml", "--config", "./c.yaml"],
    [".gait/config.yaml"],
    ["k", ...SIGNED],
    ["/memory/own"],
    ["own", ...SIGNED],
    ["pub", "--approval-public-key", "./pub"],
    ["pub", "--delegation-public-key", "pub"],
    ["k", "--delegation-private-key", " k "],
    ["pub", "--approved-script-public-key", "/memory/pub"],
    ...["ks.json", "ks.json.lock", "kill_switch_journal.jsonl", "kill_switch_journal.jsonl.lock", "rl.json", "rl.json.lock"]
      .flatMap((name): [string, ...string[]][] => [[`s/${name}`, ...states], [`/memory/s/${name}`, ...states]]),
    ["s/r.json", ...states],
    [".gait-out/gate_rate_limits.json.lock"],
    ["/memory/t/a.json", "--approval-token-chain", "b.json,t/a.json"],
  ];
  for (const [out, ...flags] of all) {
    const said = (await on.json(...evalOf("go.json", "--trace-out", out, ...flags)))[1];
    assertEquals(said.fault, "same_file", `${out} ${flags.join(" ")}: ${said.error}`);
  }
  assertEquals(
    (await on.json(...evalOf("go.json", "--no-config", "--trace-out", ".gait/config.yaml")))[0],
    0,
    "it is not read",
  );
});

Deno.test("gate eval settings: one call or a stream, each with its own flags", async () => {
  const on = gateMachine();
  const P = ["--policy", "p.yaml"];
  assertEquals(await refused(on, ...P, "--intent", "go.json", "--intents", "-"), [
    6,
    "usage",
    "Cannot take both --intent and --intents: expected one of them",
  ]);
  assertEquals((await refused(on, ...P, "--intent", "go.json", "--trace-log", "t.jsonl"))[1], "usage");
  for (
    const flags of [["--trace-out", "t.json"], ["--approval-audit-out", "a.json"], ["--delegation-audit-out", "d.json"], [
      "--explain",
    ]]
  ) {
    assertEquals((await refused(on, ...P, "--intents", "-", ...flags))[1], "usage", flags[0]);
  }
  assertEquals(made(on), []);
});

Deno.test("gate eval settings: brokers by name, in any letter case", async () => {
  const on = gateMachine();
  for (const word of ["off", "None", "", "stub", "ENV"]) {
    assertEquals((await on.json(...evalOf("go.json", "--credential-broker", word)))[0], 0, word);
  }
  assertEquals((await refused(on, ...evalOf("go.json", "--credential-broker", "vault").slice(2))).slice(0, 2), [
    6,
    "flag_value",
  ]);
  const command = await refused(on, ...evalOf("go.json", "--credential-broker", "command").slice(2));
  assertEquals(command.slice(0, 2), [6, "missing_argument"]);
});
