// A program as a gate: what it may print and how it may end, what it is given, and that it has so long and no longer.
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { type Ended, subprocessGate, type SubprocessHost } from "../../core/client/subprocess.ts";
import { assert, assertEquals, assertFault } from "../assert.ts";
import { timers } from "./commands.ts";
import { holds, vectors } from "./vectors.ts";
import { callOf, crypto } from "./world.ts";

const SETTINGS = { gait: ["gait"], policy: "policy.yaml" } as const;

Deno.test("subprocess: every answer of the vectors", async () => {
  const all = vectors("subprocess");
  for (const vector of all) {
    const { given: { throws, hangs, code }, text } = vector;
    const run = (): Promise<Ended> => {
      if (throws !== undefined) return Promise.reject(new Error(String(throws)));
      return hangs === true ? new Promise(() => {}) : Promise.resolve({ code: Number(code), stdout: utf8(text) });
    };
    const limit = hangs === true ? { limit_ms: 5 } : {};
    await holds(vector, subprocessGate({ crypto, run, ...timers }, { ...SETTINGS, ...limit }));
  }
  assertEquals(all.length, 51);
});

type Seen = { argv: readonly string[]; stdin: string };

async function seen(settings: Partial<Parameters<typeof subprocessGate>[1]>, more: object = {}): Promise<Seen | undefined> {
  let one: Seen | undefined;
  const host: SubprocessHost<AbortSignal, ReturnType<typeof setTimeout>> = {
    crypto,
    ...timers,
    run(argv, stdin) {
      one = { argv, stdin: fromUtf8(stdin) };
      return Promise.resolve({ code: 1, stdout: utf8("") });
    },
  };
  await subprocessGate(host, { ...SETTINGS, ...settings }).evaluate({ call: callOf("tool.read"), ...more });
  return one;
}

Deno.test("subprocess: the proxy is given the call as it is, by standard input", async () => {
  const { argv = [], stdin = "" } = await seen({ flags: ["--trace-out", "t.json"] }, { adapter: "openai", run_id: "-x" }) ?? {};
  const words = ["gait", "mcp", "proxy", "--call", "-", "--adapter=openai", "--run-id=-x"];
  assertEquals(argv, [...words, "--policy", "policy.yaml", "--profile", "standard", "--json", "--trace-out", "t.json"]);
  assertEquals(JSON.parse(stdin), callOf("tool.read"));
});

Deno.test("subprocess: the gate is given the intent that the call comes to", async () => {
  const { argv = [], stdin = "" } = await seen({ gait: ["deno", "run", "gait.ts"], command: "gate eval" }) ?? {};
  const words = ["deno", "run", "gait.ts", "gate", "eval", "--intent", "-"];
  assertEquals(argv, [...words, "--policy", "policy.yaml", "--profile", "standard", "--json"]);
  const { schema_id, tool_name, args } = JSON.parse(stdin);
  assertEquals([schema_id, tool_name, args], ["gait.gate.intent_request", "tool.read", { path: "/srv/a.txt", count: 1 }]);
});

Deno.test("subprocess: what is no call is refused before anything runs", async () => {
  for (const command of ["mcp proxy", "gate eval"] as const) {
    assertEquals(await seen({ command }, { call: { name: "x", args: { n: Number.NaN } } }), undefined);
  }
  assertEquals(await seen({ command: "gate eval" }, { call: { args: {} } }), undefined);
  assertEquals(await seen({ command: "gate eval", profile: "oss-prod" }, { call: { name: "x" } }), undefined);
});

Deno.test("subprocess: a program that takes too long is told so by the signal, and is not waited for", async () => {
  let told = false;
  const run = (_: unknown, __: unknown, signal: AbortSignal) =>
    new Promise<Ended>(() => signal.addEventListener("abort", () => told = true));
  const gate = subprocessGate({ crypto, run, ...timers }, { ...SETTINGS, limit_ms: 5 });
  const { message } = assertFault(await gate.evaluate({ call: callOf("tool.read") }), "gate_timed_out");
  assert(message.includes("within 5 ms") && told, message);
});

Deno.test("subprocess: a profile is told as it is read; one that is none is refused before anything runs", async () => {
  for (const [profile, told] of [[" OSS-Prod ", "oss-prod"], ["oss_prod", undefined], ["", undefined]] as const) {
    const seen: string[] = [];
    const run = (argv: readonly string[]): Promise<Ended> => {
      seen.push(argv[argv.indexOf("--profile") + 1] ?? "");
      return Promise.resolve({ code: 6, stdout: utf8("") });
    };
    const untyped = JSON.parse(JSON.stringify({ ...SETTINGS, profile }));
    const gate = subprocessGate({ crypto, run, ...timers }, untyped);
    const asked = await gate.evaluate({ call: callOf("tool.read") });
    assertEquals(seen, told === undefined ? [] : [told]);
    assertFault(asked, told === undefined ? "profile_refused" : "gate_unavailable");
  }
});
