// Which approved script a call is (spec 03, section 5.4 step 5): every member counts, and an unknown scope never holds.
import { approvingScript, scopeHolds, type ScriptCall } from "../../core/authority/approved_script_match.ts";
import { assertEquals, assertOk } from "../assert.ts";
import { ENTRY, read, signed, verified } from "./scripts.ts";

const CALL: ScriptCall = {
  policy_digest: "a".repeat(64),
  script_hash: "b".repeat(64),
  tool_sequence: ["ledger.write", "ledger.read", "ledger.write"],
  tool_name: "script",
  risk_class: "medium",
  workspace: "/srv/ledger",
  endpoint_classes: ["fs.read", "fs.write"],
};
const NOW = "2026-03-15T00:00:00Z";
const entries = (...changes: readonly object[]) =>
  assertOk(read(changes.map((change) => ({ ...ENTRY, ...change })))).scripts.map(({ entry }) => entry);
const found = (change: object, call: Partial<ScriptCall> = {}, now = NOW) =>
  approvingScript(entries(change), { ...CALL, ...call }, now)?.pattern_id;

Deno.test("approving script: policy, script, sequence and time all have to fit", () => {
  assertEquals(found({}), "nightly");
  assertEquals(found({ policy_digest: "c".repeat(64) }), undefined);
  assertEquals(found({ script_hash: "c".repeat(64) }), undefined);
  assertEquals(found({}, {}, "2026-04-01T10:00:00Z"), undefined);
  for (const tool_sequence of [["ledger.read", "ledger.write"], ["ledger.write", "ledger.read"], ["ledger.write"], []]) {
    assertEquals(found({}, { tool_sequence }), undefined, tool_sequence.join());
  }
});

Deno.test("approving script: an older entry approves only a script whose tools are such a set", async () => {
  const { signature } = await signed({ ...ENTRY, tool_sequence: ["ledger.read", "ledger.write"] });
  const older = assertOk(await verified([{ ...ENTRY, signature }]));
  assertEquals(approvingScript(older, CALL, NOW), undefined);
  const sorted = { ...CALL, tool_sequence: ["ledger.read", "ledger.write"] };
  assertEquals(approvingScript(older, sorted, NOW)?.pattern_id, "nightly");
});

Deno.test("approving script: the first that fits counts", () => {
  const three = entries({ pattern_id: "p1", policy_digest: "c".repeat(64) }, { pattern_id: "p2" }, { pattern_id: "p3" });
  assertEquals(approvingScript(three, CALL, NOW)?.pattern_id, "p2");
});

Deno.test("approving script: every scope has to hold", () => {
  const all = ["risk:medium", "tool:script", "workspace_prefix:/srv", "endpoint:fs.write"];
  assertEquals(found({ scope: all }), "nightly");
  for (const scope of ["risk:high", "tool:ledger.read", "workspace_prefix:/srv/led", "endpoint:net.http", "team:finance"]) {
    assertEquals(found({ scope: [...all, scope] }), undefined, scope);
  }
});

Deno.test("scope: what holds of a call and what does not", () => {
  const table: readonly (readonly [scope: string, call: Partial<ScriptCall>, holds: boolean])[] = [
    ["workspace_prefix:/srv/ledger", {}, true],
    ["workspace_prefix:/srv/ledger/x", {}, false],
    ["workspace_prefix:", { workspace: "/srv" }, false],
    ["workspace_prefix:/srv", { workspace: undefined }, false],
    ["workspace_prefix:..", { workspace: "../../etc" }, false],
    ["workspace_prefix:..", { workspace: "../a" }, true],
    ["workspace_prefix:/srv", { workspace: "/Srv/a" }, false],
    ["endpoint:fs.write", { endpoint_classes: [] }, false],
    ["risk", {}, false],
    [":", {}, false],
    ["", {}, false],
    ["constructor:x", {}, false],
    ["*", {}, false],
    ["Risk:medium", {}, false],
    ["tool: script", {}, false],
  ];
  for (const [scope, call, holds] of table) {
    assertEquals(scopeHolds(scope, { ...CALL, ...call }), holds, `${scope} ${JSON.stringify(call)}`);
  }
});
