// The state of a question: one spelling, one key, one call.
import { base64, fromBase64, fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { digestSigner } from "../../core/base/sign.ts";
import { isGateState, readState, stateFlaw, writeState } from "../../core/mcp/request_state.ts";
import { assert, assertEquals } from "../assert.ts";
import { crypto, keyOf, LATER, NOW, SOON } from "../authority/requests.ts";

const KEY = await keyOf(1);

const CALL = {
  principal: "ann",
  method: "tools/call",
  tool_name: "till.refund",
  definition_digest: "d".repeat(64),
  intent_digest: "a".repeat(64),
  params_digest: "e".repeat(64),
  policy_digest: "b".repeat(64),
};

const TERMS = { ...CALL, created_at: NOW, producer_version: "v", state_id: "1".repeat(32), expires_at: SOON, carried: "" };
const TEXT = await writeState(crypto, TERMS, digestSigner(crypto, KEY));
const JSON_TEXT = fromUtf8(fromBase64(TEXT.slice("gait1.".length)) ?? new Uint8Array());

const reads = async (json: string): Promise<boolean> =>
  await readState(crypto, `gait1.${base64(utf8(json))}`, KEY) !== undefined;

Deno.test("request state: what was given out reads back; the same, spelled in another way, does not", async () => {
  assert(await reads(JSON_TEXT));
  const value = JSON.parse(JSON_TEXT);
  const others = [
    ` ${JSON_TEXT}`,
    JSON.stringify(value, null, 1),
    JSON.stringify(Object.fromEntries(Object.entries(value).toReversed())),
    JSON_TEXT.replace(`"ann"`, `"\\u0061nn"`),
    JSON.stringify({ ...value, more: 1 }),
    JSON.stringify({ ...value, signature: undefined }),
    JSON.stringify({ ...value, signature: { ...value.signature, more: 1 } }),
    "[]",
    "",
  ];
  for (const other of others) assertEquals([other, await reads(other)], [other, false]);
  assertEquals(await readState(crypto, TEXT, await keyOf(2)), undefined);
  assertEquals(await readState(crypto, `gait1.${"A".repeat(300_000)}`, KEY), undefined);
});

Deno.test("request state: those of others are theirs", () => {
  for (const other of [undefined, "", "abc", "gait2.x", "Gait1.x", " gait1.x"]) assertEquals(isGateState(other), false);
  assertEquals(isGateState("gait1."), true);
});

Deno.test("request state: each way in which a call differs has its own name, and the end comes first", async () => {
  const state = await readState(crypto, TEXT, KEY);
  assert(state !== undefined);
  const flaw = (about: Partial<typeof CALL>, now = NOW) => stateFlaw(state, { ...CALL, ...about }, now);
  assertEquals(flaw({}), undefined);
  assertEquals([flaw({}, SOON), flaw({ principal: "" }, LATER)], ["mcp_request_state_expired", "mcp_request_state_expired"]);
  assertEquals(flaw({ principal: "bo" }), "mcp_request_state_principal_mismatch");
  assertEquals(flaw({ method: "prompts/get" }), "mcp_request_state_tool_mismatch");
  assertEquals(flaw({ tool_name: "till.open" }), "mcp_request_state_tool_mismatch");
  assertEquals(flaw({ definition_digest: "" }), "mcp_request_state_tool_mismatch");
  assertEquals(flaw({ policy_digest: "c".repeat(64) }), "mcp_request_state_policy_mismatch");
  assertEquals(flaw({ intent_digest: "c".repeat(64) }), "mcp_request_state_call_mismatch");
  assertEquals(flaw({ params_digest: "c".repeat(64) }), "mcp_request_state_call_mismatch");
});
