// The entry for Workers: `call` for Workers that embed it, and a whole Worker that answers requests over HTTP: JSON with a verdict
// (see gate_worker.ts, which is also a Worker of its own), forms with what `call` says.
import { utf8 } from "../core/base/bytes.ts";
import { call } from "./browser.ts";
import { refusal } from "./call.ts";
import gate, { type Bindings, contentType, gateWorker } from "./gate_worker.ts";

export { call, gateWorker };

const json = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(text, { status, headers: { "content-type": "application/json", ...headers } });

const formOf = async (request: Request): Promise<FormData | undefined> => {
  try {
    return await request.formData();
  } catch {
    return undefined; // whatever the body is, it is no form
  }
};

/**
 * Answers JSON sent by POST, which is a tool call, with its verdict by the policy of the bindings; and a form, whose `request` is the JSON
 * request and each `artifact` one of its artifacts, in order.
 */
async function fetch(request: Request, env: Bindings = {}): Promise<Response> {
  if (request.method === "POST" && contentType(request) === "application/json") return await gate.fetch(request, env);
  if (request.method !== "POST") {
    const message = `Cannot answer a ${request.method} request: expected POST`;
    return json(405, refusal({ code: "usage", message }), { allow: "POST" });
  }
  const form = await formOf(request);
  const asked = form?.get("request");
  if (form === undefined || typeof asked !== "string") {
    const message = 'Cannot answer the request: expected a form with the text "request" and files "artifact"';
    return json(400, refusal({ code: "usage", message }));
  }
  const artifacts = form.getAll("artifact").map((part) => typeof part === "string" ? utf8(part) : part);
  return json(200, await call(asked, artifacts));
}

export default { fetch };
