// Every refusal of the server as data: the request, and the status and fault that it is answered with. Nothing is written for any.
import type { ServeValues } from "../../../cli/serve/settings.ts";
import { assert, assertEquals } from "../../assert.ts";
import { answersIn, callOf, requestText, serving } from "./world.ts";
import { utf8 } from "../../../core/base/bytes.ts";

type Case = {
  readonly name: string;
  readonly flags?: ServeValues;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly status: number;
  readonly fault?: string;
};

const GO = callOf("go");
const TOKEN: ServeValues = { "auth-mode": "token", "auth-token-env": "T" };
const BEARER = { authorization: "Bearer s3cret" };

const CASES: readonly Case[] = [
  { name: "another path", path: "/v1/evaluated", status: 404 },
  { name: "a slash too much", path: "/v1/evaluate/", status: 404 },
  { name: "the inbox without one", method: "GET", path: "/v1/approvals", status: 404 },
  { name: "a name of a prototype", method: "GET", path: "/constructor", status: 404 },
  { name: "GET of a call", method: "GET", path: "/v1/evaluate", status: 405, fault: "method_refused" },
  { name: "POST of the health", path: "/healthz", status: 405, fault: "method_refused" },
  { name: "a foreign host", headers: { host: "evil.example" }, status: 403, fault: "host_refused" },
  { name: "a host that begins well", headers: { host: "127.0.0.1.evil.example" }, status: 403, fault: "host_refused" },
  { name: "a user before the host", headers: { host: "evil@127.0.0.1" }, status: 403, fault: "host_refused" },
  {
    name: "a foreign host of the health",
    method: "GET",
    path: "/healthz",
    headers: { host: "evil" },
    status: 403,
    fault: "host_refused",
  },
  { name: "a foreign origin", headers: { origin: "http://evil.example" }, status: 403, fault: "host_refused" },
  { name: "a page of a file", headers: { origin: "null" }, status: 403, fault: "host_refused" },
  { name: "another scheme", headers: { origin: "https://127.0.0.1:8787" }, status: 403, fault: "host_refused" },
  {
    name: "a foreign host before the method",
    method: "GET",
    path: "/v1/evaluate",
    headers: { host: "evil" },
    status: 403,
    fault: "host_refused",
  },
  { name: "no token", flags: TOKEN, status: 401, fault: "credentials_refused" },
  {
    name: "another token",
    flags: TOKEN,
    headers: { authorization: "Bearer s3crey" },
    status: 401,
    fault: "credentials_refused",
  },
  {
    name: "a longer token",
    flags: TOKEN,
    headers: { authorization: "Bearer s3crett" },
    status: 401,
    fault: "credentials_refused",
  },
  {
    name: "a token without a word",
    flags: TOKEN,
    headers: { authorization: "s3cret" },
    status: 401,
    fault: "credentials_refused",
  },
  {
    name: "a word in lowercase",
    flags: TOKEN,
    headers: { authorization: "bearer s3cret" },
    status: 401,
    fault: "credentials_refused",
  },
  { name: "a blank token", flags: TOKEN, headers: { authorization: "Bearer " }, status: 401, fault: "credentials_refused" },
  {
    name: "the method before the token",
    flags: TOKEN,
    method: "GET",
    path: "/v1/evaluate",
    status: 405,
    fault: "method_refused",
  },
  {
    name: "the token before the type",
    flags: TOKEN,
    headers: { "content-type": "text/plain" },
    status: 401,
    fault: "credentials_refused",
  },
  {
    name: "no token for the metrics",
    flags: TOKEN,
    method: "GET",
    path: "/metrics",
    status: 401,
    fault: "credentials_refused",
  },
  { name: "no type", headers: { "content-type": "" }, status: 415, fault: "media_type_refused" },
  { name: "another type", headers: { "content-type": "text/plain" }, status: 415, fault: "media_type_refused" },
  {
    name: "a type that begins well",
    headers: { "content-type": "application/json-seq" },
    status: 415,
    fault: "media_type_refused",
  },
  {
    name: "another character set",
    headers: { "content-type": "application/json; charset=utf-7" },
    status: 415,
    fault: "media_type_refused",
  },
  { name: "a body that is encoded", headers: { "content-encoding": "gzip" }, status: 415, fault: "media_type_refused" },
  {
    name: "a parameter without a name",
    headers: { "content-type": "application/json; =" },
    status: 415,
    fault: "media_type_refused",
  },
  {
    name: "the type before the body",
    headers: { "content-type": "text/plain" },
    body: "{",
    status: 415,
    fault: "media_type_refused",
  },
  { name: "a body too large", flags: { "max-request-bytes": "40" }, status: 413, fault: "body_too_large" },
  { name: "no body", body: "", status: 400, fault: "json_syntax" },
  { name: "half a body", body: '{"call":', status: 400, fault: "json_syntax" },
  { name: "two values", body: `${GO}${GO}`, status: 400, fault: "json_syntax" },
  { name: "a list", body: "[]", status: 400, fault: "document_shape" },
  { name: "a member twice", body: '{"call":{"name":"go"},"call":{"name":"go"}}', status: 400, fault: "json_duplicate_key" },
  { name: "a member of another case", body: '{"Call":{"name":"go"}}', status: 400, fault: "document_shape" },
  { name: "a member that is not known", body: callOf("go", { trace: "x" }), status: 400, fault: "document_shape" },
  { name: "a member of another type", body: callOf("go", { emit_pack: "yes" }), status: 400, fault: "document_shape" },
  { name: "a call that is text", body: '{"call":"go"}', status: 400, fault: "document_shape" },
  { name: "no call", body: "{}", status: 400, fault: "missing_argument" },
  { name: "a call that is null", body: '{"call":null}', status: 400, fault: "missing_argument" },
  { name: "an empty call", body: '{"call":{}}', status: 400, fault: "missing_argument" },
  { name: "a call without a name", body: '{"call":{"args":{}}}', status: 400, fault: "call_invalid" },
  { name: "another adapter", body: callOf("go", { adapter: "pigeon" }), status: 400, fault: "adapter_unknown" },
  { name: "a path for the trace", body: callOf("go", { trace_path: "t.json" }), status: 400, fault: "path_refused" },
  { name: "a path for the runpack", body: callOf("go", { runpack_out: "r.zip" }), status: 400, fault: "path_refused" },
  { name: "a path for the pack", body: callOf("go", { pack_out: "p.zip" }), status: 400, fault: "path_refused" },
  {
    name: "a path for the session",
    body: callOf("go", { session_id: "s", session_journal: "j" }),
    status: 400,
    fault: "path_refused",
  },
  {
    name: "a path for the session that the call names",
    body: callOf("go", { session_journal: "j" }, { session_id: "s" }),
    status: 400,
    fault: "path_refused",
  },
  { name: "a pack without a folder", body: callOf("go", { emit_pack: true }), status: 400, fault: "missing_argument" },
  { name: "an envelope", body: callOf("go", {}, { context_envelope_path: "e.json" }), status: 400, fault: "path_refused" },
  {
    name: "a trace above the folder",
    flags: { "allow-client-artifact-paths": true },
    body: callOf("go", { trace_path: "../t.json" }),
    status: 400,
    fault: "path_refused",
  },
  ...["..", "s".repeat(221), "\u20ac".repeat(74), "a\nb"].flatMap((session_id): Case[] => [
    { name: "a session that no file can be named by", body: callOf("go", { session_id }), status: 400, fault: "path_refused" },
    { name: "the same, named by the call", body: callOf("go", {}, { session_id }), status: 400, fault: "path_refused" },
  ]),
  {
    name: "a run that no file can be named by",
    body: callOf("go", { run_id: "r".repeat(201) }),
    status: 400,
    fault: "path_refused",
  },
  {
    name: "the same, named by the call",
    body: callOf("go", {}, { run_id: "r".repeat(201) }),
    status: 400,
    fault: "path_refused",
  },
  ...["trace_path", "session_journal"].map((member): Case => ({
    name: `${member} that climbs, where callers may name paths`,
    flags: { "allow-client-artifact-paths": true },
    body: callOf("go", { session_id: "s", [member]: "../x.json" }),
    status: 400,
    fault: "path_refused",
  })),
  { name: "HTTP/2 by its name", headers: { expect: "200-maybe" }, status: 417, fault: "http_malformed" },
  { name: "another coding", headers: { "transfer-encoding": "gzip, chunked" }, body: "", status: 400, fault: "http_malformed" },
];

