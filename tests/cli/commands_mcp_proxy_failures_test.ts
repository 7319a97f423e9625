// A disk that fails or a machine that dies at the nth step of writing, for every n (spec 05, section 2.1): a verdict is told only when
// all that the call leaves behind is there; what is there came in the order of the contract, and is whole.
import type { Trouble } from "../../cli/host/memory_disk.ts";
import { fromUtf8 } from "../../core/base/bytes.ts";
import { readPublicKey } from "../../core/base/keys.ts";
import { bytesSource, openZip } from "../../core/base/zip_read.ts";
import { readTrace, verifyTrace } from "../../core/trace/verify.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { logOf, stateOf, STOPPED } from "../job/jobs.ts";
import { proxy, SHELF, shelfMachine, stopping } from "./boundary_world.ts";
import { PUBLIC_KEY } from "./commands_world.ts";

const KEY = assertOk(readPublicKey(nodeHost.crypto, PUBLIC_KEY));
const [TRACE, JOURNAL, RUNPACK, PACK, LOG, OTEL] = [
  "o/t.json",
  "s/kill_switch_journal.jsonl",
  "o/r.zip",
  "o/p.zip",
  "o/l.jsonl",
  "o/e.jsonl",
] as const;

const FILES: Readonly<Record<string, string>> = {
  "s/ks.json": stopping("stock.wipe"),
  "limited.yaml": "default_verdict: block\nrules: [{name: r, effect: allow, rate_limit: {requests: 9}}]\n",
  "halted.json": `{"name":"shelf.peek","context":{"job_id":"j"}}`,
  "jobs/j/state.json": JSON.stringify(stateOf(2, STOPPED)),
  "jobs/j/events.jsonl": logOf("submitted", "emergency_stop_acknowledged"),
};

const SIGNED = ["--key-mode", "prod", "--private-key", "k", "--kill-switch-state", "s/ks.json", "--job-root", "jobs"];
const OUT = [
  "--trace-out",
  TRACE,
  "--runpack-out",
  RUNPACK,
  "--pack-out",
  PACK,
  "--export-log-out",
  LOG,
  "--export-otel-out",
  OTEL,
];

type Case = {
  readonly name: string;
  readonly argv: readonly string[];
  readonly exit: number;
  /** What is left, in the order in which it is written. */
  readonly leaves: readonly string[];
};

const CASES: readonly Case[] = [
  {
    name: "allow, with all outputs",
    argv: proxy("call.json", ...SIGNED, ...OUT),
    exit: 0,
    leaves: [TRACE, RUNPACK, PACK, LOG, OTEL],
  },
  { name: "kill switch", argv: proxy("wipe.json", ...SIGNED, "--trace-out", TRACE), exit: 3, leaves: [TRACE, JOURNAL] },
  {
    name: "limit",
    argv: proxy(
      "call.json",
      ...SIGNED,
      "--policy",
      "limited.yaml",
      "--rate-limit-state",
      "o/limits.json",
      "--trace-out",
      TRACE,
    ),
    exit: 0,
    leaves: ["o/limits.json", TRACE],
  },
  { name: "stopped job", argv: proxy("halted.json", ...SIGNED, "--trace-out", TRACE), exit: 3, leaves: [TRACE] },
];

type Tree = ReadonlyMap<string, Uint8Array>;

const left = (tree: Tree): string[] =>
  [...tree.keys()].filter((path) => !(path in SHELF) && !(path in FILES) && !/\.tmp$|\.lock$|pending_mutation/.test(path));

async function whole(tree: Tree, at: string): Promise<void> {
  for (const path of left(tree)) {
    const bytes = tree.get(path) ?? new Uint8Array();
    if (path.endsWith(".zip")) assertOk(await openZip(nodeHost, bytesSource(bytes), path), at);
    else if (path.endsWith(".jsonl")) { for (const line of fromUtf8(bytes).split("\n").slice(0, -1)) JSON.parse(line); }
    else JSON.parse(fromUtf8(bytes));
    if (path === TRACE) assert((await verifyTrace(nodeHost.crypto, assertOk(readTrace(bytes, path), at).trace, KEY)).ok, at);
  }
}

for (const { name, argv, exit, leaves } of CASES) {
  Deno.test(`mcp proxy failures: ${name}, at every step`, async () => {
    const sound = shelfMachine({ files: FILES });
    assertEquals([(await sound.json(...argv))[0], left(sound.disk.files())], [exit, [...leaves].sort()]);
    const steps = sound.disk.steps();
    assert(steps > 8, `${steps} steps`);
    let told = 0;
    for (const kind of ["ENOSPC", "crash"] as const) {
      for (let step = 1; step <= steps; step++) {
        const trouble: Trouble = { step, kind };
        const at = `${kind} at step ${step}`;
        const on = shelfMachine({ files: FILES, trouble });
        const [ended, said] = await on.json(...argv);
        const found = left(on.disk.files());
        if (said.verdict === undefined) {
          assertEquals([ended, said.ok, said.executed, said.fault, said.error_category], [
            1,
            false,
            false,
            "write_failed",
            "io_failure",
          ], at);
        } else { // what went wrong was a lock that is not given back, or that a stopped job does not tell of the call
          assertEquals([ended, leaves.every((path) => found.includes(path))], [exit, true], at);
          told++;
        }
        // Nothing without what comes before it.
        const last = leaves.findLastIndex((path) => found.includes(path));
        assertEquals(leaves.slice(0, last + 1).every((path) => found.includes(path)), true, `${at}: ${found.join()}`);
        if (kind !== "crash") await whole(on.disk.files(), at);
        else for (const tree of on.disk.survivors().slice(0, 16)) await whole(tree, at);
      }
    }
    assert(told < 2 * steps, "no step failed");
  });
}
