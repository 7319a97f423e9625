// What a client of MCP brings back with the answer to a question of the gate (docs/mcp.md): the gate keeps nothing of the question, so all
// that the answer is bound to is in here, signed.
import { filled, given, type Infer, present, strict, text, time } from "../base/shape.ts";
import { notEmptyText } from "../base/shape_rules.ts";
import { digest } from "./digest.ts";
import { fixedHead } from "./heading.ts";
import { ExactSignatureShape } from "./signature.ts";

export const MCP_REQUEST_STATE_ID = "gait.mcp.request_state";

export const McpRequestStateShape = strict(
  "One question of the gate to the user of a client, as its requestState has it",
  () => ({
    ...fixedHead(MCP_REQUEST_STATE_ID),
    created_at: given(time("When the gate asked")),
    producer_version: given(text("Version of the program that asked")),
    state_id: notEmptyText(text("Id of the question, which is answered once")),
    expires_at: given(time("When an answer does not count any more")),
    principal: filled(text("Who was asked, as the transport knows it")),
    method: given(text("The method of the request; always tools/call")),
    tool_name: given(text("The tool")),
    definition_digest: filled(text("Digest of the tool as its server declared it, where it had done so")),
    intent_digest: digest("Digest of the call"),
    params_digest: digest("Digest of what the params of the call hold, as it is spelled there"),
    policy_digest: digest("Digest of the policy"),
    carried: filled(text("What the call had brought along for the server, as JSON members: it leaves with the call")),
    signature: present(ExactSignatureShape),
  }),
);

/** A question. */
export type McpRequestState = Infer<typeof McpRequestStateShape>;
