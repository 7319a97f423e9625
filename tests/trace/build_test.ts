// Making traces (spec 03, section 2.2): the recipes of the ids, and that what was made verifies and nothing else does.
import { createHash } from "node:crypto";
import fc from "fast-check";
import { utf8 } from "../../core/base/bytes.ts";
import { canonicalText } from "../../core/base/canonical.ts";
import { newKey } from "../../core/base/keys.ts";
import { digestSigner } from "../../core/base/sign.ts";
import { canBeOf, signedLines } from "../../core/base/signed_lines.ts";
import {
  buildTrace,
  openTraceText,
  signTrace,
  TO_COME,
  traceDocument,
  traceId,
  traceLine,
  traceText,
} from "../../core/trace/build.ts";
import { readTrace, traceDigest, verifyTrace } from "../../core/trace/verify.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { property } from "../properties/run.ts";
import { PLAIN_FACTS } from "./facts.ts";

const { crypto } = nodeHost;
const KEY = await newKey(crypto, new Uint8Array(32).fill(9));
const hashed = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 24);

const PARTIES = { identity: "svc.clerk", session_id: "", delegation: undefined };

Deno.test("trace ids: policy, intent and verdict; and the moment in UTC without trailing zeros", () => {
  const { policy_digest, intent_digest } = PLAIN_FACTS;
  assertEquals(traceId(crypto, PLAIN_FACTS), hashed(`${policy_digest}:${intent_digest}:allow`));
  const ids = [
    PLAIN_FACTS,
    { ...PLAIN_FACTS, verdict: "block" } as const,
    { ...PLAIN_FACTS, intent_digest: "d".repeat(64) },
    { ...PLAIN_FACTS, policy_digest: "d".repeat(64) },
  ].map((facts) => traceId(crypto, facts));
  assertEquals(new Set(ids).size, 4);
  assertEquals(
    traceId(crypto, { ...PLAIN_FACTS, policy_digest: intent_digest, intent_digest: policy_digest }) === ids[0],
    false,
  );
  for (const observed_at of ["2026-03-04T05:06:08.120Z", "2026-03-04T05:06:08.12Z", "2026-03-04T07:06:08.120000000+02:00"]) {
    const made = buildTrace(crypto, { ...PLAIN_FACTS, observed_at }, PARTIES);
    const { event_id } = JSON.parse(traceText(crypto, made));
    assertEquals([made.facts.observed_at, event_id], [
      "2026-03-04T05:06:08.12Z",
      hashed(`${ids[0]}:2026-03-04T05:06:08.12Z`),
    ], observed_at);
  }
});

Deno.test("trace: a plain call has exactly these members, and a relationship without session", () => {
  const json = traceDocument(plain());
  assertEquals(Object.keys(json).sort(), [
    "args_digest",
    "correlation_id",
    "created_at",
    "event_id",
    "intent_digest",
    "observed_at",
    "policy_digest",
    "policy_id",
    "policy_version",
    "producer_version",
    "relationship",
    "schema_id",
    "schema_version",
    "signature",
    "tool_name",
    "trace_id",
    "verdict",
  ]);
});

Deno.test("trace: what was signed verifies as read back, and under no other key", async () => {
  const { signed_digest } = plain();
  const { trace, uncovered } = assertOk(readTrace(utf8(JSON.stringify(traceDocument(plain()))), "t.json"));
  assertEquals(assertOk(readTrace(utf8(traceLine(plain())), "t.jsonl")).trace, trace);
  assertEquals(traceLine(plain()).indexOf("\n"), traceLine(plain()).length - 1);
  assertEquals(uncovered, []);
  assertEquals(traceDigest(crypto, trace), signed_digest);
  assertEquals((await verifyTrace(crypto, trace, KEY)).ok, true);
  assertEquals((await verifyTrace(crypto, trace, await newKey(crypto, new Uint8Array(32)))).ok, false);
  assertEquals((await verifyTrace(crypto, { ...trace, verdict: "block" }, KEY)).ok, false);
});

const signed = await signTrace(crypto, buildTrace(crypto, PLAIN_FACTS, PARTIES), digestSigner(crypto, KEY));
const plain = () => {
  assert(signed.trace_id === traceId(crypto, PLAIN_FACTS));
  return signed;
};

// What could be taken for an open digest, if anything that a caller writes could be.
const words = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "\u0001",
    "\u000164:x\u0002",
    '"args_digest":"\u0001"',
    '"args_digest":"\\u0001"',
    '","event_id":"\\u0001","args_digest":"\\u0001',
    "\u00001:\u0002",
  ),
);
const call = fc.record({
  tool_name: words,
  agent_id: words,
  approval_ref: words,
  correlation_id: words,
  identity: words,
  args: fc.dictionary(words, fc.oneof(words, fc.integer(), fc.dictionary(words, words))),
});

property(
  "traces whose digests are made where they are signed",
  fc.array(call, { minLength: 1, maxLength: 4 }),
  async (calls) => {
    const made = calls.map(({ args, identity, ...said }) => {
      const parties = { identity, session_id: "", delegation: undefined };
      const text = canonicalText(args);
      const whole = buildTrace(crypto, { ...PLAIN_FACTS, ...said, args_digest: crypto.sha256Text(text) }, parties);
      const open = openTraceText(crypto, buildTrace(crypto, { ...PLAIN_FACTS, ...said, args_digest: TO_COME }, parties), text);
      return { whole: `${traceText(crypto, whole)}\n`, open: `${open}\n` };
    });
    const sign = digestSigner(crypto, KEY);
    const [whole, open] = [utf8(made.map(({ whole }) => whole).join("")), utf8(made.map(({ open }) => open).join(""))];
    const lines = await signedLines(crypto, sign, open);
    assertEquals(lines, await signedLines(crypto, sign, whole));
    assert(canBeOf(open, calls.length, lines, KEY));
    assertEquals(canBeOf(open, calls.length, lines.subarray(1), KEY), false);
  },
);
