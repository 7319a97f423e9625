// Preparing an intent (spec 02, sections 5.1 step 2, 6.4, 6.11): claims give way, evidence takes their place.
import type { JsonObject } from "../../core/base/json.ts";
import { type BoundContext, type Evidence, prepareIntent } from "../../core/gate/prepare.ts";
import type { Inventory } from "../../core/gate/types.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { CONTEXT, inContext, intent } from "./intents.ts";

const [AA, BB] = ["a".repeat(64), "b".repeat(64)];
const BOUND: BoundContext = {
  context_set_digest: AA,
  context_evidence_mode: "required",
  context_refs: ["r1", "r2"],
  context_age_seconds: 5,
};
const ITEM = { tool_name: "ledger.post", data_class: "public", endpoint_class: "", autonomy_level: "assist" };
const ITEMS: Inventory = new Map([["ledger.post", ITEM]]);
const KNOWN = {
  "wrkr.tool_name": "ledger.post",
  "wrkr.data_class": "public",
  "wrkr.endpoint_class": "",
  "wrkr.autonomy_level": "assist",
};
const prepared = (json: JsonObject, given: Evidence) => assertOk(prepareIntent(intent(json), given));

Deno.test("prepare: without an envelope no claim about the context is left", () => {
  const claims = { context_set_digest: AA, context_evidence_mode: "required", context_refs: ["r"] };
  const { intent: plain, context_source } = prepared(
    inContext({ ...claims, auth_context: { context_age_seconds: 1 } }),
    {},
  );
  assertEquals([plain, context_source], [intent(inContext({})), ""]);
  for (const claim of [{ context_set_digest: AA }, { context_evidence_mode: "required" }, { context_refs: ["r"] }]) {
    assertEquals(prepared(inContext(claim), {}).intent, intent(inContext({})), JSON.stringify(claim));
  }
  const kept = prepared(inContext({ auth_context: { context_age_seconds: 1, other: 2 } }), {}).intent;
  assertEquals(kept.context.auth_context, { other: 2 });
});

Deno.test("prepare: an intent that claims nothing stays the same object", () => {
  const given = intent(inContext({ auth_context: { other: 2 } }));
  assert(assertOk(prepareIntent(given, {})).intent === given);
});

Deno.test("prepare: an envelope gives digest, mode, refs and age, whatever was claimed of refs and age", () => {
  const claims = { context_refs: ["x"], context_set_digest: AA, auth_context: { context_age_seconds: 0, other: 2 } };
  const { intent: bound, context_source } = prepared(inContext(claims), { envelope: BOUND });
  const { context_age_seconds: _, ...evidence } = BOUND;
  assertEquals(bound.context, {
    ...intent(inContext({})).context,
    ...evidence,
    auth_context: { context_age_seconds: 5, other: 2 },
  });
  assertEquals(context_source, "context_envelope");
});

Deno.test("prepare: a digest or mode that the envelope does not have is refused", () => {
  const digest = assertFault(
    prepareIntent(intent(inContext({ context_set_digest: BB })), { envelope: BOUND }),
    "context_invalid",
  );
  assertEquals(digest.at, { pointer: "/context/context_set_digest" });
  const mode = prepareIntent(intent(inContext({ context_evidence_mode: "best_effort" })), { envelope: BOUND });
  assertEquals(assertFault(mode, "context_invalid").at, { pointer: "/context/context_evidence_mode" });
});

Deno.test("prepare: what the inventory knows of the tool is put in, and its path is the source", () => {
  const inventory = { items: ITEMS, source: "./a//inv.json" };
  const claims = { "wrkr.tool_name": "safe", "wrkr.data_class": "x", mine: 1 };
  const { intent: known, context_source } = prepared(inContext({ auth_context: claims }), { inventory });
  assertEquals([known.context.auth_context, context_source], [{ ...KNOWN, mine: 1 }, "a/inv.json"]);
  const both = prepared(inContext({}), { inventory, envelope: BOUND });
  assertEquals(both.context_source, "a/inv.json,context_envelope");
  assertEquals(both.intent.context.auth_context, { ...KNOWN, context_age_seconds: 5 });
  const other = prepared({ tool_name: "other", context: { ...CONTEXT, auth_context: claims } }, { inventory });
  assertEquals([other.intent.context.auth_context, other.context_source], [claims, ""]);
});

Deno.test("prepare: a script is left alone; the inventory is its source when it knows a step", () => {
  const inventory = { items: ITEMS, source: "inv.json" };
  const script = (tool_name: string) => ({ context: CONTEXT, script: { steps: [{ tool_name: "a" }, { tool_name }] } });
  const known = prepared(script("Ledger.Post"), { inventory });
  assertEquals([known.intent, known.context_source], [intent(script("ledger.post")), "inv.json"]);
  assertEquals(prepared(script("other"), { inventory }).context_source, "");
});

Deno.test("prepare: claims of an inventory count unless they are to be dropped", () => {
  const claimed = inContext({ auth_context: { "wrkr.data_class": "public", mine: 1 } });
  assertEquals(prepared(claimed, {}).intent.context.auth_context, { "wrkr.data_class": "public", mine: 1 });
  assertEquals(prepared(claimed, { inventoryClaims: "drop" }).intent.context.auth_context, { mine: 1 });
  const known = prepared(claimed, { inventoryClaims: "drop", inventory: { items: ITEMS, source: "i" } });
  assertEquals(known.intent.context.auth_context, { ...KNOWN, mine: 1 });
});
