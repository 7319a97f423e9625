// What of a head is read and what is refused: a request that two servers could take in two ways is none.
import { readHead } from "../../../cli/http/head.ts";
import { assert, assertEquals } from "../../assert.ts";

const lines = (...all: readonly string[]): string => all.join("\r\n");

Deno.test("http: a head that is whole", () => {
  const head = readHead(lines("POST /v1/evaluate?a=1?b HTTP/1.1", "Host: h", "Content-Length:  12 ", "X-A: 1", "x-a:2"));
  assert(!("status" in head));
  assertEquals(
    [head.method, head.path, head.query, head.framing, head.last, head.waits, head.fields.get("x-a")],
    ["POST", "/v1/evaluate", "a=1?b", { kind: "length", length: 12 }, false, false, "1, 2"],
  );
});

Deno.test("http: how a connection goes on, and how a body comes", () => {
  const of = (...more: readonly string[]) => readHead(lines("POST / HTTP/1.1", "host: h", ...more));
  const last = (head: ReturnType<typeof readHead>): boolean => !("status" in head) && head.last;
  assertEquals([
    last(of("Connection: keep-alive, Close")),
    last(of("Connection: keep-alive")),
    last(readHead("GET / HTTP/1.0")),
  ], [
    true,
    false,
    true,
  ]);
  const chunked = of("Transfer-Encoding: Chunked");
  assert(!("status" in chunked) && chunked.framing.kind === "chunked");
  const waiting = of("Expect: 100-Continue");
  assert(!("status" in waiting) && waiting.waits);
});

Deno.test("http: heads that are refused", () => {
  const CASES: readonly (readonly [status: number, ...lines: string[]])[] = [
    [400, ""],
    [400, "GET /"],
    [400, "GET  / HTTP/1.1", "host: h"],
    [400, "GET / HTTP/1.1 ", "host: h"],
    [400, "GET http://h/ HTTP/1.1", "host: h"],
    [400, "GET /\u00e9 HTTP/1.1", "host: h"],
    [400, "G(T / HTTP/1.1", "host: h"],
    [505, "GET / HTTP/2.0", "host: h"],
    [505, "GET / HTTP/1.2", "host: h"],
    [400, "GET / HTTP/1.1"],
    [400, "GET / HTTP/1.1", "host: a", "host: a"],
    [400, "GET / HTTP/1.1", "host: h", "x y: 1"],
    [400, "GET / HTTP/1.1", "host: h", "x : 1"],
    [400, "GET / HTTP/1.1", "host: h", " folded"],
    [400, "GET / HTTP/1.1", "host: h", "x"],
    [400, "GET / HTTP/1.1", "host: h", "x: a\nb: c"],
    [400, "GET / HTTP/1.1", "host: h", "x: a\u0000"],
    [400, "POST / HTTP/1.1", "host: h", "content-length: 1", "content-length: 1"],
    [400, "POST / HTTP/1.1", "host: h", "content-length: +1"],
    [400, "POST / HTTP/1.1", "host: h", "content-length: 1, 1"],
    [400, "POST / HTTP/1.1", "host: h", "content-length: 9999999999999999"],
    [400, "POST / HTTP/1.1", "host: h", "content-length: 1", "transfer-encoding: chunked"],
    [400, "POST / HTTP/1.1", "host: h", "authorization: Bearer a", "Authorization: Bearer b"],
    [501, "POST / HTTP/1.1", "host: h", "transfer-encoding: gzip, chunked"],
    [417, "POST / HTTP/1.1", "host: h", "expect: more"],
    [431, "GET / HTTP/1.1", "host: h", ...Array.from({ length: 100 }, (_, i) => `x${i}: 1`)],
  ];
  for (const [status, ...text] of CASES) {
    const head = readHead(lines(...text));
    assertEquals("status" in head ? head.status : 0, status, text.join("|"));
  }
});

Deno.test("http: blanks in a field cost no more than other bytes", () => {
  const began = performance.now();
  for (let i = 0; i < 20; i++) {
    const head = readHead(lines("GET / HTTP/1.1", "host: h", `x:\t a${" ".repeat(16_000)}b \t`));
    assert(!("status" in head) && head.fields.get("x")?.length === 16_002);
  }
  assert(performance.now() - began < 1_000, "quadratic");
});
