// Brokers that misbehave, at the gate: each is a block with its code and a line that says why, nothing is issued or recorded of it, and
// nothing of what a broker printed, or of a secret, is told.
import { denoChild } from "../../cli/host/child_deno.ts";
import { askBroker, type BrokerSettings } from "../../cli/gate_broker.ts";
import { memoryPorts } from "../../cli/host/memory.ts";
import { utf8 } from "../../core/base/bytes.ts";
import type { JsonObject } from "../../core/base/json.ts";
import type { ChildEnd, ChildRules } from "../../core/ports.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals } from "../assert.ts";
import { ASKED } from "../authority/brokers.ts";
import { PRIVATE_KEY } from "./commands_world.ts";
import { call, evalOf, gateMachine, made } from "./gate_world.ts";

const POLICY = `default_verdict: block
rules:
  - name: rotate
    effect: allow
    match: {tool_names: [rotate]}
    require_broker_credential: true
    broker_scopes: [rotate]
`;
const SECRET = "ghp_notARealSecretButItLooksLikeOne0";
const OUT = ["--trace-out", "t.json"];
const BROKER = ["--credential-broker", "command", "--credential-command", "./b.sh", "--credential-command-args", "one,two"];

type Says = { readonly out?: JsonObject | string; readonly err?: string } & Partial<Omit<ChildEnd, "output" | "errors">>;

/** A machine on which the broker says this; what it was asked, and how. */
const world = ({ out = "", err = "", ...end }: Says, context: Readonly<Record<string, string>> = {}) => {
  const asked: { argv: readonly string[]; rules: ChildRules }[] = [];
  const files = { "p.yaml": POLICY, "rotate.json": call("rotate", {}, { run_id: "run-5", ...context }) };
  const on = gateMachine({
    files,
    env: { KEY: PRIVATE_KEY },
    child(argv, rules) {
      asked.push({ argv, rules });
      const output = utf8(typeof out === "string" ? out : JSON.stringify(out));
      return { output, errors: utf8(err), code: 0, timedOut: false, whole: true, ...end };
    },
  });
  return { ...on, asked, made: () => made(on, files) };
};

const line = (...more: readonly string[]) =>
  evalOf("rotate.json", "--key-mode", "prod", "--private-key-env", "KEY", ...OUT, ...more);

Deno.test("broker: one that issues nothing is a block, says why in words of ours, and leaves no record of a credential", async () => {
  const good = { credential_ref: "ref:1" };
  const half = JSON.stringify({ provider: "vault", lease_id: SECRET }).slice(0, -2);
  const table: readonly (readonly [Says, string])[] = [
    [{ out: good, timedOut: true, code: -1 }, "it took longer than 5 seconds"],
    [{ out: good, err: SECRET, code: 3 }, "it ended with exit code 3"],
    [{ out: SECRET, code: -1 }, "a signal ended it"],
    [{ out: SECRET.repeat(1000), whole: false }, "it printed more than 16384 bytes"],
    [{ out: good, err: `warning: ${SECRET}\n` }, "it wrote to its standard error"],
    [{ out: half }, "what it printed is not one JSON object"],
    [{ out: SECRET }, "what it printed is not one JSON object"],
    [{ out: {} }, "its answer names no credential"],
    [{ out: { provider: "vault", lease_id: SECRET } }, "its answer holds what looks like a secret in the place of a name"],
    [{ out: { credential_ref: SECRET } }, "its answer holds what looks like a secret in the place of a name"],
  ];
  for (const [says, why] of table) {
    const on = world(says);
    const [exit, { verdict, reason_codes, violations, credential_ref, warnings }] = await on.json(...line(...BROKER));
    assertEquals([exit, verdict, reason_codes, violations, credential_ref], [
      3,
      "block",
      ["broker_credential_missing", "matched_rule_rotate"],
      ["broker_credential_missing"],
      undefined,
    ], why);
    assertEquals(warnings, [`The credential broker issued nothing: ${why}`]);
    assertEquals(on.made(), ["decision_t.json", "t.json"], "a trace and its note, no credential");
    const [, lines] = await on.text(...line(...BROKER));
    assert(
      lines.includes(`warning: The credential broker issued nothing: ${why}`) && lines.includes("gate eval: verdict=block"),
    );
    const everything = [...on.outputs, on.file("t.json"), on.file("decision_t.json")].join("\n");
    assert(!everything.includes(SECRET), `${why}: the secret was told`);
  }
});

