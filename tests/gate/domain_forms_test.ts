// Domains in both spellings, and all that a target may lead to.
import { domainForms, domainsOf } from "../../core/gate/domain_forms.ts";
import { punycode } from "../../core/gate/punycode.ts";
import { assert, assertEquals } from "../assert.ts";
import { intent, request } from "./intents.ts";

const CLEANED: readonly (readonly [domain: string, cleaned: string])[] = [
  ["books.example", "books.example"],
  ["books.example.", "books.example"],
  ["books.example...", "books.example"],
  ["%65vil.example", "evil.example"],
  ["EVIL%2eexample".toLowerCase(), "evil.example"],
  ["evil%2Eexample", "evil.example"],
  ["b\u00fccher.example", "xn--bcher-kva.example"],
  ["bu\u0308cher.example", "xn--bcher-kva.example"],
  ["\uff45vil.example", "evil.example"],
  ["evil\u3002example", "evil.example"],
  ["ev\u00adil.example", "evil.example"],
  ["xn--bcher-kva.example", "xn--bcher-kva.example"],
  ["%ff.example", "xn--zn7c.example"],
  ["%2565vil.example", "evil.example"],
  ["evil.example\0.ok.example", "evil.example"],
  ["evil.example%00.ok.example", "evil.example"],
  ["evil.example\u0001", "evil.example"],
  ["127.1 .ok.example", "127.0.0.1"],
  ["evil.example\u0085.ok.example", "evil.example"],
  ["evil.example\u3000.ok.example", "evil.example"],
  ["evil.example\u007f", "evil.example"],
  ["\0evil.example", ""],
  ["evil.example%2f.ok.example", "evil.example"],
  ["evil.example%5c.ok.example", "evil.example"],
  ["evil.example%3f.ok.example", "evil.example"],
  ["evil.example%23.ok.example", "evil.example"],
  ["evil.example%3a80", "evil.example"],
  ["evil.example:80", "evil.example:80"],
  ["ok.example%40evil.example", "evil.example"],
  ["ok.example@evil.example", "evil.example"],
  ["evil.example\uff0f.ok.example", "evil.example"],
  ["evil.example\uff03.ok.example", "evil.example"],
  ["evil.example\uff1f.ok.example", "evil.example"],
  ["evil.example\uff3c.ok.example", "evil.example"],
  ["evil.example\uff1a8080", "evil.example"],
  ["ok.example\uff20evil.example", "evil.example"],
  ["evil.example.\u2100.ok.example", "evil.example.a"],
  ["127.0.0.1", "127.0.0.1"],
  ["127.1", "127.0.0.1"],
  ["127.0.1.", "127.0.0.1"],
  ["2130706433", "127.0.0.1"],
  ["0x7f000001", "127.0.0.1"],
  ["0177.0.0x0.01", "127.0.0.1"],
  ["4294967295", "255.255.255.255"],
  ["4294967296", "4294967296"],
  ["256.1.1.1", "256.1.1.1"],
  ["1.2.3.4.5", "1.2.3.4.5"],
  ["08.1", "08.1"],
  ["1.example", "1.example"],
  ["\uff11\uff12\uff17.1", "127.0.0.1"],
  ["::ffff:127.0.0.1", "127.0.0.1"],
  ["::ffff:7f00:1", "127.0.0.1"],
  ["0:0:0:0:0:ffff:7f00:1", "127.0.0.1"],
  ["0:0:0:0:0:0:0:1", "::1"],
  ["::", "::"],
  ["2001:db8::1", "2001:db8::1"],
  ["2001:0db8:0:0:1:0:0:0", "2001:db8:0:0:1::"],
  ["1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"],
  ["1::2::3", "1::2::3"],
  ["1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8:9"],
];

for (const [domain, cleaned] of CLEANED) {
  Deno.test(`domains: ${domain} is ${cleaned}`, () => assertEquals(domainForms(domain), { raw: domain, cleaned }));
}

// RFC 3492, section 7.1: A, B, D, G, L, R, and one with ASCII alone.
const SAMPLES: readonly (readonly [text: string, encoded: string])[] = [
  [
    "\u0644\u064a\u0647\u0645\u0627\u0628\u062a\u0643\u0644\u0645\u0648\u0634\u0639\u0631\u0628\u064a\u061f",
    "egbpdaj6bu4bxfgehfvwxn",
  ],
  ["\u4ed6\u4eec\u4e3a\u4ec0\u4e48\u4e0d\u8bf4\u4e2d\u6587", "ihqwcrb4cv8a8dqg056pqjye"],
  ["Pro\u010dprost\u011bnemluv\u00ed\u010desky", "Proprostnemluvesky-uyb24dma41a"],
  [
    "\u306a\u305c\u307f\u3093\u306a\u65e5\u672c\u8a9e\u3092\u8a71\u3057\u3066\u304f\u308c\u306a\u3044\u306e\u304b",
    "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa",
  ],
  ["3\u5e74B\u7d44\u91d1\u516b\u5148\u751f", "3B-ww4c5e180e575a65lsy2b"],
  ["\u305d\u306e\u30b9\u30d4\u30fc\u30c9\u3067", "d9juau41awczczp"],
  ["abc", "abc-"],
];

for (const [text, encoded] of SAMPLES) {
  Deno.test(`domains: punycode of ${text}`, () => assertEquals(punycode(text), encoded));
}

const leads = (target: Record<string, string>): readonly string[] => {
  const [first] = intent(request({ targets: [target] })).targets;
  assert(first !== undefined);
  return domainsOf(first);
};

Deno.test("domains: a declared one stands beside that of the value", () => {
  assertEquals(leads({ kind: "url", value: "https://evil.example/x" }), ["evil.example"]);
  assertEquals(leads({ kind: "url", value: "https://evil.example/x", endpoint_domain: "ok.example" }), [
    "ok.example",
    "evil.example",
  ]);
  assertEquals(leads({ kind: "host", value: "Evil.example:443", endpoint_domain: "ok.example" }), [
    "ok.example",
    "evil.example",
  ]);
  assertEquals(leads({ kind: "bucket", value: "b", endpoint_domain: "OK.example" }), ["ok.example"]);
  assertEquals(leads({ kind: "bucket", value: "b" }), []);
});

Deno.test("domains: what other readers of URLs would find is there too", () => {
  assertEquals(leads({ kind: "url", value: "https://evil.example\\@ok.example/" }).includes("evil.example"), true);
  assertEquals(leads({ kind: "host", value: "HTTPS://evil.example" }).includes("evil.example"), true);
  assertEquals(leads({ kind: "host", value: "ok.example@evil.example" }).includes("evil.example"), true);
});

Deno.test("domains: long ones take no long time", () => {
  const begun = performance.now();
  domainForms(`${".".repeat(200_000)}x${"%41".repeat(100_000)}`);
  domainForms(`${"\u00fc".repeat(100_000)}.example`);
  domainForms("1.".repeat(100_000));
  domainForms(":1".repeat(100_000));
  assert(performance.now() - begun < 1000);
});
