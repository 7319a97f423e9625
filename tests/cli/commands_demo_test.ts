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
