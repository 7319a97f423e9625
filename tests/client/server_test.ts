// A server as a gate: what it may answer, what it is sent, and that it has so long and no longer.
import { utf8 } from "../../core/base/bytes.ts";
import { serverGate, type ServerHost, type ServerReply, type ServerRequest } from "../../core/client/server.ts";
import { assertEquals, assertFault } from "../assert.ts";
import { timers } from "./commands.ts";
import { holds, vectors } from "./vectors.ts";
import { callOf, crypto } from "./world.ts";

const URL_OF = "http://127.0.0.1:8787";

type End = "ends" | "breaks" | "hangs" | "goes on";

function body(text: string, end: End): ReadableStream<Uint8Array<ArrayBuffer>> {
  const bytes = utf8(text);
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      if (end === "goes on") controller.enqueue(new Uint8Array(2 ** 20).fill(0x20));
      else if (at < bytes.length) controller.enqueue(bytes.slice(at, at += 7));
      else if (end === "ends") controller.close();
      else if (end === "breaks") controller.error(new TypeError("connection reset"));
      else await new Promise(() => {});
    },
  });
}

const endOf = ({ breaks, hangs, endless }: { readonly [name: string]: unknown }): End =>
  breaks === true ? "breaks" : hangs === "within" ? "hangs" : endless === true ? "goes on" : "ends";

Deno.test("server: every answer of the vectors", async () => {
  const all = vectors("server");
  for (const vector of all) {
    const { given, text } = vector;
    const fetch = (): Promise<ServerReply> => {
      if (given["throws"] !== undefined) return Promise.reject(new TypeError(String(given["throws"])));
      if (given["hangs"] === "before") return new Promise(() => {});
      const media = String(given["media"] ?? "application/json");
      const headers: HeadersInit = media === "" ? {} : { "content-type": media };
      return Promise.resolve(new Response(body(text, endOf(given)), { status: Number(given["status"]), headers }));
    };
    const limit = given["hangs"] === undefined ? {} : { limit_ms: 5 };
    await holds(vector, serverGate({ crypto, fetch, ...timers }, { url: URL_OF, ...limit }));
  }
  assertEquals(all.length, 60);
});

async function sent(settings: Partial<Parameters<typeof serverGate>[1]>, more: object = {}) {
  const requests: { url: string; request: ServerRequest<AbortSignal> }[] = [];
  const host: ServerHost<AbortSignal, ReturnType<typeof setTimeout>> = {
    crypto,
    ...timers,
    fetch(url, request) {
      requests.push({ url, request });
      return Promise.reject(new Error("enough"));
    },
  };
  await serverGate(host, { url: URL_OF, ...settings }).evaluate({ call: callOf("tool.read"), ...more });
  return requests;
}

Deno.test("server: the call is posted, and only what was asked for", async () => {
  const [first] = await sent({ url: `${URL_OF}/` });
  const headers = { "accept": "application/json", "content-type": "application/json" };
  assertEquals([first?.url, first?.request.method, first?.request.redirect, first?.request.headers], [
    `${URL_OF}/v1/evaluate`,
    "POST",
    "manual",
    headers,
  ]);
  assertEquals(JSON.parse(first?.request.body ?? ""), { call: callOf("tool.read") });
  const [second] = await sent({ token: "secret" }, { adapter: "openai", run_id: "r" });
  assertEquals(second?.request.headers, { ...headers, authorization: "Bearer secret" });
  assertEquals(JSON.parse(second?.request.body ?? ""), { call: callOf("tool.read"), adapter: "openai", run_id: "r" });
  assertEquals(await sent({}, { call: { name: "x", args: { n: 1n } } }), []);
});

Deno.test("server: the platform's own fetch and timers fit as they are", async () => {
  // Without the permission for it, or with nobody there, fetch rejects; a real server is asked by the example of the guide.
  const gate = serverGate({ crypto, fetch, ...timers }, { url: "http://127.0.0.1:9" });
  assertFault(await gate.evaluate({ call: callOf("tool.read") }), "gate_unavailable");
});