Deno.test("broker: one that lies is a block with a code for each lie, also about its subject", async () => {
  const table: readonly (readonly [JsonObject, readonly string[]])[] = [
    [{ request_digest: "0".repeat(64) }, ["broker_request_digest_mismatch"]],
    [{ subject: "role/admin" }, ["broker_subject_mismatch"]],
    [{ target_binding: "0".repeat(64), run_binding: "run-6" }, [
      "broker_run_binding_mismatch",
      "broker_target_binding_mismatch",
    ]],
    [{ scope: ["read"] }, ["broker_scope_mismatch"]],
  ];
  for (const [lie, codes] of table) {
    const on = world({ out: { credential_ref: "ref:1", ...lie } }, { credential_subject: "role/rotator" });
    const [exit, { verdict, reason_codes, violations }] = await on.json(...line(...BROKER));
    assertEquals([exit, verdict, reason_codes, violations], [3, "block", [...codes, "matched_rule_rotate"], codes]);
  }
  const on = world({ out: { credential_ref: "ref:1", subject: "role/rotator" } }, { credential_subject: "role/rotator" });
  assertEquals((await on.json(...line(...BROKER)))[0], 0);
});

Deno.test("broker: a program that is not there, is a command line, or is not on the list is not run", async () => {
  const on = gateMachine({
    files: { "p.yaml": POLICY, "rotate.json": call("rotate") },
    env: { KEY: PRIVATE_KEY, GAIT_CREDENTIAL_COMMAND_ALLOWLIST: " b.sh , /usr/bin/x" },
  });
  const said = async (command: string) => {
    const [exit, { verdict, fault, warnings }] = await on.json(
      ...line("--credential-broker", "command", "--credential-command", command),
    );
    return [exit, verdict ?? fault, warnings];
  };
  assertEquals(await said("/opt/b.sh"), [3, "block", [
    "The credential broker issued nothing: its command could not be started",
  ]]);
  const before = on.programs.length;
  assertEquals(await said("/opt/other.sh"), [6, "flag_value", undefined]);
  assertEquals(await said("b.sh; cat /etc/passwd"), [6, "flag_value", undefined]);
  assertEquals(on.programs.length, before, "nothing else was started");
  const open = gateMachine({ files: { "p.yaml": POLICY, "rotate.json": call("rotate") }, env: { KEY: PRIVATE_KEY } });
  const [, { warnings }] = await open.json(...line("--credential-broker", "command", "--credential-command", "sh -c true"));
  assertEquals(warnings, [
    "The credential broker issued nothing: its command holds a blank, and no shell would take that apart",
  ]);
  assertEquals(open.programs, []);
});

Deno.test("broker: the request goes to its standard input; its arguments are those of the user, and gait's keys are hidden", async () => {
  const on = world({ out: { credential_ref: "ref:1" } });
  assertEquals((await on.json(...line(...BROKER)))[0], 0);
  const [{ argv = [], rules } = {}] = on.asked;
  assertEquals(argv, ["./b.sh", "one", "two"]);
  assert(rules?.hidden?.includes("KEY") === true, "the variable of the key is hidden");
  const request = JSON.parse(new TextDecoder().decode(rules.input));
  assertEquals([Object.keys(request).length, request.ToolName, request.RunID, request.Scope], [10, "rotate", "run-5", [
    "rotate",
  ]]);
  assertEquals([rules.milliseconds, rules.bytes, rules.variables], [5000, 16385, {}]);
});

