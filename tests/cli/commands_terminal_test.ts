// What artifacts and arguments hold reaches no terminal raw: no escape, no line break, no mark that turns the reading direction.
import { assert, assertEquals } from "../assert.ts";
import { resealed, texts } from "../run/packs.ts";
import { machine, PUBLIC_KEY } from "./commands_world.ts";

const EVIL = "\x1b[2J\x1b]0;owned\x07\r\nforged: line\n\x9b31m\u202e\u2066\u200f\u2028\u0085\x7f\x00\t\b";

// Controls but the line feed, line and paragraph separators, marks of direction, halves of surrogate pairs.
const RAW = [[0, 9], [0xb, 0x1f], [0x7f, 0x9f], [0x61c, 0x61c], [0x200e, 0x200f], [0x2028, 0x202e], [0x2066, 0x2069], [
  0xd800,
  0xdfff,
]];
const holdsRaw = (text: string): boolean =>
  [...text].some((char) =>
    RAW.some(([from = 0, to = 0]) => from <= (char.codePointAt(0) ?? 0) && (char.codePointAt(0) ?? 0) <= to)
  );

const runOf = (evil: string) =>
  JSON.stringify({
    run: { run_id: `r${evil}`, created_at: "2026-03-01T10:00:00Z", producer_version: evil, timeline: [{ event: evil }] },
    intents: [{ intent_id: `i${evil}`, tool_name: evil, args: { [evil]: evil } }, { intent_id: evil, args: {} }],
    results: [
      {
        intent_id: `i${evil}`,
        status: evil,
        result: { verdict: `v${evil}`, reason_codes: [`c${evil}`], violations: [`w${evil}`] },
      },
      { intent_id: `i${evil}`, status: evil, result: {} },
      { intent_id: `o${evil}`, status: evil, result_digest: evil },
    ],
    capture_mode: "raw",
  });
const NUL_FREE = EVIL.replaceAll("\x00", "");

/** Runs every command on artifacts that hold `evil` wherever text can stand; the lines of each run in text mode. */
async function everything(evil: string) {
  const recorder = machine({ files: { "in.json": runOf(evil) } });
  await recorder.json("run", "record", "in.json", "--run-id", "plain", "--out-dir", ".");
  const pack = recorder.disk.bytes("runpack_plain.zip");
  if (typeof pack === "string") throw new Error(pack);
  const entries = await texts(pack);
  const signature = { alg: evil, key_id: evil, sig: evil, signed_digest: evil };
  const hostile = await resealed({ ...entries, "extra.txt": "" }, {
    run_id: `r${evil}`,
    capture_mode: evil,
    manifest_digest: evil,
    files: [{ path: evil, sha256: evil }, { path: "run.json", sha256: evil }],
    signatures: [signature],
  });
  const trace = JSON.stringify({ verdict: "block", trace_id: evil, [`x${evil}`]: 1, signature });
  const chain = JSON.stringify({
    session_id: `s${evil}`,
    run_id: evil,
    checkpoints: [{ runpack_path: evil, checkpoint_digest: evil, prev_checkpoint_digest: evil }],
  });
  const made = machine({
    files: {
      "in.json": runOf(evil),
      "good.zip": await resealed(entries, { run_id: `r${evil}`, capture_mode: evil }),
      "bad.zip": hostile,
      "t.json": trace,
      "decision_t.json": JSON.stringify({ [evil]: 1, simulated: evil }),
      "chain.json": chain,
      "shape.json": JSON.stringify({ run: { created_at: evil } }),
      "key.json": `{${JSON.stringify(evil)}:1,${JSON.stringify(evil)}:2}`,
      [`odd${evil}.zip`]: "x",
      p: PUBLIC_KEY,
    },
    home: `/h${evil}`,
  });
  const commands: readonly (readonly string[])[] = [
    ["run", "record", "in.json", "--out-dir", `d${evil}`],
    ["run", "record", "in.json", "--run-id", evil],
    ["run", "record", "in.json", "--capture-mode", `x${evil}`],
    ["run", "record", "in.json", "--key-mode", `x${evil}`],
    ["run", "record", "in.json", "--context-envelope", `x${evil}`],
    ["run", "record", "in.json", `--x${evil}`],
    ["run", "record", "shape.json"],
    ["run", "record", "key.json"],
    ["verify", "good.zip"],
    ["verify", "good.zip", "--public-key", "p", "--require-signature"],
    ["verify", "bad.zip", "--public-key", "p"],
    ["verify", "bad.zip"],
    ["verify", `none${evil}`],
    ["verify", `odd${evil}.zip`],
    ["verify", "good.zip", "--profile", `x${evil}`],
    ["run", "inspect", "good.zip"],
    ["run", "inspect", "bad.zip"],
    ["run", "inspect", "chain.json"],
    ["run", "inspect", `x${evil}`, evil],
    ["trace", "verify", "t.json", "--public-key", "p"],
    ["trace", "verify", `x${evil}`, "--public-key", "p"],
    ["keys", "verify", "--private-key", `x${evil}`],
    ["keys", "verify", "--private-key-env", `x${evil}`],
    ["keys", "init", "--prefix", `x${evil}`],
    ["keys", "init", "--prefix", `a/${evil}`],
    ["keys", "init", "--out-dir", `../${evil}`],
    ["demo", evil],
  ];
  const lines: number[] = [];
  for (const argv of commands) {
    lines.push((await made.text(...argv))[1].length);
    await made.json(...argv);
  }
  return { made, lines, commands };
}

Deno.test("terminal: no control character, line break or direction mark of an artifact is printed", async () => {
  const { made } = await everything(NUL_FREE);
  const bad = made.outputs.filter((out) => holdsRaw(out));
  assertEquals(bad, []);
  assert(made.outputs.join("").includes("owned"), "the text itself is shown");
});

Deno.test("terminal: hostile text makes no line more", async () => {
  const [evil, tame] = [await everything(NUL_FREE), await everything("tame")];
  assertEquals(
    evil.commands.map((argv, i) => [argv.slice(0, 3).join(" "), evil.lines[i]]),
    tame.commands.map((argv, i) => [
      argv.slice(0, 3).join(" ").replaceAll("tame", NUL_FREE),
      tame.lines[i],
    ]),
  );
});

Deno.test("terminal: JSON output parses back to the very text", async () => {
  const made = machine({ files: { "in.json": runOf(EVIL) } });
  const [exit, said] = await made.json("run", "record", "in.json", "--run-id", "plain");
  assertEquals(exit, 0);
  assertEquals(said.ok, true);
  const [, inspected] = await made.json("run", "inspect", "plain");
  const [first] = Array.isArray(inspected.entries) ? inspected.entries : [];
  assertEquals([first.intent_id, first.tool_name, first.status], [`i${EVIL}`, EVIL, EVIL]);
  assertEquals(first.reason_codes, [`c${EVIL}`.replace(/[\s\u0085]+$/u, "")]);
});

Deno.test("terminal: with colour the only escapes are ours, around the first line", async () => {
  const made = machine({
    files: { "t.json": JSON.stringify({ verdict: "allow", trace_id: NUL_FREE }), p: PUBLIC_KEY },
    colour: true,
  });
  const [, lines] = await made.text("trace", "verify", "t.json", "--public-key", "p");
  for (const line of lines) assert(!holdsRaw(line.replaceAll("\x1b[31m", "").replaceAll("\x1b[0m", "")), line);
});
