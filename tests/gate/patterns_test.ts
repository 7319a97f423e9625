// Lists of paths and domains: what each form of a pattern has, and that a doubt never helps.
import {
  allowsDomain,
  allowsPath,
  deniedDomainPatterns,
  deniesDomain,
  deniesPath,
  domainPattern,
  pathPattern,
} from "../../core/gate/patterns.ts";
import { assertEquals } from "../assert.ts";

type Case = readonly [pattern: string, name: string, allowed: boolean, denied: boolean];

const PATHS: readonly Case[] = [
  ["/srv/a", "/srv/a", true, true],
  ["/srv/a", "/srv/b", false, false],
  ["/srv/**", "/srv", true, true],
  ["/srv/**", "/srv/a/b", true, true],
  ["/srv/**", "/srvx", false, false],
  ["/**", "/etc/passwd", true, true],
  ["/**", "etc/passwd", false, false],
  ["/tmp/*.csv", "/tmp/a.csv", true, true],
  ["/tmp/*.csv", "/tmp/d/a.csv", false, false],
  ["/d/[ab]?/*", "/d/a1/x", true, true],
  ["/tmp/[", "/tmp/[", true, true],
  ["/tmp/[", "/tmp/a", false, false],
  ["/ok/**", "/ok/../etc/passwd", false, true],
  ["/etc/**", "/ok/../etc/passwd", false, true],
  ["/ok/**", "/ok//a", false, true],
  ["/ok/**", "/ok/%2e%2e/etc", false, true],
  ["/etc/**", "/ok/%2e%2e/etc/x", false, true],
  ["/etc/**", "\\etc\\passwd", false, true],
  ["/etc/passwd", "/etc/passwd\0.csv", false, true],
  ["/etc/*.csv", "/etc/passwd\0.csv", false, true],
  ["../**", "../../etc", false, true],
  // Wildcards before /**: text for an allowlist, a glob too for a denylist.
  ["/home/*/.ssh/**", "/home/ann/.ssh/id", false, true],
  ["/home/*/.ssh/**", "/home/*/.ssh/id", true, true],
  ["/home/*/.ssh/**", "/home/ann/x/.ssh/id", false, false],
  // A pattern that is not clean: a denylist takes it as it is, and cleaned.
  ["/etc/../srv/**", "/srv/a", false, true],
  ["/etc/../srv/**", "/etc/../srv/a", false, true],
  ["/srv//a/", "/srv/a", false, true],
  ["/srv/./*.csv", "/srv/a.csv", false, true],
  ["./**", "a/b", false, true],
  ["./**", "/a", false, false],
  ["\\etc\\passwd", "/etc/passwd", false, true],
  ["/a\\*b/../c", "/c", false, true],
  ["/a/../b\\*", "/b*", false, true],
  ["/a/../b\\*", "/b/x", false, false],
  ["/ok/**", "/ok/%25%32%65%25%32%65/etc", false, true],
  ["/etc/**", "/ok/%25%32%65%25%32%65/etc/x", false, true],
];

for (const [pattern, name, allowed, denied] of PATHS) {
  Deno.test(`patterns: path ${pattern} and ${JSON.stringify(name)}`, () => {
    assertEquals(allowsPath([pathPattern(pattern)], name), allowed, "allowed");
    assertEquals(deniesPath([pathPattern(pattern)], name), denied, "denied");
  });
}

const DOMAINS: readonly Case[] = [
  ["x.example", "x.example", true, true],
  ["X.Example", "x.example", true, true],
  ["*.x.example", "a.x.example", true, true],
  ["*.x.example", "a.b.x.example", true, true],
  ["*.x.example", "x.example", false, false],
  ["*.x.example", "evilx.example", false, false],
  ["pay?.example", "pay1.example", true, true],
  ["pay?.example", "pay.example", false, false],
  ["p*y.example", "p.a.y.example", true, true],
  ["*", "anything.example", true, true],
  ["[", "x.example", false, false],
  ["evil.example", "evil.example.", false, true],
  ["evil.example", "%65vil.example", false, true],
  ["*.example", "evil.example.", false, true],
  ["b\u00fccher.example", "xn--bcher-kva.example", false, true],
  ["xn--bcher-kva.example", "b\u00fccher.example", false, true],
  ["b\u00fccher.example", "b\u00fccher.example", false, true],
  // A wildcard behind *.: text for an allowlist, a glob too for a denylist.
  ["*.ev?l.example", "a.evil.example", false, true],
  ["evil.example.", "evil.example", true, true],
  ["*.example.", "evil.example", true, true],
  ["evil.example.", "evil.example.", false, true],
  ["127.0.0.1", "127.0.0.1", true, true],
  ["127.0.0.1", "0x7f.1", false, true],
  ["2130706433", "127.0.0.1", false, true],
  ["127.0.0.1", "::ffff:127.0.0.1", false, true],
  ["::1", "0:0:0:0:0:0:0:1", false, true],
  ["2001:db8::1", "2001:db8::1", true, true],
];

for (const [pattern, name, allowed, denied] of DOMAINS) {
  Deno.test(`patterns: domain ${pattern} and ${name}`, () => {
    assertEquals(allowsDomain([domainPattern(pattern)], name), allowed, "allowed");
    assertEquals(deniesDomain(deniedDomainPatterns(pattern), name), denied, "denied");
  });
}

Deno.test("patterns: what takes too long to tell is denied and not allowed", () => {
  const long = "*" + "a".repeat(4000);
  const path = "/" + "a".repeat(1_000_000) + "b";
  assertEquals([allowsPath([pathPattern(`/${long}b`)], path), deniesPath([pathPattern(`/${long}c`)], path)], [false, true]);
  const domain = path.slice(1);
  assertEquals([allowsDomain([domainPattern(`${long}b`)], domain), deniesDomain([domainPattern(`${long}c`)], domain)], [
    false,
    true,
  ]);
});

Deno.test("patterns: an allowlist has nothing by a pattern that says no name", () => {
  for (const pattern of [".", "*."]) assertEquals(allowsDomain([domainPattern(pattern)], "x.example"), false, pattern);
});
