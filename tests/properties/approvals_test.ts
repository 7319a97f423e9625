// Batches, requests and single use under any input: no proof fits another leaf, no changed byte or member passes, no approval counts twice.
import fc from "fast-check";
import { callOf, tokenFor } from "../../core/authority/approver_decision.ts";
import { signBatch } from "../../core/authority/batch.ts";
import { type Inclusion, isIncluded, merkleProof, merkleRoot, merkleTree } from "../../core/authority/merkle.ts";
import { readPending } from "../../core/authority/pending.ts";
import { anyApprovalFailure, readAnyApproval } from "../../core/authority/shown_approval.ts";
import { requestWord, spend } from "../../core/authority/single_use.ts";
import { fromHex, fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { canonicalText } from "../../core/base/canonical.ts";
import { sha256Hex } from "../../core/base/digest.ts";
import { isJsonObject, type Json } from "../../core/base/json_value.ts";
import { prettyText } from "../../core/base/pretty.ts";
import { sealRecord } from "../../core/base/record.ts";
import { writeShape } from "../../core/base/shape.ts";
import { digestSigner } from "../../core/base/sign.ts";
import { openPending } from "../../core/flow/pending_request.ts";
import { ApprovalTokenShape } from "../../core/schema/approval_token.ts";
import type { ApprovalEntry } from "../../core/schema/approval_audit.ts";
import { BatchApprovalShape } from "../../core/schema/batch_approval.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { crypto, DECIDING, deletion, filed, keyOf, mail, NOW, requested, script, tokenOf } from "../authority/requests.ts";
import { property } from "./run.ts";

const KEY = await keyOf(7);
const sign = digestSigner(crypto, KEY);

const leaves = fc.uniqueArray(fc.uint8Array({ maxLength: 40 }), {
  minLength: 2,
  maxLength: 40,
  selector: (leaf) => leaf.join(),
});

property(
  "no proof of a tree fits another leaf, place or size",
  fc.tuple(leaves, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 50 })),
  ([all, a, b, size]) => {
    const tree = merkleTree(crypto, all);
    const root = fromHex(merkleRoot(crypto, tree)) ?? new Uint8Array();
    const [i, j] = [a % all.length, b % all.length];
    const place: Inclusion = { index: i, size: all.length, root, proof: merkleProof(tree, i) };
    const leaf = (index: number): Uint8Array => all[index] ?? new Uint8Array();
    assert(isIncluded(crypto, leaf(i), place));
    assertEquals(isIncluded(crypto, leaf(j), place), i === j);
    assertEquals(isIncluded(crypto, leaf(i), { ...place, index: j }), i === j);
    assertEquals(isIncluded(crypto, leaf(i), { ...place, proof: merkleProof(tree, j) }), i === j);
    // Of another size a tree may have the same path to a leaf: the head, which is signed, says which it is.
    if (isIncluded(crypto, leaf(i), { ...place, size })) assert(size > i);
  },
);

const CALLS: readonly Json[] = [mail(), deletion(), script(), mail({ args: { n: 1 } })];

/** Approvals of a batch, and an ordinary one, as text, each with its call. */
const FILES = await (async () => {
  const batch = await signBatch(crypto, CALLS.map((call, i) => tokenOf(call, i)), sign);
  const token = await sealRecord(crypto, ApprovalTokenShape, tokenOf(mail(), 7), sign);
  return [
    ...batch.map((one, i) => ({
      text: prettyText(writeShape(BatchApprovalShape, one)),
      call: callOf(requested(CALLS[i] ?? null, i)),
    })),
    { text: prettyText(token), call: callOf(requested(mail(), 7)) },
  ];
})();

/** Whether what stands in a file still approves a call. */
async function approves(bytes: Uint8Array, call: ReturnType<typeof callOf>): Promise<boolean> {
  const read = readAnyApproval(bytes, "file");
  return read.ok && await anyApprovalFailure(crypto, read.value, call, KEY, NOW) === undefined;
}

const sameJson = (a: Uint8Array, b: string): boolean => {
  try {
    return canonicalText(JSON.parse(fromUtf8(a))) === canonicalText(JSON.parse(b));
  } catch {
    return false;
  }
};

// Of an ordinary token the letter case and the blanks of some members, and what of the signature repeats its key, do not count; of a
// batch every byte does.
property(
  "no approval of a batch stands any change of a byte",
  fc.tuple(fc.integer({ min: 0, max: CALLS.length - 1 }), fc.nat(), fc.integer({ min: 1, max: 255 })),
  async ([which, place, mask]) => {
    const { text, call } = FILES[which] ?? { text: "", call: callOf(requested(mail())) };
    const bytes = utf8(text);
    assert(await approves(bytes, call));
    bytes[place % bytes.length] = (bytes[place % bytes.length] ?? 0) ^ mask;
    if (!sameJson(bytes, text)) assert(!await approves(bytes, call), fromUtf8(bytes));
  },
);