for (const form of ["", "/sse", "/stream"]) {
  Deno.test(`serve: refusals as data${form}`, async () => {
    for (const { name, flags = {}, method = "POST", path = "/v1/evaluate", headers = {}, body = GO, status, fault } of CASES) {
      if (form !== "" && (path !== "/v1/evaluate" || method !== "POST")) continue;
      const world = await serving(flags, { env: { T: " s3cret\n" } });
      const answer = await world.send(method, `${path}${form}`, headers, method === "GET" ? "" : body);
      assertEquals([answer.status, answer.json.fault], [status, fault], `${name}: ${answer.body}`);
      if (fault !== undefined) {
        assertEquals(answer.headers.get("content-type"), "application/json", name);
        assertEquals(
          [answer.json.ok, typeof answer.json.error_code, typeof answer.json.hint],
          [false, "string", "string"],
          name,
        );
      }
      assertEquals(world.files("gait-out/mcp-serve/traces"), [], name);
      assert(!world.text("gait-out/mcp-serve/journal/serve_000001.jsonl").includes('"call"'), name);
      await world.end();
    }
  });
}

Deno.test("serve: the token opens what it should, in any letters around it", async () => {
  const world = await serving(TOKEN, { env: { T: " s3cret\n" } });
  for (const authorization of ["Bearer s3cret", "Bearer   s3cret  "]) {
    assertEquals((await world.post(GO, { authorization })).status, 200);
  }
  assertEquals((await world.send("GET", "/metrics", BEARER)).status, 200);
  for (const path of ["/healthz", "/livez", "/readyz"]) assertEquals((await world.send("GET", path)).status, 200, path);
  await world.end();
});

