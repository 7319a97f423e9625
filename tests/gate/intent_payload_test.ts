// Arguments and claims of authority (spec 02, section 4.2, rules 1 and 2): trimmed at every depth, and free of raw credentials.
import type { JsonObject } from "../../core/base/json.ts";
import { readJson } from "../../core/base/json.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { looksLikeCredential, suggestsCredential } from "../../core/gate/intent_credentials.ts";
import { type Flaw, type Flaws } from "../../core/gate/intent_flaws.ts";
import { normalPayload } from "../../core/gate/intent_payload.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { inContext, read, request } from "./intents.ts";

const normal = (given: JsonObject): { readonly value: JsonObject; readonly first: Flaw | undefined } => {
  const flaws: Flaws = { first: undefined };
  return { value: normalPayload(given, "/args", flaws), first: flaws.first };
};

Deno.test("payloads: names and texts are trimmed at every depth, all else stays", () => {
  const given = {
    " memo": "  pay rent\n",
    lines: [{ "tag ": " x", amt: 12.0, none: [], empty: {} }, "\u3000y", [" z "]],
    n: null,
    zero: 0,
    text: "",
    no: false,
  };
  assertEquals(normal(given), {
    value: {
      memo: "pay rent",
      lines: [{ tag: "x", amt: 12, none: [], empty: {} }, "y", ["z"]],
      n: null,
      zero: 0,
      text: "",
      no: false,
    },
    first: undefined,
  });
});

Deno.test("payloads: what is in normal form stays the same object", () => {
  const given = { a: [{ b: "c" }], n: 1 };
  assert(normal(given).value === given);
});

Deno.test("payloads: a member called __proto__ is a member", () => {
  const json = assertOk(readJson(utf8(`{"__proto__":" x ","a":{" __proto__":1}}`), "x"));
  const { value, first } = normal(typeof json === "object" && json !== null && "a" in json ? json : {});
  assertEquals([JSON.stringify(value), first], [`{"__proto__":"x","a":{"__proto__":1}}`, undefined]);
});

Deno.test("payloads: names that are blank, or alike when trimmed, are refused", () => {
  const blank = "must have a name that is not blank";
  const twice = "must not have the name of another one, when trimmed";
  const table: readonly (readonly [JsonObject, string, string])[] = [
    [{ "": 1 }, "/args/", blank],
    [{ a: { b: [{ c: 1, "\t": 2 }] } }, "/args/a/b/0/\t", blank],
    [{ k: 1, "k ": 2 }, "/args/k ", twice],
    [{ "x/y": { " k": 1, " k ": 1 } }, "/args/x~1y/ k ", twice],
  ];
  for (const [given, pointer, words] of table) {
    assertEquals(normal(given).first, { code: "intent_invalid", pointer, words }, JSON.stringify(given));
  }
});

Deno.test("payloads: as deep as the reader goes, and no deeper", () => {
  const nested = (levels: number): JsonObject => {
    let value: JsonObject = {};
    for (let i = 1; i < levels; i++) value = { a: value };
    return value;
  };
  assertEquals(normal(nested(512)).first, undefined);
  assertEquals(normal(nested(513)).first?.code, "json_too_deep");
});

const RAW = "abcd1234efgh5678";

Deno.test("credentials: names that suggest one, and names that only speak of one", () => {
  const suggestive = ["token", "API_KEY", " apiKey ", "api-key", "x_access_key_y", "AccessKey", "access-key", "db.Password"];
  for (const name of [...suggestive, "client_secret", "credentials", "token_count", "id_token", "tokenid", "to\u212aen"]) {
    assert(suggestsCredential(name), name);
  }
  const about = ["ref", "refs", "digest", "digests", "hash", "issuer", "source", "type", "ttl", "ttl_seconds", "id", "ids"];
  for (const end of [...about, "name", "names", "scope", "scopes"]) {
    assert(!suggestsCredential(`Token_${end.toUpperCase()}`), end);
    assert(suggestsCredential(`token${end}`), end);
  }
  for (const name of ["", "api", "key", "note", "pass", "tok en"]) assert(!suggestsCredential(name), name);
});

Deno.test("credentials: texts that look like one", () => {
  const raw = [
    RAW,
    "ghp_",
    "gho_1",
    "github_pat_x",
    "sk-a b",
    "AKIAEXAMPLE",
    "ASIA",
    "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9a1",
  ];
  for (const text of raw) assert(looksLikeCredential(text), text);
  const harmless = ["", "short1", "abcdefghijklmnop", "1234567890123456", `${RAW} x`, `${RAW}\nx`, `${RAW}\tx`, "akiaexample"];
  const references = ["env:", "Stub:", "CMD:", "ref:", "sha256:"].map((start) => `${start}${RAW}`);
  for (const text of [...harmless, ...references, "AB".repeat(32)]) assert(!looksLikeCredential(text), text);
});

Deno.test("credentials: refused in arguments, in claims of authority and in steps, and never told", () => {
  const table: readonly (readonly [JsonObject, string])[] = [
    [request({ args: { api_key: `  ${RAW} ` } }), "/args/api_key"],
    [request({ args: { deep: [{ " Password": RAW }] } }), "/args/deep/0/ Password"],
    [inContext({ auth_context: { session_token: RAW } }), "/context/auth_context/session_token"],
    [request({ script: { steps: [{ tool_name: "a", args: { secret: RAW } }] } }), "/script/steps/0/args/secret"],
  ];
  for (const [json, pointer] of table) {
    const fault = assertFault(read(json), "intent_credential", pointer);
    assertEquals(fault.at?.pointer, pointer);
    assert(!fault.message.includes(RAW), fault.message);
  }
});

Deno.test("credentials: only the own name of a text counts, and only texts", () => {
  for (const args of [{ token: { value: RAW } }, { tokens: [RAW] }, { password: 1234567890123456 }, { note: RAW }]) {
    assertOk(read(request({ args })), JSON.stringify(args));
  }
});
