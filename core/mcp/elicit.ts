// Questions of the gate to the user of a client (`elicitation/create`), both generations: what a client says that it can, how it is asked,
// and what its answer is.
import { isJsonObject, type Json, type JsonObject } from "../base/json_value.ts";
import { type FrameId, frameLine } from "./frames.ts";
import { metaOf } from "./protocol.ts";

/** What a client says of itself. */
export type ClientSays = {
  /** What it calls itself; empty where it has not said. */
  readonly name: string;
  /** Whether it can ask its user for the values of a form. */
  readonly asks: boolean;
};

/** What is known of a client that has said nothing. */
export const SILENT: ClientSays = { name: "", asks: false };

/** What a client says by its capabilities and its name for itself. */
export function clientSays(capabilities: Json | undefined, info: Json | undefined): ClientSays {
  const elicitation = isJsonObject(capabilities) ? capabilities["elicitation"] : undefined;
  const name = isJsonObject(info) ? info["name"] : undefined;
  return {
    name: typeof name === "string" ? name : "",
    // One that names no way can ask by a form; one that names ways can ask by those.
    asks: isJsonObject(elicitation) && (Object.keys(elicitation).length === 0 || isJsonObject(elicitation["form"])),
  };
}

/** What a client of the stateless generation says, with each request. */
export const saysInRequest = (params: JsonObject): ClientSays =>
  clientSays(metaOf(params, "capabilities"), metaOf(params, "client"));

/** What the question is called among the requests of an answer `input_required`. */
export const QUESTION = "gait_approval";

const APPROVE = "approve";

/** The params of a question. Nothing is chosen unless somebody does. */
export const questionParams = (message: string, modern: boolean): JsonObject => ({
  ...(modern ? { mode: "form" } : {}),
  message,
  requestedSchema: {
    type: "object",
    properties: {
      decision: {
        type: "string",
        title: "Decision",
        description: "Whether this one call may be executed, once",
        enum: [APPROVE, "deny"],
      },
    },
    required: ["decision"],
  },
});

/** What somebody answered. */
export const ANSWERS = ["accepted", "declined", "cancelled", "unanswered", "malformed"] as const;

/** One of `ANSWERS`. */
export type Answer = typeof ANSWERS[number];

/** What a result of `elicitation/create` says; undefined is none. Only an accept that chose to approve is an approval. */
export function answerIn(result: Json | undefined): Answer {
  if (result === undefined) return "unanswered";
  if (!isJsonObject(result)) return "malformed";
  const { action, content } = result;
  if (action === "decline") return "declined";
  if (action === "cancel") return "cancelled";
  const decision = action === "accept" && isJsonObject(content) ? content["decision"] : undefined;
  return decision === APPROVE ? "accepted" : decision === "deny" ? "declined" : "malformed";
}

/** The line that asks a client of the older generation. */
export const elicitLine = (id: string, params: JsonObject): Uint8Array<ArrayBuffer> =>
  frameLine({ jsonrpc: "2.0", id, method: "elicitation/create", params });

/** The line that takes such a question back. */
export const unaskLine = (id: string, reason: string): Uint8Array<ArrayBuffer> =>
  frameLine({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: id, reason } });

/** The line that asks a client of the stateless generation: it comes again with the answer, and with the state as it is. */
export const inputRequiredLine = (id: FrameId, message: string, state: string, facts: JsonObject): Uint8Array<ArrayBuffer> =>
  frameLine({
    jsonrpc: "2.0",
    id,
    result: {
      resultType: "input_required",
      inputRequests: { [QUESTION]: { method: "elicitation/create", params: questionParams(message, true) } },
      requestState: state,
      _meta: { "dev.gait/decision": facts },
    },
  });
