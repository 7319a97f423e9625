// Lines of MCP as a gate reads them: in doubt a line of a client does not pass, and a line of a server answers nothing.
import { utf8 } from "../../core/base/bytes.ts";
import { clientFrame, errorLine, isModern, serverFrame, stoppedLine } from "../../core/mcp/frames.ts";
import { assertEquals } from "../assert.ts";

const client = (text: string) => clientFrame(utf8(text));
const server = (text: string) => serverFrame(utf8(text));

Deno.test("frames: what a client sends", () => {
  assertEquals(client(" \t\r"), { kind: "blank" });
  assertEquals(client(`{"id":"a","method":"m"}`), { kind: "request", id: "a", method: "m", params: {} });
  assertEquals(client(`{"method":"m","params":{"x":1}}`), { kind: "notification", method: "m", params: { x: 1 } });
  assertEquals(client(`{"id":1,"error":{}}`), { kind: "answer", id: 1, result: undefined });
  assertEquals(client(`{"id":"a","result":{"x":1}}`), { kind: "answer", id: "a", result: { x: 1 } });
  assertEquals(client(`{"id":null,"result":1}`), { kind: "answer", id: undefined, result: 1 });
});

Deno.test("frames: what of a client does not pass", () => {
  const cases = [
    [`x`, -32700],
    [`{"id":1,"id":2,"method":"m"}`, -32700],
    [`{"id":1,"method":"\\ud800"}`, -32700],
    [`\ufeff{"id":1,"method":"m"}`, -32700],
    [`[]`, -32600],
    [`null`, -32600],
    [`{}`, -32600],
    [`{"id":1,"method":5}`, -32600],
    [`{"id":1,"method":"m","result":{}}`, -32600],
    [`{"id":null,"method":"m"}`, -32600],
    [`{"id":1.5,"method":"m"}`, -32600],
    [`{"id":9007199254740993,"method":"m"}`, -32600],
    [`{"id":1,"method":"m","params":[]}`, -32600],
  ] as const;
  for (const [text, code] of cases) {
    const frame = client(text);
    assertEquals([frame.kind, "code" in frame ? frame.code : 0], ["refused", code], text);
  }
});

Deno.test("frames: a request that is refused and whose id is beyond doubt is told by it", () => {
  const id = (given: string | Uint8Array): unknown => {
    const frame = clientFrame(typeof given === "string" ? utf8(given) : given);
    return frame.kind === "refused" ? frame.id : frame.kind;
  };
  const bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
  for (
    const text of [
      `{"id":7,"method":"m","params":${"[".repeat(600)}${"]".repeat(600)}}`,
      `{"id":7,"method":"m","params":{"a":1e400}}`,
      `{"id":7,"method":"tools/call","params":{"a":"\\ud800"}}`,
      `{"id":7,"method":"m","params":{"a":1,"a":2}}`,
      `{"method":"m","params":[],"\\u0069d":7}`,
      `{"id":7,"method":"m","method":"n"}`,
      `{"id":7,"method":5}`,
    ]
  ) assertEquals(id(text), 7, text);
  assertEquals(id(bytes(`{"id":"a","method":"m","params":{"a":"\xff"}}`)), "a");
  for (
    const text of [
      `{"id":7,"id":7,"method":"m"}`,
      `{"id":7,"\\u0069d":8,"method":"m"}`,
      `{"id":1e400,"method":"m"}`,
      `{"id":9007199254740993,"method":"m"}`,
      `{"id":"\\ud800","method":"m"}`,
      `{"id":7,"method":"m","result":{}}`,
      `{"id":7,"result":1e400}`,
      `{"id":7,"method":"m",}`,
      `{"id":7,"method":"m"`,
      `[{"id":7,"method":"m"}]`,
      `\ufeff{"id":7,"method":"m"}`,
    ]
  ) assertEquals(id(text), undefined, text);
  assertEquals(id(bytes(`{"id":"\xff","method":"m"}`)), undefined);
});

Deno.test("frames: what a server sends", () => {
  const good = { id: 1, result: { a: 1 } };
  assertEquals(server(JSON.stringify(good)), { kind: "answer", ...good, frame: good });
  assertEquals(server(`{"id":1,"error":{}}`), { kind: "answer", id: 1, result: undefined, frame: { id: 1, error: {} } });
  assertEquals(server(`{"id":3,"method":"roots/list"}`), { kind: "other", method: "roots/list" });
  assertEquals(server(`{"id":null,"error":{}}`), { kind: "other", method: "" });
  assertEquals(server(`listening on 3`), { kind: "other", method: "" });
  assertEquals(server(`{"id":1,"id":2,"result":{}}`), { kind: "unreadable" });
  assertEquals(server(`[{"id":1,"result":{}}]`), { kind: "unreadable" });
  assertEquals(server(`{"result":{}}`), { kind: "unreadable" });
});

