// What a replay promises: the same bytes twice, and no tool is to run unless all three consents were given.
import fc from "fast-check";
import { bytesSource } from "../../core/base/zip_read.ts";
import { openRunpack, type Runpack } from "../../core/run/open.ts";
import { finishReplay, planReplay } from "../../core/run/replay.ts";
import { realTools } from "../../core/run/replay_tools.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { machine } from "../cli/commands_world.ts";
import { quickPack, recordedTexts } from "../run/packs.ts";
import { property } from "./run.ts";

const tool = fc.constantFrom("echo", "Tool.Echo", "file.write", "fs.write", "shell.exec", "exec", "rocket", "http.get", "zeta");
const run = fc.record({
  run: fc.record({ run_id: fc.constant("run_p"), created_at: fc.constant("2026-03-01T10:00:00Z") }),
  intents: fc.array(
    fc.record({
      tool_name: tool,
      args: fc.constantFrom({}, { path: "out/f", content: "c" }, { command: "echo x > out/g" }, { message: "m" }),
    }),
    { maxLength: 6 },
  ).map((calls) => calls.map((call, index) => ({ intent_id: `i${index}`, ...call }))),
  results: fc.subarray([0, 1, 2, 3]).map((some) => some.map((i) => ({ intent_id: `i${i}`, status: "ok", result: {} }))),
  capture_mode: fc.constant("raw"),
});
const packOf = (input: typeof run extends fc.Arbitrary<infer T> ? T : never): Uint8Array => quickPack(recordedTexts(input));
const open = async (bytes: Uint8Array): Promise<Runpack> =>
  assertOk(await openRunpack(nodeHost, bytesSource(bytes), "pack.zip"));

property("replay: twice gives the same bytes, and without consent nothing is to run", run, async (input) => {
  const again = async () => {
    const plan = assertOk(planReplay(nodeHost.crypto, await open(packOf(input))));
    assertEquals(plan.steps.filter((step) => "action" in step), []);
    return JSON.stringify(finishReplay(nodeHost.crypto, plan, new Map()));
  };
  const first = await again();
  assertEquals(await again(), first);
  assert(!first.includes('"executed"'));
});

property(
  "replay: tools are let run by all three consents together and by nothing less",
  fc.record({
    realTools: fc.boolean(),
    unsafe: fc.boolean(),
    allowed: fc.constantFrom("", " ", ",", "echo", " ECHO ,x"),
    value: fc.constantFrom("1", " 1 ", "", "0", "true", "1x"),
  }),
  ({ realTools: asked, unsafe, allowed, value }) => {
    const found = realTools({ realTools: asked, unsafe, allowed, variable: { name: "V", value } });
    const consented = unsafe && /[a-z]/i.test(allowed) && value.trim() === "1";
    if (!asked) assertEquals(found, { ok: true, value: undefined });
    else assertEquals(found.ok, consented);
    if (found.ok && found.value !== undefined) assert(asked && consented && found.value.has("echo"));
  },
);

const flags = fc.record({
  real: fc.boolean(),
  unsafe: fc.boolean(),
  allow: fc.constantFrom("", "echo,file.write,fs.write,shell.exec,exec"),
  variable: fc.constantFrom("", "1", "yes"),
});

property(
  "replay: the command writes nothing and starts nothing without all three consents",
  fc.tuple(run, flags),
  async ([input, { real, unsafe, allow, variable }]) => {
    const made = machine({ files: { "r.zip": packOf(input) }, env: { GAIT_ALLOW_REAL_REPLAY: variable } });
    const argv = ["run", "replay", "r.zip", ...(real ? ["--real-tools"] : []), ...(unsafe ? ["--unsafe-real-tools"] : [])];
    const [exit] = await made.json(...argv, "--allow-tools", allow);
    const consented = real && unsafe && allow !== "" && variable === "1";
    if (!consented) assertEquals([[...made.disk.files().keys()], made.programs], [["r.zip"], []]);
    assertEquals(exit === 8, real && !consented);
  },
);
