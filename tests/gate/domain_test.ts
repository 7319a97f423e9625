// Domains of hosts and URLs (spec 02, sections 4.3 and 6.2): what digests have, and what other readers would make of the same text.
import { domainReadings, inferDomain, isReference } from "../../core/gate/domain.ts";
import { TARGET_KINDS } from "../../core/schema/gate_words.ts";
import { assertEquals } from "../assert.ts";

const URLS: readonly (readonly [url: string, domain: string])[] = [
  ["https://API.Example.net:8443/v1?x=1", "api.example.net"],
  ["HTTPS://User:pw@eu.api.Books.example/p?q#f", "eu.api.books.example"],
  ["http://pay1.example", "pay1.example"],
  ["http://h?u@evil", "h"],
  ["http://h#u@evil", "h"],
  ["http://a@b@c.example/", "c.example"],
  ["http://h.example:/x", "h.example"],
  ["http://[2001:DB8::1]:80/x", "2001:db8::1"],
  ["http://[::1]/x", "::1"],
  ["//cdn.example/x", "cdn.example"],
  ["ftp+x.1://h.example", "h.example"],
  ["file:///etc/passwd", ""],
  ["relative/only", ""],
  ["example.com/x", ""],
  ["localhost:3000", ""],
  ["mailto:a@b.example", ""],
  ["1http://h.example", ""],
  ["http:/h.example", ""],
  ["https://x.example.", "x.example."],
  ["https://\u00c9.example/", "\u00e9.example"],
  ["https://%65vil.example/", "%65vil.example"],
  ["", ""],
];

const HOSTS: readonly (readonly [host: string, domain: string])[] = [
  ["https://API.books.example:443/x", "api.books.example"],
  ["http://a.example", "a.example"],
  ["Books.Example", "books.example"],
  ["books.example:443", "books.example"],
  ["books.example/a:b", "books.example"],
  ["Books.example\t/x", "books.example"],
  ["ftp://books.example", "ftp"],
  [":80", ""],
  ["", ""],
];

Deno.test("domains: of URLs and hosts, and of nothing else", () => {
  for (const [value, domain] of URLS) assertEquals(inferDomain("url", value), domain, value);
  for (const [value, domain] of HOSTS) assertEquals(inferDomain("host", value), domain, value);
  for (const kind of TARGET_KINDS.filter((kind) => kind !== "url" && kind !== "host")) {
    assertEquals([inferDomain(kind, "http://h.example"), domainReadings(kind, "http://h.example")], ["", []], kind);
  }
});

Deno.test("domains: a plain text has one reading", () => {
  for (const value of ["https://API.example:8443/v1?x=1", "http://u@h.example/#f", "http://[::1]:80/"]) {
    assertEquals(domainReadings("url", value), [inferDomain("url", value)], value);
  }
  for (const value of ["a.example", "a.example:443", "https://A.example/x"]) {
    assertEquals(domainReadings("host", value), [inferDomain("host", value)], value);
  }
  for (const value of ["/a/b", "file:///etc/passwd", "?q", "#f"]) assertEquals(domainReadings("url", value), [], value);
});

Deno.test("domains: a text that others read in another way has more than one reading, or one where the grammar finds none", () => {
  const table: readonly (readonly [kind: string, value: string, readings: readonly string[]])[] = [
    ["url", "https://evil.example\\@good.example/", ["good.example", "evil.example"]],
    ["url", "https:\\\\evil.example/", ["evil.example"]],
    ["url", "https:evil.example", ["evil.example"]],
    ["url", "HTTP:/evil.example/x", ["evil.example"]],
    ["url", "https:///evil.example/x", ["evil.example"]],
    ["url", "ht\ntps://evil.example", ["evil.example"]],
    ["url", "https://good.example\t.evil.example/", ["good.example\t.evil.example", "good.example.evil.example"]],
    ["host", "HTTP://Evil.example/x", ["http", "evil.example"]],
    ["host", "good.example@evil.example", ["good.example@evil.example", "evil.example"]],
    ["host", "ftp://evil.example", ["ftp", "evil.example"]],
    ["host", "[::1]:443", ["[", "::1"]],
    ["host", "::1", ["::1"]],
    ["url", "\u0001http://evil.example/x", ["evil.example"]],
    ["url", "\u001bhttp://evil.example", ["evil.example"]],
    ["url", "evil.example/x", ["evil.example"]],
    ["url", "user@evil.example", ["evil.example"]],
    ["url", "evil.example:443?q", ["evil.example"]],
    ["url", "mailto:a@evil.example", ["evil.example"]],
    ["url", "/\\evil.example", ["evil.example"]],
    ["url", "\\\\evil.example\\share", ["evil.example"]],
    ["url", "///evil.example/x", ["evil.example"]],
    ["url", "relative/only", ["relative"]],
    ["host", "\u0001evil.example\u0002", ["\u0001evil.example\u0002", "evil.example"]],
    ["host", "\\\\evil.example\\share", ["\\\\evil.example\\share", "evil.example"]],
  ];
  for (const [kind, value, readings] of table) assertEquals(domainReadings(kind, value), readings, value);
});

Deno.test("domains: a path beside another URL is told from what may be a host", () => {
  for (const value of ["relative/only", "docs/a.html"]) assertEquals(isReference("url", value), true, value);
  for (
    const value of ["a.example/x", "localhost/x", "LOCALHOST/x", "0x7f000001/", "u@h/x", "h:1/x", "docs", "/x", "\u0001a/b"]
  ) {
    assertEquals(isReference("url", value), false, value);
  }
  assertEquals(isReference("host", "relative/only"), false);
});
