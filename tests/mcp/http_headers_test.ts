// Header fields and bodies of Streamable HTTP that must agree; expected values are those of the specification.
import { clientFrame } from "../../core/mcp/frames.ts";
import { decodedField, fieldMismatch, isStatelessMessage, paramMismatch } from "../../core/mcp/http_headers.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { assertEquals } from "../assert.ts";

type Fields = Readonly<Record<string, string>>;

const of = (fields: Fields) => (name: string): string | undefined => fields[name];

const frame = (method: string, params: object = {}, version: string | null = "2026-07-28", id: number | null = 1) => {
  const _meta = version === null ? {} : { _meta: { "io.modelcontextprotocol/protocolVersion": version } };
  return clientFrame(
    utf8(JSON.stringify({ jsonrpc: "2.0", ...(id === null ? {} : { id }), method, params: { ...params, ..._meta } })),
  );
};

const FIELDS: Fields = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "add" };

Deno.test("fields: a stateless call must have all of them, each as the body says", () => {
  const call = frame("tools/call", { name: "add" });
  assertEquals(fieldMismatch(call, of(FIELDS)), undefined);
  const words = (change: Readonly<Record<string, string | undefined>>): string | undefined =>
    fieldMismatch(call, (name) => Object.hasOwn(change, name) ? change[name] : FIELDS[name]);
  assertEquals(words({ "mcp-protocol-version": undefined }), "MCP-Protocol-Version is missing");
  assertEquals(
    words({ "mcp-protocol-version": "2025-11-25" }),
    `MCP-Protocol-Version is "2025-11-25", the body says "2026-07-28"`,
  );
  assertEquals(words({ "mcp-method": undefined }), "Mcp-Method is missing");
  assertEquals(words({ "mcp-method": "tools/list" }), `Mcp-Method is "tools/list", the method "tools/call"`);
  assertEquals(words({ "mcp-method": "Tools/Call" }), `Mcp-Method is "Tools/Call", the method "tools/call"`);
  assertEquals(words({ "mcp-name": undefined }), "Mcp-Name is missing");
  assertEquals(words({ "mcp-name": "wipe" }), `Mcp-Name is "wipe", member "name" "add"`);
  assertEquals(words({ "mcp-name": "=?base64?YWRk?=" }), undefined);
  assertEquals(words({ "mcp-name": "=?base64?d2lwZQ==?=" }), `Mcp-Name is "wipe", member "name" "add"`);
  for (const broken of ["=?base64?YWRk!?=", "=?base64?YWR?=", "=?base64?/w==?=", "ad\u00e9"]) {
    assertEquals(words({ "mcp-name": broken }), "Mcp-Name is no text", broken);
  }
});

Deno.test("fields: what the generation of a message is, and that fields cannot make it another", () => {
  assertEquals(isStatelessMessage(frame("tools/call"), of({})), true);
  assertEquals(isStatelessMessage(frame("tools/call", {}, "2025-11-25"), of(FIELDS)), false);
  assertEquals(isStatelessMessage(frame("tools/call", {}, null), of({ "mcp-protocol-version": "2025-11-25" })), false);
  assertEquals(isStatelessMessage(frame("notifications/x", {}, null, null), of(FIELDS)), true);
  const older = frame("tools/call", { name: "add" }, null);
  assertEquals(fieldMismatch(older, of({})), undefined);
  assertEquals(fieldMismatch(older, of({ "mcp-protocol-version": "2025-11-25" })), undefined);
  assertEquals(fieldMismatch(older, of({ "mcp-name": "wipe" })), `Mcp-Name is "wipe", member "name" "add"`);
  assertEquals(fieldMismatch(older, of(FIELDS)), `MCP-Protocol-Version is "2026-07-28", the body says nothing`);
  assertEquals(
    fieldMismatch(frame("notifications/x", {}, null, null), of(FIELDS)),
    `Mcp-Method is "tools/call", the method "notifications/x"`,
  );
  assertEquals(
    fieldMismatch(frame("notifications/x", {}, null, null), of({ "mcp-protocol-version": "2026-07-28" })),
    undefined,
  );
});

Deno.test("fields: the name is that of a resource or a prompt too", () => {
  const fields = (method: string, name: string): Fields => ({ ...FIELDS, "mcp-method": method, "mcp-name": name });
  assertEquals(
    fieldMismatch(frame("resources/read", { uri: "file:///a" }), of(fields("resources/read", "file:///a"))),
    undefined,
  );
  assertEquals(
    fieldMismatch(frame("resources/read", { uri: "file:///a", name: "x" }), of(fields("resources/read", "x"))),
    `Mcp-Name is "x", member "uri" "file:///a"`,
  );
  assertEquals(fieldMismatch(frame("prompts/get", { name: "p" }), of(fields("prompts/get", "p"))), undefined);
  const { "mcp-name": _, ...nameless } = fields("tools/list", "");
  assertEquals(fieldMismatch(frame("tools/list"), of(nameless)), undefined);
});

Deno.test("fields: values as the specification encodes them", () => {
  const EXAMPLES: readonly (readonly [string, string])[] = [
    ["us-west1", "us-west1"],
    ["=?base64?SGVsbG8sIOS4lueVjA==?=", "Hello, \u4e16\u754c"],
    ["=?base64?IHBhZGRlZCA=?=", " padded "],
    ["=?base64?bGluZTEKbGluZTI=?=", "line1\nline2"],
    ["=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=", "=?base64?literal?="],
    ["=?BASE64?YQ==?=", "=?BASE64?YQ==?="],
  ];
  for (const [field, value] of EXAMPLES) assertEquals(decodedField(field), value);
});

Deno.test("fields: arguments that the declaration wants repeated", () => {
  const tool = {
    inputSchema: {
      type: "object",
      properties: {
        region: { type: "string", "x-mcp-header": "Region" },
        count: { type: "integer", "x-mcp-header": "Count" },
        sure: { type: "boolean", "x-mcp-header": "Sure" },
        deep: { type: "object", properties: { zone: { type: "string", "x-mcp-header": "Zone" } } },
        list: { type: "array", items: { type: "string", "x-mcp-header": "Item" } },
        odd: { type: "string", "x-mcp-header": "no token" },
      },
    },
  };
  const words = (args: Parameters<typeof paramMismatch>[1], fields: Fields) => paramMismatch(tool, args, of(fields));
  assertEquals(
    words({ region: "us", count: 42, sure: true, deep: { zone: "z" }, list: ["i"], odd: "o" }, {
      "mcp-param-region": "us",
      "mcp-param-count": "42.0",
      "mcp-param-sure": "true",
      "mcp-param-zone": "=?base64?eg==?=",
    }),
    undefined,
  );
  assertEquals(words({ region: "us" }, {}), "Mcp-Param-Region is missing");
  assertEquals(words({ region: "us" }, { "mcp-param-region": "eu" }), `Mcp-Param-Region is "eu", the argument "us"`);
  assertEquals(words({ region: null }, {}), undefined);
  assertEquals(words({}, { "mcp-param-region": "eu" }), "Mcp-Param-Region is there, the argument is not");
  assertEquals(words({ count: 42 }, { "mcp-param-count": "0x2a" }), `Mcp-Param-Count is "0x2a", the argument 42`);
  assertEquals(words({ region: "us" }, { "mcp-param-region": "=?base64?x?=" }), "Mcp-Param-Region is no text");
  assertEquals(paramMismatch({}, { region: "us" }, of({})), undefined);
});
