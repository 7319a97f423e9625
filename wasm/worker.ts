// The entry for Workers: `call` for Workers that embed it, and a whole Worker that answers requests over HTTP.
import { utf8 } from "../core/base/bytes.ts";
import { call } from "./browser.ts";
import { refusal } from "./call.ts";

export { call };

const json = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(text, { status, headers: { "content-type": "application/json", ...headers } });

const formOf = async (request: Request): Promise<FormData | undefined> => {
  try {
    return await request.formData();
  } catch {
    return undefined; // whatever the body is, it is no form
  }
};

/** Answers a form sent by POST: `request` is the JSON request, each `artifact` one of its artifacts, in order. */
async function fetch(request: Request): Promise<Response> {
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
