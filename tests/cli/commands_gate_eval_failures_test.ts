// A disk that fails or a machine that dies at the nth step of writing, for every n: a decision is told only when all that it leaves
// behind is there, and what is there is whole.
import type { MemoryDisk, Trouble } from "../../cli/host/memory_disk.ts";
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { readPrivateKey } from "../../core/base/keys.ts";
import { readTrace, verifyTrace } from "../../core/trace/verify.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { PRIVATE_KEY } from "./commands_world.ts";
import { call, evalOf, FILES, gateMachine, SIGNED, STOPPED } from "./gate_world.ts";

const KEY = assertOk(await readPrivateKey(nodeHost.crypto, PRIVATE_KEY));

type Case = {
  readonly name: string;
  readonly argv: readonly string[];
  readonly exit: number;
  readonly leaves: readonly string[];
};

const T = ["--trace-out", "o/t.json", ...SIGNED];
const EXTRA = { "s/ks.json": STOPPED, "stopped.json": call("stopped") };
const CASES: readonly Case[] = [
  { name: "allow", argv: evalOf("go.json", ...T), exit: 0, leaves: ["o/decision_t.json", "o/t.json"] },
  {
    name: "approval",
    argv: evalOf("ask.json", ...T, "--approval-audit-out", "o/a.json"),
    exit: 4,
    leaves: ["o/a.json", "o/decision_t.json", "o/t.json"],
  },
  {
    name: "limit",
    argv: evalOf("few.json", ...T),
    exit: 0,
    leaves: [".gait-out/gate_rate_limits.json", "o/decision_t.json", "o/t.json"],
  },
  {
    name: "kill switch",
    argv: evalOf("stopped.json", ...T, "--kill-switch-state", "s/ks.json"),
    exit: 3,
    leaves: ["o/decision_t.json", "o/t.json", "s/kill_switch_journal.jsonl"],
  },
];

// What a reader may rely on: every file that bears its name is whole, and a trace verifies.
async function whole(tree: ReadonlyMap<string, Uint8Array>, at: string): Promise<void> {
  for (const [path, bytes] of tree) {
    if (path in FILES || path in EXTRA || path.endsWith(".tmp") || path.endsWith(".lock")) continue;
    if (path.endsWith(".jsonl")) {
      for (const line of fromUtf8(bytes).split("\n").slice(0, -1)) JSON.parse(line);
      continue;
    }
    JSON.parse(fromUtf8(bytes));
    if (path !== "o/t.json") continue;
    const { trace } = assertOk(readTrace(bytes, path), at);
    assert((await verifyTrace(nodeHost.crypto, trace, KEY)).ok, at);
  }
}

const left = (disk: MemoryDisk): string[] =>
  [...disk.files().keys()].filter((path) => !(path in FILES) && !(path in EXTRA)).sort();

for (const { name, argv, exit, leaves } of CASES) {
  Deno.test(`gate eval failures: ${name}, at every step`, async () => {
    const sound = gateMachine({ files: EXTRA });
    assertEquals([(await sound.json(...argv))[0], left(sound.disk)], [exit, leaves]);
    const steps = sound.disk.steps();
    assert(steps > 8, `${steps} steps`);
    let told = 0;
    for (const kind of ["ENOSPC", "EIO", "crash"] as const) {
      for (let step = 1; step <= steps; step++) {
        const trouble: Trouble = { step, kind };
        const at = `${kind} at step ${step}`;
        const on = gateMachine({ files: EXTRA, trouble });
        const [ended, said] = await on.json(...argv);
        if (said.verdict === undefined) {
          assertEquals([ended, said.ok, said.fault, said.error_category], [1, false, "write_failed", "io_failure"], at);
        } else { // what went wrong was a lock that is not given back: everything is there
          assertEquals([ended, leaves.every((path) => left(on.disk).includes(path))], [exit, true], at);
          told++;
        }
        await whole(on.disk.files(), at);
        if (kind === "crash") { for (const tree of on.disk.survivors()) await whole(tree, at); }
      }
    }
    assert(told < steps, `${told} of ${steps} were told although something went wrong`);
  });
}

Deno.test("gate eval failures: a disk that spoils what it is given is found out by the signature", async () => {
  const flip = (text: string): string => text.replace('"verdict": "block"', '"verdict": "allow"');
  const on = gateMachine({ spoil: (bytes) => utf8(flip(fromUtf8(bytes))) });
  await on.json(...evalOf("no.json", ...T));
  assertEquals((await on.json("trace", "verify", "o/t.json", "--public-key", "pub"))[0], 2);
});
