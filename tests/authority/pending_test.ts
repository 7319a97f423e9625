// Requests as files: their id is that of their bytes, and nothing else is read under it.
import {
  decisionName,
  glancePending,
  inboxName,
  pendingFile,
  readPending,
  requestName,
  setDigest,
} from "../../core/authority/pending.ts";
import { sha256Hex } from "../../core/base/digest.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { changed, crypto, filed, mail, requested } from "./requests.ts";

const ID = "5f".repeat(32);

Deno.test("pending: the names of an inbox, and what is none of them", () => {
  assertEquals(inboxName(requestName(ID)), { kind: "request", id: ID });
  assertEquals(inboxName(decisionName(ID, 12)), { kind: "decision", id: ID, nth: 12 });
  const others = [
    `request_${ID}.json.lock`,
    `request_${ID.toUpperCase()}.json`,
    `request_${ID.slice(1)}.json`,
    `decision_${ID}.json`,
    `decision_${ID}_0.json`,
    `decision_${ID}_01.json`,
    `decision_${ID}_1.json~`,
    `.request_${ID}.json`,
    "notes.txt",
  ];
  for (const name of others) assertEquals(inboxName(name), undefined, name);
});

Deno.test("pending: the id is the SHA-256 of the bytes, and the same call asked for again is another request", () => {
  const one = filed(mail());
  assertEquals([one.id, one.name], [sha256Hex(crypto, one.bytes), `request_${one.id}.json`]);
  assertEquals(pendingFile(crypto, requested(mail())).id, one.id);
  assert(filed(mail(), 1).id !== one.id);
});

Deno.test("pending: a file is read back as it was written; its glance says the same", () => {
  const { request, id, bytes } = filed(mail());
  assertEquals(pendingFile(crypto, assertOk(readPending(crypto, bytes, id, "r"))).bytes, bytes);
  const glance = assertOk(glancePending(crypto, bytes, id, "r"));
  assertEquals([glance.intent_digest, glance.required_scope, glance.expires_at, glance.intent.tool_name], [
    request.intent_digest,
    request.required_scope,
    request.expires_at,
    "mail.send",
  ]);
});

Deno.test("pending: other bytes under an id are refused, whether they are a request or not", () => {
  const { id, bytes } = filed(mail());
  const others = [
    changed(bytes, "ann@example.test", "eve@example.test"),
    changed(bytes, '"schema_version"', ' "schema_version"'),
    bytes.subarray(0, bytes.length - 1),
    bytes.subarray(0, 100),
    utf8(""),
    filed(mail(), 1).bytes,
  ];
  for (const other of others) {
    for (const read of [readPending, glancePending]) {
      const fault = assertFault(read(crypto, other, id, "request_x.json"), "request_changed");
      assertEquals(fault.at, { file: "request_x.json" });
    }
  }
});

Deno.test("pending: a file of the right name that is no request is refused by its place", () => {
  const misfit = (bytes: Uint8Array, code: Parameters<typeof assertFault>[1]) => {
    const id = sha256Hex(crypto, bytes);
    assertFault(readPending(crypto, bytes, id, "r"), code);
    assertFault(glancePending(crypto, bytes, id, "r"), code);
  };
  const { bytes } = filed(mail());
  misfit(utf8("{"), "json_syntax");
  misfit(changed(bytes, "pending_request", "trace"), "document_kind");
  misfit(changed(bytes, '"required_approvals": 1', '"required_approvals": 0'), "document_shape");
  misfit(changed(bytes, '"distinct_approvers": false', '"distinct_approvers": null'), "document_shape");
  misfit(changed(bytes, '"nonce"', '"nonce": "", "nonce"'), "json_duplicate_key");
  const extra = changed(bytes, '"nonce"', '"note": "harmless", "nonce"');
  assertFault(readPending(crypto, extra, sha256Hex(crypto, extra), "r"), "document_shape");
});

Deno.test("pending: the digest of a set is that of its ids and their number", () => {
  const [a, b] = [filed(mail()).id, filed(mail(), 1).id];
  assertEquals(setDigest(crypto, [a, b]), sha256Hex(crypto, utf8(`${a}\n${b}`)));
  assertEquals(new Set([[], [a], [b], [a, b]].map((ids) => setDigest(crypto, ids))).size, 4);
});
