// The one way from a verdict to a tool (spec 06, section 11.3): only allow runs it, once; every doubt keeps it from running.
import { jsonCopy } from "../base/json_copy.ts";
import type { Json } from "../base/json.ts";
import { quoted } from "../base/json_words.ts";
import { fail, type Fault, ok, type Result } from "../base/result.ts";
import { CALL } from "./call.ts";
import { wordsOf } from "./limit.ts";
import type { Allowed, Answer, ApprovalRequired, Blocked, DryRun, Gate, GateCall } from "./types.ts";

/** The verdicts that keep a tool from running and are told by throwing. */
export type Refused = ApprovalRequired | Blocked;

/** The tool did not run: the gate said so, or it gave no answer that counts. */
export class GateEnforcementError extends Error {
  override readonly name = "GateEnforcementError";
  /** What was decided; undefined where nothing was. */
  readonly answer: Refused | undefined;
  /** Why nothing was decided; undefined where something was. */
  readonly fault: Fault | undefined;

  constructor(why: { readonly answer: Refused } | { readonly fault: Fault }, options?: { readonly cause: unknown }) {
    super("answer" in why ? sentence(why.answer) : `The tool was not run: ${why.fault.message}`, options);
    this.answer = "answer" in why ? why.answer : undefined;
    this.fault = "fault" in why ? why.fault : undefined;
  }
}

const sentence = ({ tool_name, verdict, reason_codes }: Refused): string =>
  `The tool was not run: the verdict on ${tool_name === "" ? "the call" : quoted(tool_name)} is ${verdict}, because of ${
    reason_codes.join(", ") || "no reason that was told"
  }`;

/** What became of a guarded call: what the tool gave, or that it did not run. */
export type Guarded<T> =
  | { readonly executed: true; readonly answer: Allowed; readonly result: T }
  | { readonly executed: false; readonly answer: DryRun };

/**
 * Asks the gate about a call, and runs the tool if and only if the verdict is allow. The tool is handed the call as it was decided: a
 * copy, which nobody changed meanwhile. Throws `GateEnforcementError` where it may not run; what the tool throws passes through.
 */
export async function whenAllowed<T>(
  gate: Gate,
  given: GateCall,
  tool: (call: Json, answer: Allowed) => T | Promise<T>,
): Promise<Guarded<T>> {
  const { call, answer } = await decided(gate, given);
  switch (answer.verdict) {
    case "allow":
      return { executed: true, answer, result: await tool(call, answer) };
    case "dry_run":
      return { executed: false, answer };
    case "require_approval":
    case "block":
      throw new GateEnforcementError({ answer });
    default:
      throw new GateEnforcementError({ fault: noVerdict(answer) });
  }
}

async function decided(gate: Gate, given: GateCall): Promise<{ readonly call: Json; readonly answer: Answer }> {
  const asked = await ask(gate, given).catch((cause: unknown) => {
    const message = `Cannot ask the gate: ${wordsOf(cause)}`;
    throw new GateEnforcementError({ fault: { code: "gate_unavailable", message } }, { cause });
  });
  if (asked.ok) return asked.value;
  throw new GateEnforcementError({ fault: asked.fault });
}

// A gate of somebody's own may be no more than its type says: what is not exactly an answer is none.
async function ask(gate: Gate, given: GateCall): Promise<Result<{ readonly call: Json; readonly answer: Answer }>> {
  const copied = jsonCopy(given.call, CALL);
  if (!copied.ok) return copied;
  const call = copied.value;
  const asked = await gate.evaluate({ ...given, call });
  if (!asked.ok) return isFault(asked.fault) ? asked : fail("gate_answer_invalid", noVerdict(asked).message);
  const { ok: said, value: answer } = asked;
  return said === true
    ? ok({ call, answer: { ...answer, reason_codes: [...answer.reason_codes] } })
    : fail("gate_answer_invalid", noVerdict(answer).message);
}

const isFault = (fault: unknown): boolean => typeof fault === "object" && fault !== null && "message" in fault;

const noVerdict = (answer: unknown): Fault => ({
  code: "gate_answer_invalid",
  message: `Cannot act on what the gate says: it has no verdict that is known: ${quoted(JSON.stringify(answer) ?? "nothing")}`,
});