const HALF = "cut \\ud83d";

Deno.test("frames: half a character passes where the gate goes by nothing in it", () => {
  const read = "cut \ufffd";
  assertEquals(client(`{"id":1,"method":"prompts/get","params":{"name":"${HALF}"}}`), {
    ...{ kind: "request", id: 1, method: "prompts/get", params: { name: read } },
  });
  assertEquals(client(`{"method":"notifications/message","params":{"data":"${HALF}"}}`).kind, "notification");
  assertEquals(client(`{"id":1,"result":{"text":"${HALF}"}}`), { kind: "answer", id: 1, result: { text: read } });
  const frame = { id: 1, result: { text: read } };
  assertEquals(server(`{"id":1,"result":{"text":"${HALF}"}}`), { kind: "answer", ...frame, frame, replaced: true });
  assertEquals(server(`{"id":1,"method":"sampling/createMessage","params":{"text":"${HALF}"}}`).kind, "other");
});

Deno.test("frames: half a character does not pass where the gate goes by what it is in, nor with anything else that is in doubt", () => {
  for (
    const text of [
      `{"id":1,"method":"tools/call","params":{"name":"t","arguments":{"a":"${HALF}"}}}`,
      `{"id":1,"method":"initialize","params":{"clientInfo":{"name":"${HALF}"}}}`,
      `{"method":"notifications/cancelled","params":{"requestId":"${HALF}"}}`,
      `{"id":1,"method":"tasks/result","params":{"taskId":"${HALF}"}}`,
      `{"id":"${HALF}","method":"m"}`,
      `{"id":1,"method":"${HALF}"}`,
      `{"id":"${HALF}","result":{}}`,
      `{"id":1,"method":"m","params":{"a":"${HALF}","b":1e400}}`,
      `{"id":1,"method":"m","params":{"${HALF}":1,"cut \\ud83e":2}}`,
      `\ufeff{"id":1,"method":"m","params":{"a":"${HALF}"}}`,
    ]
  ) assertEquals(client(text).kind, "refused", text);
  const bytes = Uint8Array.from(`{"id":1,"method":"m","params":{"a":"${HALF}\xff"}}`, (char) => char.charCodeAt(0));
  assertEquals(clientFrame(bytes).kind, "refused");
  assertEquals(server(`{"id":"${HALF}","result":{}}`).kind, "unreadable");
  assertEquals(server(`{"id":1,"method":"m","result":"${HALF}"}`).kind, "unreadable");
});

Deno.test("frames: what of a server is a request to some and an answer to others, or a frame behind what some skip, is neither", () => {
  assertEquals(server(`{"id":1,"method":"m","result":{}}`), { kind: "unreadable", id: 1 });
  assertEquals(server(`{"id":"a","method":"m","error":{}}`), { kind: "unreadable", id: "a" });
  assertEquals(server(`{"id":null,"method":"m","result":{}}`), { kind: "unreadable" });
  assertEquals(server(`{"method":"m","error":{}}`), { kind: "other", method: "m" }, "nobody is answered without an id");
  for (const before of ["\ufeff", "\ufeff\ufeff", " \ufeff\t", "\x00", "\x0b", "\x1f\ufeff"]) {
    assertEquals(server(`${before}{"id":1,"result":{}}`), { kind: "unreadable", id: 1 }, JSON.stringify(before));
    assertEquals(server(`${before}[{"id":1,"result":{}}]`), { kind: "unreadable" }, JSON.stringify(before));
  }
  for (const none of ["\ufeff", "\ufefflistening", "", " \t", "\u00ef"]) {
    assertEquals(server(none), { kind: "other", method: "" }, JSON.stringify(none));
  }
});

Deno.test("frames: the answers of the gate itself", () => {
  const text = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));
  assertEquals(text(errorLine(null, -32700, "no")), { jsonrpc: "2.0", id: null, error: { code: -32700, message: "no" } });
  const stopped = { verdict: "block", reason_codes: ["a", "b"], notes: ["because"], facts: { trace_id: "t" } };
  assertEquals(text(stoppedLine("i", true, stopped)), {
    jsonrpc: "2.0",
    id: "i",
    result: {
      resultType: "complete",
      content: [{ type: "text", text: "gait: block: a, b\nbecause" }],
      isError: true,
      _meta: { "dev.gait/decision": { verdict: "block", reason_codes: ["a", "b"], trace_id: "t" } },
    },
  });
  assertEquals(isModern({ _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } }), true);
  assertEquals(isModern({ _meta: {} }), false);
});
