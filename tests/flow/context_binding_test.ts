// Context envelopes for decisions (spec 02, section 6.4): their age at the moment that is decided for.
import { utf8 } from "../../core/base/bytes.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { readBoundContext } from "../../core/flow/context_binding.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";

const HEX = "ab".repeat(32);
const record = (ref_id: string, retrieved_at: string) => ({
  ref_id,
  source_type: "doc",
  source_locator: "kb",
  query_digest: HEX,
  content_digest: HEX,
  redaction_mode: "none",
  retrieved_at,
});
const bound = (change: JsonObject, time: string) =>
  readBoundContext(nodeHost.crypto, utf8(JSON.stringify({ context_set_id: "s", ...change })), "env.json", time);
const age = (change: JsonObject, time: string): number => assertOk(bound(change, time)).context_age_seconds;

Deno.test("bound context: refs are a set, a blank mode is best_effort", () => {
  const records = [
    record("r2", "2026-03-14T09:25:00Z"),
    record(" r1", "2026-03-14T09:28:00Z"),
    record("r2", "2026-03-14T09:26:00Z"),
  ];
  const { context_refs, context_evidence_mode } = assertOk(bound({ records }, "2026-03-14T09:30:00Z"));
  assertEquals([context_refs, context_evidence_mode], [["r1", "r2"], "best_effort"]);
  assertEquals(assertOk(bound({ evidence_mode: " Required" }, "2026-03-14T09:30:00Z")).context_evidence_mode, "required");
});

Deno.test("bound context: the oldest record decides, in whole seconds, to the nanosecond and in any offset", () => {
  const records = [
    record("a", "2026-03-14T09:59:00Z"),
    record("b", "2026-03-14T10:00:00.5+01:00"),
    record("c", "2026-03-14T09:00:00.6Z"),
  ];
  assertEquals(age({ records }, "2026-03-14T09:10:00Z"), 599);
  assertEquals(age({ records }, "2026-03-14T09:10:00.499999999Z"), 599);
  assertEquals(age({ records }, "2026-03-14T11:10:00.5+02:00"), 600);
  assertEquals(age({ records }, "2026-03-14T09:00:00.500000001Z"), 0);
  assertEquals(age({ records }, "2026-03-14T08:00:00Z"), 0);
});

Deno.test("bound context: without records it is as old as the envelope, and without a time since 1980", () => {
  assertEquals(age({ created_at: "2026-03-14T09:00:00Z" }, "2026-03-14T09:00:07.9Z"), 7);
  assertEquals(age({}, "1980-01-02T00:00:00Z"), 86400);
  assertEquals(age({ records: [{ ...record("a", "x"), retrieved_at: null }] }, "1980-01-01T00:01:00Z"), 60);
});

Deno.test("bound context: an envelope that is none is refused as by run record", () => {
  assertFault(bound({ context_set_digest: HEX }, "2026-03-14T09:00:00Z"), "context_invalid");
  assertFault(bound({ note: "x" }, "2026-03-14T09:00:00Z"), "document_shape");
});
