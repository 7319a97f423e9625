// Being an MCP server: what each line of a client is answered with, in either generation of the protocol, and what is refused.
import { utf8 } from "../../core/base/bytes.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { answering, refusing } from "../../core/mcp/answering.ts";
import { assertEquals } from "../assert.ts";

const MODERN = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};
const INFO = { name: "probe", version: "1" };
const TOOL = { name: "echo", inputSchema: { type: "object" } };

function server() {
  const calls: (readonly [string, JsonObject])[] = [];
  const made = answering({
    info: INFO,
    instructions: "",
    list: () => [TOOL],
    call(tool, args) {
      calls.push([tool, args]);
      return tool === "fail"
        ? { kind: "error", code: -5, message: "no", data: { why: 1 } }
        : { kind: "result", result: { content: [], _meta: { own: 1 } } };
    },
  });
  const say = (frame: object | string): Record<string, unknown> | undefined => {
    const line = made.answer(utf8(typeof frame === "string" ? frame : JSON.stringify(frame)));
    return line === undefined ? undefined : JSON.parse(new TextDecoder().decode(line));
  };
  const ask = (method: string, params: object = {}) => say({ jsonrpc: "2.0", id: 1, method, params });
  const result = (method: string, params: object = {}) => ask(method, params)?.["result"];
  const error = (method: string, params: object = {}) => Object(ask(method, params)?.["error"]).code;
  return { calls, say, ask, result, error };
}

Deno.test("answering: a client of the older generation, by whatever version it asks for", () => {
  const { result, error, say } = server();
  for (const version of ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]) {
    const greeted = { protocolVersion: version, capabilities: { tools: {} }, serverInfo: INFO };
    assertEquals(result("initialize", { protocolVersion: version, capabilities: {} }), greeted);
  }
  for (const version of ["2026-07-28", "1999-01-01", ""]) {
    assertEquals(Object(result("initialize", { protocolVersion: version })).protocolVersion, "2025-11-25", version);
  }
  assertEquals(error("initialize", {}), -32602);
  assertEquals(say({ jsonrpc: "2.0", method: "notifications/initialized" }), undefined);
  assertEquals(result("ping"), {});
  assertEquals(result("tools/list"), { tools: [TOOL] });
  assertEquals(error("tools/list", { cursor: "2" }), -32602);
  assertEquals(result("tools/call", { name: "echo" }), { content: [], _meta: { own: 1 } });
  assertEquals(["server/discover", "resources/list", "logging/setLevel"].map((method) => error(method)), [
    -32601,
    -32601,
    -32601,
  ]);
});

Deno.test("answering: a client of the stateless generation", () => {
  const { result, error, ask } = server();
  const about = { _meta: MODERN };
  const serverInfo = { "io.modelcontextprotocol/serverInfo": INFO };
  const kept = { ttlMs: 0, cacheScope: "private" };
  assertEquals(result("server/discover", about), {
    resultType: "complete",
    supportedVersions: ["2026-07-28"],
    capabilities: { tools: {} },
    ...kept,
    _meta: serverInfo,
  });
  assertEquals(result("tools/list", about), { resultType: "complete", tools: [TOOL], ...kept, _meta: serverInfo });
  assertEquals(result("tools/call", { ...about, name: "echo", arguments: { a: 1 } }), {
    resultType: "complete",
    content: [],
    _meta: { ...serverInfo, own: 1 },
  });
  assertEquals(["initialize", "ping", "subscriptions/listen"].map((method) => error(method, about)), [-32601, -32601, -32601]);
  const other = (change: object) => ask("tools/list", { _meta: { ...MODERN, ...change } })?.["error"];
  assertEquals(Object(other({ "io.modelcontextprotocol/protocolVersion": "2027-01-01" })).data, {
    supported: ["2026-07-28"],
    requested: "2027-01-01",
  });
  assertEquals(Object(other({ "io.modelcontextprotocol/protocolVersion": "2027-01-01" })).code, -32022);
  assertEquals(Object(other({ "io.modelcontextprotocol/protocolVersion": 5 })).code, -32602);
  assertEquals(Object(other({ "io.modelcontextprotocol/clientCapabilities": undefined })).code, -32602);
});

Deno.test("answering: a call has a name and arguments, or is none", () => {
  const { calls, error, ask } = server();
  for (const params of [{}, { name: 5 }, { name: "" }, { name: "echo", arguments: [] }, { name: "echo", arguments: "x" }]) {
    assertEquals(error("tools/call", params), -32602, JSON.stringify(params));
  }
  assertEquals(calls, []);
  ask("tools/call", { name: "echo" });
  ask("tools/call", { name: "echo", arguments: { x: 1 } });
  assertEquals(calls, [["echo", {}], ["echo", { x: 1 }]]);
  assertEquals(ask("tools/call", { name: "fail" }), {
    jsonrpc: "2.0",
    id: 1,
    error: { code: -5, message: "no", data: { why: 1 } },
  });
});

Deno.test("answering: what two readers may read as two is refused, and never called", () => {
  const { calls, say } = server();
  const cases = [
    [`{"id":1,"method":"tools/call","method":"ping"}`, -32700],
    [`{"id":1,"method":"tools/call","params":{"name":"echo","name":"fail"}}`, -32700],
    [`[{"id":1,"method":"tools/call","params":{"name":"echo"}}]`, -32600],
    [`{"method":"tools/call","params":{"name":"echo"}}`, -32600],
    [`{"id":null,"method":"tools/call","params":{"name":"echo"}}`, -32600],
    [`{"id":1,"method":"tools/call","params":{"name":"echo","arguments":{"a":"\\ud800"}}}`, -32700],
    [`hello`, -32700],
  ] as const;
  for (const [text, code] of cases) {
    const told = say(text);
    assertEquals([told?.["id"], Object(told?.["error"]).code], [null, code], text);
  }
  assertEquals([say(""), say(" \r"), say(`{"id":1,"result":{}}`)], [undefined, undefined, undefined]);
  assertEquals(calls, []);
});

Deno.test("answering: one that cannot serve says why to every request", () => {
  const broken = refusing("gait: gone", { fault: "file_missing" });
  const line = broken.answer(utf8(`{"id":"a","method":"initialize"}`));
  assertEquals(JSON.parse(new TextDecoder().decode(line)), {
    jsonrpc: "2.0",
    id: "a",
    error: { code: -32603, message: "gait: gone", data: { fault: "file_missing" } },
  });
  assertEquals(broken.answer(utf8(`{"method":"notifications/initialized"}`)), undefined);
});
