// `regress init`, `add` and `bootstrap`: what a fixture can be made of, what is written and in which order, and what is refused.
import { utf8 } from "../../core/base/bytes.ts";
import { assert, assertEquals } from "../assert.ts";
import { packOf, quote } from "../regress/worlds.ts";
import { texts, zipOf } from "../run/packs.ts";
import { machine } from "./commands_world.ts";
import { edit, recorded, suiteOf } from "./regress_world.ts";

const MADE = {
  ok: true,
  run_id: "quote",
  fixture_name: "quote",
  fixture_dir: "fixtures/quote",
  runpack_path: "fixtures/quote/runpack.zip",
  config_path: "gait.yaml",
  next_commands: ["gait regress run --json"],
};

Deno.test("regress init: the members of its answer, the files, and the words for people", async () => {
  const made = machine({ files: recorded("quote") });
  assertEquals(await made.json("regress", "init", "--from", "quote"), [0, MADE]);
  assertEquals(made.disk.bytes("fixtures/quote/runpack.zip"), made.disk.bytes("gait-out/runpack_quote.zip"));
  assertEquals(JSON.parse(made.file("gait.yaml")).fixtures, [
    { name: "quote", run_id: "quote", runpack: "fixtures/quote/runpack.zip" },
  ]);
  assertEquals(await made.text("regress", "init", "--from", "gait-out/runpack_quote.zip", "--name", "two"), [0, [
    "regress init ok: fixture two",
    "run_id=quote",
    "runpack=fixtures/two/runpack.zip",
    "suite=gait.yaml",
    "next: gait regress run",
  ]]);
  assertEquals(JSON.parse(made.file("gait.yaml")).fixtures.map(({ name }: { name: string }) => name), ["quote", "two"]);
});

Deno.test("regress init: the name of a fixture counts as it is given", async () => {
  for (const name of [" quote ", " ", "quote\n", " x"]) {
    const made = machine({ files: recorded("quote") });
    const [exit, { fault }] = await made.json("regress", "init", "--from", "quote", "--name", name);
    assertEquals([exit, fault], [6, "flag_value"], JSON.stringify(name));
  }
  const made = machine({ files: recorded("quote") });
  assertEquals((await made.json("regress", "init", "--from", "quote", "--name", ""))[0], 0);
});

const indexIn = (bytes: Uint8Array, part: Uint8Array): number =>
  bytes.findIndex((_, at) => part.every((byte, i) => bytes[at + i] === byte));

Deno.test("regress init: a run pack is verified before its runpack is taken", async () => {
  const made = machine({ files: recorded("quote") });
  assertEquals((await made.json("pack", "build", "--type", "run", "--from", "quote", "--out", "q.zip"))[0], 0);
  assertEquals(await made.json("regress", "init", "--from", "q.zip"), [0, MADE]);
  const pack = made.disk.bytes("q.zip");
  if (typeof pack === "string") throw new Error(pack);
  const damaged = Uint8Array.from(pack);
  damaged[damaged.length - 5] = (damaged[damaged.length - 5] ?? 0) ^ 0xff;
  const at = indexIn(pack, utf8("source/runpack.zip")) + 40;
  const spoiled = Uint8Array.from(pack);
  spoiled[at] = (spoiled[at] ?? 0) ^ 0xff;
  for (const bytes of [damaged, spoiled]) {
    const other = machine({ files: { "q.zip": bytes } });
    const [exit, said] = await other.json("regress", "init", "--from", "q.zip");
    assertEquals([exit, said.error_code], [6, "invalid_input"], JSON.stringify(said));
    assertEquals([...other.disk.files().keys()], ["q.zip"]);
  }
});

Deno.test("regress init: a run that was changed makes no fixture", async () => {
  const all = await texts(packOf(quote()));
  const changed = { ...all, "results.jsonl": (all["results.jsonl"] ?? "").replace("blocked", "granted") };
  const made = machine({ files: { "a.zip": await zipOf(changed) } });
  const [exit, said] = await made.json("regress", "init", "--from", "a.zip");
  assertEquals([exit, said.fault, said.error_code], [6, "pack_tampered", "invalid_input"]);
  assertEquals([...made.disk.files().keys()], ["a.zip"]);
});

Deno.test("regress init: a neighbour that is no fixture any more stops it before anything is written", async () => {
  const rows = [
    ["fixtures/half/runpack.zip", "x", "fixture_missing"],
    ["fixtures/half/fixture.json", '{"name":"half","run_id":"r","runpack":"runpack.zip"}', "fixture_missing"],
    ["fixtures/half/fixture.json", '{"name":"other","run_id":"r","runpack":"runpack.zip"}', "fixture_mismatch"],
    ["fixtures/half/fixture.json", '{"name":"half","run_id":"r","runpack":"../x.zip"}', "fixture_invalid"],
    ["fixtures/half/fixture.json", '{"name":"half","run_id":"r","runpack":".."}', "fixture_invalid"],
    ["fixtures/half/fixture.json", '{"name":"half"}', "fixture_invalid"],
    ["fixtures/half/fixture.json", "{", "json_syntax"],
  ] as const;
  for (const [path, content, fault] of rows) {
    const made = machine({ files: { ...recorded("quote"), [path]: content } });
    const [exit, said] = await made.json("regress", "init", "--from", "quote");
    assertEquals([content, exit, said.fault, said.error_code], [content, 6, fault, "invalid_input"]);
    assertEquals([...made.disk.files().keys()].sort(), [path, "gait-out/runpack_quote.zip"].sort());
  }
  // Its own folder may be in any state: it is made anew.
  const made = machine({
    files: { ...recorded("quote"), "fixtures/quote/fixture.json": "{", "fixtures/quote/runpack.zip": "x" },
  });
  assertEquals(await made.json("regress", "init", "--from", "quote"), [0, MADE]);
});