Deno.test("serve: the token is checked before the body is asked for", async () => {
  const world = await serving(TOKEN, { env: { T: "s3cret" } });
  const caller = world.dial(
    requestText("POST", "/v1/evaluate", { expect: "100-continue", "content-length": "1000000" }).replace(
      "content-length: 0\r\n",
      "",
    ),
  );
  await caller.ended();
  const bytes = caller.received();
  assertEquals(answersIn(bytes).map(({ status }) => status), [401]);
  caller.finish();
  const other = world.dial(
    requestText("POST", "/v1/evaluate", { ...BEARER, expect: "100-continue", connection: "close" }, GO).slice(0, -GO.length),
  );
  while (other.received().length === 0) await world.move(0);
  assert(new TextDecoder().decode(other.received()).startsWith("HTTP/1.1 100 Continue\r\n\r\n"));
  other.send(utf8(GO));
  await other.ended();
  assertEquals(answersIn(other.received()).map(({ status }) => status), [200]);
  other.finish();
  await world.end();
});

Deno.test("serve: names of this machine pass, on a socket any name", async () => {
  const world = await serving();
  for (const host of ["localhost", "LOCALHOST:1", "127.9.9.9:80", "[::1]:8787"]) {
    assertEquals((await world.post(GO, { host, origin: `http://${host}` })).status, 200, host);
  }
  await world.end();
  const socket = await serving({ "unix-socket": "s.sock" });
  assertEquals((await socket.post(GO, { host: "anything" })).status, 200);
  assertEquals((await socket.post(GO, { host: "anything", origin: "http://evil.example" })).status, 403);
  await socket.end();
});
