// Questions to the user of a client: who can be asked, and which answers are an approval.
import { fromUtf8 } from "../../core/base/bytes.ts";
import { answerIn, clientSays, inputRequiredLine, questionParams, saysInRequest } from "../../core/mcp/elicit.ts";
import { assertEquals } from "../assert.ts";

Deno.test("elicit: a client can ask by a form when it says so, or names no way at all", () => {
  const asks = (capabilities: Parameters<typeof clientSays>[0]) => clientSays(capabilities, { name: "n" }).asks;
  assertEquals([asks({ elicitation: {} }), asks({ elicitation: { form: {} } }), asks({ elicitation: { form: {}, url: {} } })], [
    true,
    true,
    true,
  ]);
  for (
    const none of [undefined, null, {}, [], { elicitation: true }, { elicitation: { url: {} } }, {
      elicitation: { form: true },
    }]
  ) {
    assertEquals(asks(none), false, JSON.stringify(none));
  }
  assertEquals(clientSays(undefined, { name: 5 }), { name: "", asks: false });
  assertEquals(saysInRequest({ _meta: { "io.modelcontextprotocol/clientCapabilities": { elicitation: {} } } }).asks, true);
  assertEquals(saysInRequest({ "io.modelcontextprotocol/clientCapabilities": { elicitation: {} } }).asks, false);
});

Deno.test("elicit: only an accept that chose to approve is an approval", () => {
  const accept = (content: unknown) => answerIn(JSON.parse(JSON.stringify({ action: "accept", content })));
  assertEquals(accept({ decision: "approve" }), "accepted");
  assertEquals(accept({ decision: "deny" }), "declined");
  for (const content of [{}, undefined, null, [], "approve", { decision: true }, { decision: "Approve" }, { approve: true }]) {
    assertEquals(accept(content), "malformed", JSON.stringify(content));
  }
  assertEquals([answerIn({ action: "decline" }), answerIn({ action: "cancel" })], ["declined", "cancelled"]);
  assertEquals([answerIn({ action: "ok" }), answerIn({}), answerIn(null), answerIn("accept")], Array(4).fill("malformed"));
  assertEquals(answerIn({ action: "decline", content: { decision: "approve" } }), "declined");
  assertEquals(answerIn(undefined), "unanswered");
});

Deno.test("elicit: a form with one choice and nothing chosen", () => {
  const { requestedSchema, ...rest } = Object(questionParams("m", false));
  assertEquals(rest, { message: "m" });
  assertEquals(requestedSchema.required, ["decision"]);
  assertEquals(requestedSchema.properties.decision.enum, ["approve", "deny"]);
  assertEquals("default" in requestedSchema.properties.decision, false);
  const { result } = JSON.parse(fromUtf8(inputRequiredLine("a", "m", "gait1.x", { verdict: "require_approval" })));
  assertEquals(result.inputRequests, { gait_approval: { method: "elicitation/create", params: questionParams("m", true) } });
  assertEquals([result.resultType, result.requestState], ["input_required", "gait1.x"]);
});