async function session() {
  const made = machine();
  const say = async (...argv: string[]) => {
    const [exit, said] = await made.json("run", "session", ...argv);
    assertEquals(exit, 0, JSON.stringify(said));
  };
  await say("start", "--journal", "j.jsonl", "--session-id", "s", "--run-id", "shift");
  for (const [i, verdict] of ["allow", "block"].entries()) {
    await say("append", "--journal", "j.jsonl", "--tool", `t.${i}`, "--verdict", verdict, "--intent-id", `i${i}`);
    await say("checkpoint", "--journal", "j.jsonl", "--out", `cp${i}.zip`, "--chain-out", "chain.json");
  }
  return made;
}

Deno.test("regress init: a checkpoint of a session, the last one unless another is named", async () => {
  const made = await session();
  assertEquals((await made.json("regress", "init", "--from", "chain.json"))[1].fixture_name, "shift_cp_0002");
  const fixture = JSON.parse(made.file("fixtures/shift_cp_0002/fixture.json"));
  assertEquals([fixture.session_chain, fixture.checkpoint_index], ["chain.json", 2]);
  for (const [checkpoint, fault] of [["7", "flag_value"], ["x", "flag_value"], ["0", "flag_value"]] as const) {
    const [exit, said] = await made.json("regress", "init", "--from", "chain.json", "--checkpoint", checkpoint);
    assertEquals([exit, said.fault], [6, fault]);
    assert(String(said.error).includes(`"${checkpoint}"`), String(said.error));
  }
});

Deno.test("regress init, add, bootstrap: a checkpoint that is named of a run that has none is told of", async () => {
  const made = machine({ files: recorded("quote") });
  const words = ["--from", "quote", "--checkpoint", "zz"];
  const warning = "--checkpoint was ignored: the source is no session chain";
  for (const verb of ["init", "add", "bootstrap"]) {
    const [exit, { warnings }] = await made.json("regress", verb, ...words);
    assertEquals([exit, warnings], [0, [warning]], verb);
    const [, lines] = await made.text("regress", verb, ...words);
    assert(lines.includes(`warning: ${warning}`), verb);
  }
  assertEquals((await made.json("capture", ...words))[1].warnings, [warning]);
});

Deno.test("regress init: a chain that does not link, or whose runpack is another, is a failed check", async () => {
  const made = await session();
  const chain = made.file("chain.json");
  made.disk.put("chain.json", utf8(chain.replace('"sequence_end": 2', '"sequence_end": 3')));
  assertEquals((await made.json("regress", "init", "--from", "chain.json"))[1].fault, "verification_failed");
  made.disk.put("chain.json", utf8(chain));
  const first = made.disk.bytes("cp0.zip");
  if (typeof first === "string") throw new Error(first);
  made.disk.put("cp1.zip", first);
  const [exit, said] = await made.json("regress", "init", "--from", "chain.json");
  assertEquals([exit, said.fault], [2, "verification_failed"]);
  assertEquals(made.disk.bytes("gait.yaml"), "nothing");
});

Deno.test("regress add: the checkpoint that was captured, unless another is asked for", async () => {
  const made = await session();
  assertEquals((await made.json("capture", "--from", "chain.json", "--checkpoint", "1", "--out", "cap.json"))[0], 0);
  const [exit, said] = await made.json("regress", "add", "--from", "cap.json");
  assertEquals([exit, said.fixture_name, said.source], [0, "shift_cp_0001", "cap.json"]);
  assertEquals(
    (await made.json("regress", "add", "--from", "cap.json", "--checkpoint", "latest"))[1].fixture_name,
    "shift_cp_0002",
  );
  made.disk.put("cap.json", utf8(made.file("cap.json").replace("cp0.zip", "gone.zip")));
  const gone = await made.json("regress", "add", "--from", "cap.json");
  assertEquals([gone[0], gone[1].fault, gone[1].source], [2, "verification_failed", "cap.json"]);
});

Deno.test("regress add: errors name the source, and a receipt of another version is no receipt", async () => {
  const made = machine({
    files: { ...recorded("quote"), "r.json": '{"schema_id":"gait.capture.receipt","schema_version":"2.0.0"}' },
  });
  for (const source of ["ghost", "r.json", "./gone.json"]) {
    const [exit, said] = await made.json("regress", "add", "--from", source);
    assertEquals([exit, said.error_code, said.source], [6, "invalid_input", source]);
  }
  assertEquals((await made.text("regress", "add", "--from", "quote"))[1].at(-1), "source=quote");
});

Deno.test("regress bootstrap: the fixture is made first, and then the whole suite is graded", async () => {
  const made = await suiteOf(["older"], { files: recorded("quote") });
  assertEquals(await made.json("regress", "bootstrap", "--from", "quote"), [0, {
    ok: true,
    run_id: "quote",
    fixture_name: "quote",
    fixture_dir: "fixtures/quote",
    runpack_path: "fixtures/quote/runpack.zip",
    config_path: "gait.yaml",
    status: "pass",
    output: "regress_result.json",
    artifact_paths: ["regress_result.json"],
  }]);
  edit(made, "older", { expected_replay_exit_code: 2 });
  const [exit, lines] = await made.text("regress", "bootstrap", "--from", "quote", "--name", "two");
  assertEquals([exit, lines[0]], [5, "regress bootstrap fail: 1 failed"]);
  const [code, said] = await made.json("regress", "bootstrap", "--from", "quote", "--name", "three", "--config", "gone.yaml");
  assertEquals([code, said.fault], [6, "file_missing"]);
  assert(made.file("fixtures/three/fixture.json") !== "");
});
