// Clients whose users can be asked, of both generations, for tests of approvals in a wrapped session.
import type { wrapped } from "./world.ts";

type World = ReturnType<typeof wrapped>;

/** What a client of the stateless generation says of itself with each request. */
export const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
  "io.modelcontextprotocol/clientInfo": { name: "probe", version: "1" },
};

/** A call of such a client. */
export const modernCall = (id: number | string, name: string, args: object = {}, more: object = {}) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { _meta: META, name, arguments: args, ...more },
});

/** The result that came for a request. */
export const resultOf = (world: World, id: number | string) =>
  Object(world.client.frames().find((frame) => frame["id"] === id && "result" in frame)?.["result"]);

/** The question that came for a call: its message and its state. */
export function asked(world: World, id: number | string): { readonly message: string; readonly state: string } {
  const { resultType, inputRequests, requestState } = resultOf(world, id);
  if (resultType !== "input_required") throw new Error(`no question: ${JSON.stringify(resultOf(world, id))}`);
  return { message: inputRequests.gait_approval.params.message, state: requestState };
}

/** What a client brings along that has an answer. */
export const answering = (requestState: string, answer: object = { action: "accept", content: { decision: "approve" } }) => ({
  inputResponses: { gait_approval: answer },
  requestState,
});

/** The verdict and the reasons that a client was told. */
export function toldOf(world: World, id: number | string): readonly unknown[] {
  const decision = Object(resultOf(world, id)._meta)["dev.gait/decision"];
  return [decision?.verdict, decision?.reason_codes];
}

/** What the decisions of the journal say of approvals, and their verdicts. */
export const approvalsIn = (world: World): readonly (readonly unknown[])[] =>
  world.records().flatMap(({ decision }) => {
    const approval = Object(decision?.["approval"]);
    return decision === undefined ? [] : [[decision["verdict"], approval.way, approval.answer]];
  });

/** Greets as a client of the older generation that can ask its user. */
export async function greet(world: World, capabilities: object = { elicitation: {} }): Promise<void> {
  const params = { protocolVersion: "2025-11-25", capabilities, clientInfo: { name: "old probe", version: "1" } };
  await world.client.send({ jsonrpc: "2.0", id: "hello", method: "initialize", params });
  await world.server.send({ jsonrpc: "2.0", id: "hello", result: { serverInfo: { name: "s", version: "1" } } });
}

/** The questions that the client got so far. */
export const questionsTo = (world: World): readonly { readonly id: string; readonly message: string }[] =>
  world.client.frames().filter(({ method }) => method === "elicitation/create")
    .map(({ id, params }) => ({ id: String(id), message: Object(params).message }));

/** An answer to a question. */
export const reply = (id: string, result: unknown = { action: "accept", content: { decision: "approve" } }) => ({
  jsonrpc: "2.0",
  id,
  result,
});
