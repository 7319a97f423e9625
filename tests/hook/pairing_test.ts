// Pairing what ran with what was decided.
import { pairing } from "../../core/hook/pairing.ts";
import type { HookRecord } from "../../core/schema/hook.ts";
import { assertEquals } from "../assert.ts";

const record = (change: Partial<HookRecord>): HookRecord => ({
  schema_id: "gait.hook.record",
  schema_version: "1.0.0",
  created_at: "2026-01-01T00:00:00Z",
  producer_version: "p",
  record_type: "decision",
  client: "codex",
  event: "PreToolUse",
  session_id: "s",
  call_id: "c",
  call_key: "k",
  tool_name: "Bash",
  input_digest: "i",
  verdict: "allow",
  answer: "allow",
  reason_codes: [],
  intent_digest: "",
  policy_digest: "",
  trace_id: "",
  trace_path: "",
  outcome: "",
  outcome_digest: "",
  bypass_reason: "",
  bypass_path: "",
  ...change,
});

const ALLOWED = record({});
const ASKED = record({ verdict: "require_approval", answer: "ask" });
const DENIED = record({ verdict: "block", answer: "deny" });
const RAN = record({ record_type: "result", outcome: "ran" });
const BYPASSED = record({ record_type: "bypass", outcome: "ran" });
const TOLD = record({ record_type: "result", outcome: "", answer: "deny" });
const OTHER = record({ input_digest: "j" });

type Stage = "after" | "failed";

const said = (records: readonly HookRecord[], call_id = "c", stage: Stage = "after", refused = false): string => {
  const paired = pairing({ call_id, stage, refused }, { input_digest: "i" }, records);
  return paired.status === "bypass" ? paired.reason : paired.status;
};

Deno.test("hook pairing: a call that was let run is paired, once for each time", () => {
  assertEquals([said([ALLOWED]), said([ASKED]), said([OTHER, ALLOWED])], ["paired", "paired", "paired"]);
  assertEquals([said([ALLOWED, RAN]), said([ALLOWED, BYPASSED])], ["ran_again", "ran_again"]);
  assertEquals([said([ALLOWED, ALLOWED, RAN], ""), said([ALLOWED, ALLOWED, RAN, RAN], "")], ["paired", "ran_again"]);
  assertEquals(said([ALLOWED, TOLD]), "paired");
});

Deno.test("hook pairing: without a decision, after a denial and with other arguments it is a bypass", () => {
  assertEquals([said([]), said([RAN]), said([DENIED]), said([OTHER])], [
    "no_decision",
    "no_decision",
    "denied",
    "other_arguments",
  ]);
  assertEquals(said([ALLOWED, DENIED]), "denied"); // two hooks of one call: no means no
  assertEquals(said([DENIED, ALLOWED], ""), "paired"); // without an id: the same call, asked for again
  assertEquals(said([DENIED, ALLOWED, RAN], ""), "ran_again");
});

Deno.test("hook pairing: a call that failed because it was denied did not run", () => {
  assertEquals([said([DENIED], "c", "failed"), said([], "c", "failed", true)], ["refused", "refused"]);
  assertEquals([said([], "c", "failed"), said([ALLOWED], "c", "failed")], ["no_decision", "paired"]);
});
