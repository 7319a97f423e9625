// The note beside a trace (spec 03, section 2.7): its name is never a trace's, and it says only what applies.
import { notePath, writeNote } from "../../core/trace/note.ts";
import { assertEquals } from "../assert.ts";

Deno.test("note: it stands beside its trace, under a name that no command takes for a trace", () => {
  assertEquals(notePath("trace_01.json"), "decision_trace_01.json");
  assertEquals(notePath("a/b/t.json"), "a/b/decision_t.json");
  assertEquals(notePath("/t"), "/decision_t");
});

Deno.test("note: exactly these members, those of a simulation only where there was one", () => {
  const facts = {
    created_at: "2026-03-04T05:06:07Z",
    producer_version: "1",
    trace_id: "t1",
    trace_digest: "d",
    reason_codes: ["a"],
    simulated: false,
    simulated_verdict: "",
    simulated_reason_codes: [],
    warnings: [],
  };
  const plain = {
    schema_id: "gait.gate.decision_note",
    schema_version: "1.0.0",
    created_at: "2026-03-04T05:06:07Z",
    producer_version: "1",
    trace_id: "t1",
    trace_digest: "d",
    reason_codes: ["a"],
  };
  assertEquals(writeNote(facts), plain);
  assertEquals(writeNote({ ...facts, simulated: true, simulated_verdict: "block", simulated_reason_codes: ["x"] }), {
    ...plain,
    simulated: true,
    simulated_verdict: "block",
    simulated_reason_codes: ["x"],
  });
  assertEquals(writeNote({ ...facts, warnings: ["look"] }), { ...plain, warnings: ["look"] });
});