/** Every place of a JSON value that can be changed, as a way to change it. */
function changes(json: Json): readonly ((with_: Json) => Json)[] {
  if (Array.isArray(json)) {
    return [
      () => [...json, "more"],
      ...json.flatMap((item, i) => changes(item).map((change) => (with_: Json) => json.with(i, change(with_)))),
    ];
  }
  if (!isJsonObject(json)) return [(with_) => with_];
  return [
    (with_) => ({ ...json, more: with_ }),
    ...Object.entries(json).flatMap(([name, member]) => [
      () => Object.fromEntries(Object.entries(json).filter(([other]) => other !== name)),
      ...changes(member).map((change) => (with_: Json) => ({ ...json, [name]: change(with_) })),
    ]),
  ];
}

const ODD: readonly Json[] = ["", "x", 0, 1, 7, true, false, null, [], {}, "0".repeat(64), NOW, "*", ["*"]];

Deno.test("approvals: no member of a batch's approval can be changed, added or left out", async () => {
  for (const { text, call } of FILES.slice(0, 2)) {
    const json: Json = JSON.parse(text);
    for (const change of changes(json)) {
      for (const odd of ODD) {
        const other = JSON.stringify(change(odd));
        if (canonicalText(JSON.parse(other)) === canonicalText(json)) continue;
        assert(!await approves(utf8(other), call), other);
      }
    }
  }
});

property(
  "an approval of one call is none of another, whatever it is of",
  fc.tuple(fc.nat(), fc.constantFrom(...CALLS), fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue(), { maxKeys: 3 })),
  async ([which, call, args]) => {
    const { text, call: own } = FILES[which % FILES.length] ?? { text: "", call: callOf(requested(mail())) };
    const other = isJsonObject(call) && args !== null
      ? safely(() => callOf(requested({ ...call, args: JSON.parse(JSON.stringify(args)) })))
      : undefined;
    if (other !== undefined && other.intent_digest !== own.intent_digest) assert(!await approves(utf8(text), other));
  },
);

/** Undefined for what is no call at all. */
function safely<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

property(
  "no request stands any change of a byte",
  fc.tuple(fc.constantFrom(...CALLS), fc.nat(), fc.integer({ min: 1, max: 255 })),
  ([call, place, mask]) => {
    const { id, bytes } = filed(call);
    bytes[place % bytes.length] = (bytes[place % bytes.length] ?? 0) ^ mask;
    assert(!readPending(crypto, bytes, id, "file").ok);
  },
);

Deno.test("approvals: a request that is made anew of changed members is refused, or is about the same call", () => {
  for (const call of CALLS.slice(0, 3)) {
    const { bytes, request } = filed(call);
    const json: Json = JSON.parse(fromUtf8(bytes));
    for (const change of changes(json)) {
      for (const odd of ODD) {
        const other = utf8(JSON.stringify(change(odd)));
        const opened = openPending(crypto, other, sha256Hex(crypto, other));
        if (opened.ok) assertEquals(callOf(opened.value), callOf(request), fromUtf8(other));
      }
    }
  }
});

const use = fc.record({
  request: fc.integer({ min: 0, max: 4 }),
  token: fc.integer({ min: 0, max: 2 }),
  minute: fc.integer({ min: 0, max: 59 }),
});

property(
  "whatever the order and the clock, no request lets more than one call through",
  fc.array(fc.tuple(fc.array(use, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 2 })), { maxLength: 20 }),
  (decisions) => {
    let ledger: Uint8Array | undefined;
    const through = new Map<number, number>();
    for (const [uses, wanted] of decisions) {
      const entries = uses.map(({ request, token }): ApprovalEntry => ({
        token_id: `${request}-${token}`,
        approver_identity: "ann",
        reason_code: "r",
        scope: [requestWord(String(request).repeat(64))],
        expires_at: `2026-03-14T10:${String(10 * token + 20).padStart(2, "0")}:00Z`,
        valid: true,
        error_code: "",
      }));
      const enough = (all: readonly ApprovalEntry[]) => all.filter(({ valid }) => valid).length >= wanted;
      const now = `2026-03-14T10:${String(uses[0]?.minute ?? 0).padStart(2, "0")}:00Z`;
      const spent = assertOk(spend(ledger, entries, enough, now, "ledger"));
      ledger = spent.next ?? ledger;
      if (!enough(spent.entries)) {
        assertEquals(spent.next, undefined);
        continue;
      }
      const counted = new Set(spent.entries.flatMap(({ valid }, i) => valid ? [uses[i]?.request ?? -1] : []));
      for (const request of counted) through.set(request, (through.get(request) ?? 0) + 1);
    }
    for (const [request, times] of through) assertEquals(times, 1, `request ${request}`);
  },
);

property(
  "the token of a request names it, and never opens more than the request asks for",
  fc.tuple(fc.constantFrom(...CALLS), fc.nat(255)),
  ([call, number]) => {
    const { id, request } = filed(call, number);
    const { scope, max_targets, max_ops } = tokenFor(crypto, id, request, DECIDING);
    assertEquals(scope.filter((word) => !request.required_scope.includes(word)), [requestWord(id)]);
    assertEquals([max_targets, max_ops], [request.target_count, request.operation_count]);
  },
);