Deno.test("broker: the value of a variable is in no file and no output, whatever becomes of it", async () => {
  const VALUE = "value-that-is-nobody's-business-4711";
  const files = { "p.yaml": POLICY, "rotate.json": call("rotate") };
  for (const more of [{}, { GAIT_BROKER_TOKEN_ROTATE_SCOPE: "read" }, { GAIT_BROKER_TOKEN_ROTATE_TTL_SECONDS: VALUE }]) {
    const on = gateMachine({ files, env: { KEY: PRIVATE_KEY, GAIT_BROKER_TOKEN_ROTATE: VALUE, ...more } });
    for (const flags of [["--why"], ["--explain"], ["--simulate"], []]) {
      await on.json(...line("--credential-broker", "env", ...flags));
      await on.text(
        ...line(
          "--credential-broker",
          "env",
          "--credential-evidence-out",
          "ev.json",
          ...(flags[0] === "--explain" ? [] : flags),
        ),
      );
    }
    const written = [...on.disk.files()].map(([, bytes]) => new TextDecoder("latin1").decode(bytes));
    assert(written.some((text) => text.includes("env:GAIT_BROKER_TOKEN_ROTATE:")), "a credential was issued and recorded");
    assert(![...on.outputs, ...written].some((text) => text.includes(VALUE)), "the value was told");
  }
  const unset = gateMachine({ files, env: { KEY: PRIVATE_KEY } });
  assertEquals((await unset.json(...line("--credential-broker", "env")))[1]["warnings"], [
    'The credential broker issued nothing: the variable "GAIT_BROKER_TOKEN_ROTATE" is not set, or blank',
  ]);
});

Deno.test("broker: the seconds that a credential lives are a whole number above 0, however it is spelled, or are not told", async () => {
  const files = { "p.yaml": POLICY, "rotate.json": call("rotate") };
  for (
    const [ttl, wanted] of [["60", 60], ["0300", 300], ["+5", 5], ["0", undefined], ["-5", undefined], [
      "1.5",
      undefined,
    ]] as const
  ) {
    const env = { KEY: PRIVATE_KEY, GAIT_BROKER_TOKEN_ROTATE: "v", GAIT_BROKER_TOKEN_ROTATE_TTL_SECONDS: ttl };
    const on = gateMachine({ files, env });
    await on.json(...line("--credential-broker", "env", "--credential-evidence-out", "ev.json"));
    const bytes = on.disk.bytes("ev.json");
    assert(typeof bytes !== "string");
    assertEquals(JSON.parse(new TextDecoder().decode(bytes)).ttl_seconds, wanted, ttl);
  }
});

Deno.test("broker: on the real machine no secret is in its arguments, nor a key of gait's in its environment", async () => {
  const folder = await Deno.makeTempDir();
  const name = "GAIT_TEST_BROKER_KEY";
  try {
    const command = `${folder}/b.sh`;
    await Deno.writeTextFile(
      command,
      `#!/bin/sh\ncat > ${folder}/input\nenv > ${folder}/env\ntr '\\0' ' ' < /proc/$$/cmdline > ${folder}/cmdline\nprintf '{"credential_ref":"ref:1"}'\n`,
      { mode: 0o755 },
    );
    Deno.env.set(name, PRIVATE_KEY);
    Deno.env.set(`${name}_OTHER`, "stays");
    const BY_FLAG = { text: "command", by: "--credential-broker", file: undefined };
    const settings: BrokerSettings = {
      ...{ name: BY_FLAG, prefix: "P_", reference: "", scopes: [], command, args: ["--profile", "ops"], secrets: [name] },
    };
    const ports = { ...memoryPorts({ host: nodeHost }), child: denoChild };
    const answered = await askBroker("command", settings, ASKED, ports);
    assert(typeof answered !== "string", String(answered));
    const read = (file: string) => Deno.readTextFileSync(`${folder}/${file}`);
    assertEquals(read("cmdline").trim().split(" ").slice(-3), [command, "--profile", "ops"]);
    assertEquals(JSON.parse(read("input")).ToolName, "vault.rotate");
    assert(read("env").includes(`${name}_OTHER=stays`) && !read("env").includes(PRIVATE_KEY));
    await Deno.writeTextFile(command, "#!/bin/sh\nyes | head -c 300000\n");
    assertEquals(await askBroker("command", settings, ASKED, ports), "it printed more than 16384 bytes");
    await Deno.writeTextFile(command, "#!/bin/sh\nprintf '{\"credential_ref\"'; kill -9 $$\n");
    assertEquals(await askBroker("command", settings, ASKED, ports), "a signal ended it");
  } finally {
    Deno.env.delete(name);
    Deno.env.delete(`${name}_OTHER`);
    await Deno.remove(folder, { recursive: true });
  }
});
