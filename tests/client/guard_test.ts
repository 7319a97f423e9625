// From a verdict to a tool: only allow runs it, once. Whatever else a gate says or does, the tool does not run.
import { fail, ok } from "../../core/base/result.ts";
import { GateEnforcementError, whenAllowed } from "../../core/client/guard.ts";
import type { Answer, Gate, GateCall } from "../../core/client/types.ts";
import { assert, assertEquals } from "../assert.ts";
import { callOf, inProcess } from "./world.ts";

const CALL: GateCall = { call: callOf("tool.read") };

const told = {
  reason_codes: ["a", "b"],
  violations: [],
  tool_name: "tool.read",
  policy_digest: "",
  intent_digest: "",
  trace_id: "",
  trace_path: "",
  run_id: "",
  warnings: [],
};

const saying = (verdict: Answer["verdict"]): Gate => ({ evaluate: () => Promise.resolve(ok({ ...told, verdict })) });

/** What came of a call, and how often the tool ran. */
async function tried(
  gate: Gate,
  call = CALL,
): Promise<{ readonly error: unknown; readonly executed: unknown; readonly runs: number }> {
  let runs = 0;
  try {
    const { executed } = await whenAllowed(gate, call, () => ++runs);
    return { error: undefined, executed, runs };
  } catch (error) {
    return { error, executed: undefined, runs };
  }
}

Deno.test("guard: allow runs the tool exactly once, with the call as it was decided", async () => {
  const given = { ...callOf("tool.read"), args: { path: "/srv/a.txt" } };
  const { gate } = inProcess({
    job: () => {
      given.args.path = "/etc/passwd"; // while the gate decides
      return Promise.resolve("going");
    },
  });
  const call = { ...given, context: { identity: "a", risk_class: "low", job_id: "job_1" } };
  const seen: unknown[] = [];
  const done = await whenAllowed(gate, { call }, (decided, { verdict }) => seen.push([decided, verdict]));
  assertEquals([done.executed, done.answer.verdict, given.args.path], [true, "allow", "/etc/passwd"]);
  assertEquals(seen, [[{ ...call, args: { path: "/srv/a.txt" } }, "allow"]]);
});

Deno.test("guard: what the tool throws passes through as it is", async () => {
  const own = new Error("disk full");
  for (
    const tool of [() => Promise.reject(own), () => {
      throw own;
    }]
  ) {
    const thrown = await whenAllowed(saying("allow"), CALL, tool).then(() => undefined, (error: unknown) => error);
    assert(thrown === own, String(thrown));
  }
});

Deno.test("guard: a dry run is told and does not run the tool", async () => {
  assertEquals(await tried(saying("dry_run")), { error: undefined, executed: false, runs: 0 });
});

Deno.test("guard: block and require_approval are thrown, with verdict and reasons", async () => {
  for (const verdict of ["block", "require_approval"] as const) {
    const { error, runs } = await tried(saying(verdict));
    assert(error instanceof GateEnforcementError && error.name === "GateEnforcementError");
    assertEquals([runs, error.answer?.verdict, error.answer?.reason_codes, error.fault], [0, verdict, ["a", "b"], undefined]);
    assertEquals(error.message, `The tool was not run: the verdict on "tool.read" is ${verdict}, because of a, b`);
  }
});

// What a gate of somebody's own, written without types, may come to.
const untyped = (json: string): Gate => ({ evaluate: () => Promise.resolve(JSON.parse(json)) });
const answer = (members: object): string => JSON.stringify({ ok: true, value: { ...told, ...members } });

const faulty: Readonly<Record<string, Gate>> = {
  "a fault": { evaluate: () => Promise.resolve(fail("gate_unavailable", "nobody is there")) },
  "throws": {
    evaluate: () => {
      throw new TypeError("not a function");
    },
  },
  "rejects": { evaluate: () => Promise.reject(new Error("reset")) },
  "rejects with no error": { evaluate: () => Promise.reject("reset") },
  "nothing": untyped("null"),
  "a list": untyped("[]"),
  "text": untyped(`"allow"`),
  "no value": untyped(`{"ok":true}`),
  "ok is a word": untyped(`{"ok":"true","value":${JSON.stringify({ ...told, verdict: "allow" })}}`),
  "ok is false beside an allow": untyped(`{"ok":false,"value":${JSON.stringify({ ...told, verdict: "allow" })}}`),
  "no verdict": untyped(answer({})),
  "an unknown verdict": untyped(answer({ verdict: "permit" })),
  "a padded verdict": untyped(answer({ verdict: "allow " })),
  "a verdict in capitals": untyped(answer({ verdict: "ALLOW" })),
  "a list of verdicts": untyped(answer({ verdict: ["allow"] })),
  "allow without reasons": untyped(answer({ verdict: "allow", reason_codes: null })),
};

Deno.test("guard: whatever is not exactly an allow keeps the tool from running", async () => {
  for (const [what, gate] of Object.entries(faulty)) {
    const { error, runs } = await tried(gate);
    assertEquals(runs, 0, what);
    assert(error instanceof GateEnforcementError, `${what}: ${error}`);
    assert(
      error.answer === undefined && error.message.startsWith("The tool was not run: "),
      `${what}: ${error.message}`,
    );
  }
});

Deno.test("guard: a call that is not JSON is refused before the gate is asked", async () => {
  let asked = 0;
  const gate: Gate = {
    evaluate: () => {
      asked++;
      return Promise.resolve(ok({ ...told, verdict: "allow" }));
    },
  };
  const odd: readonly unknown[] = [new Map(), { at: Number.NaN }, { run: () => 1 }, { big: 1n }, [Symbol("x")], undefined];
  for (const call of odd) {
    const wrapped = { name: "tool.read", args: call };
    const { error, runs } = await tried(
      gate,
      Object.assign({}, CALL, { call: wrapped.args === undefined ? undefined : wrapped }),
    );
    assert(error instanceof GateEnforcementError && error.fault?.code === "value_not_json", String(error));
    assertEquals([asked, runs], [0, 0]);
  }
});
