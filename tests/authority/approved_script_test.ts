// Entries of the registry of approved scripts (spec 03, section 5.2): their normal form, their two signed forms, their file.
import type { JsonObject } from "../../core/base/json.ts";
import { recordDigest } from "../../core/base/record.ts";
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { approvedScript } from "../../core/authority/approved_script.ts";
import { NO_SCRIPTS, readScripts, scriptsBytes, unexpired, withScript } from "../../core/authority/approved_script_registry.ts";
import { type ApprovedScript, ApprovedScriptShape } from "../../core/schema/approved_script.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";
import { ENTRY, KEY, OTHER_KEY, read, signed, verified } from "./scripts.ts";

const entryOf = (json: JsonObject): ApprovedScript => {
  const [filed] = assertOk(read([json])).scripts;
  if (filed === undefined) throw new Error("no entry");
  return filed.entry;
};
const names = (json: unknown) => assertOk(read(json)).scripts.map(({ entry }) => entry.pattern_id);

Deno.test("approved script: blanks, letter case and offsets are normal before the signature is looked at, order and repeats stay", async () => {
  const untidy = {
    ...await signed({ ...ENTRY, scope: ["risk:low", "tool:script"] }),
    schema_id: "",
    schema_version: " ",
    pattern_id: " nightly\t",
    policy_digest: "A".repeat(64),
    tool_sequence: [" Ledger.Write", "ledger.READ ", "", "ledger.write"],
    approver_identity: "ann ",
    scope: ["Tool:Script", "risk:low", " ", "risk:low"],
    created_at: "2026-03-01T12:00:00+02:00",
    expires_at: "2026-04-01T10:00:00.000Z",
    unknown: { member: 1 },
  };
  const [script] = assertOk(await verified([untidy]));
  assertEquals(script?.tool_sequence, ["ledger.write", "ledger.read", "ledger.write"]);
  assertEquals([script?.scope, script?.created_at], [["risk:low", "tool:script"], "2026-03-01T10:00:00Z"]);
});

Deno.test("approved script: one that says no time of making was made in 1980", async () => {
  const made = { ...ENTRY, created_at: "1980-01-01T00:00:00Z" };
  const { created_at: _, ...silent } = await signed(made);
  assertOk(await verified([silent]));
});

Deno.test("approved script: an older entry is signed over its tools as a sorted set, and then that is what it approves", async () => {
  const { signature } = await signed({ ...ENTRY, tool_sequence: ["ledger.read", "ledger.write"] });
  const [script] = assertOk(await verified([{ ...ENTRY, signature }]));
  assertEquals(script?.tool_sequence, ["ledger.read", "ledger.write"]);
  const reversed = { ...ENTRY, tool_sequence: ["ledger.write", "ledger.read"], signature };
  assertEquals(assertOk(await verified([reversed]))[0]?.tool_sequence, ["ledger.read", "ledger.write"]);
});

Deno.test("approved script: what its signature covers, by a digest made by hand", async () => {
  const entry = entryOf(ENTRY);
  const { signature } = await signed(ENTRY);
  assertEquals(
    recordDigest(nodeHost.crypto, ApprovedScriptShape, entry),
    Reflect.get(Object(signature), "signed_digest"),
  );
});

Deno.test("approved script: another key, no signature and any change of a member are refused, by name", async () => {
  const good = await signed(ENTRY);
  const said = async (entry: JsonObject, key = KEY) =>
    assertFault(await verified([good, entry], key), "script_refused").message;
  const invalid = 'Cannot trust approved script "nightly": its signature is not valid under the key';
  assertEquals(await said(good, OTHER_KEY), invalid);
  assertEquals(await said(ENTRY), 'Cannot trust approved script "nightly": it is not signed');
  const changes: readonly JsonObject[] = [
    { policy_digest: "c".repeat(64) },
    { script_hash: "c".repeat(64) },
    { tool_sequence: ["ledger.write", "ledger.read"] },
    { tool_sequence: ["ledger.read", "ledger.write"] },
    { approver_identity: "bo" },
    { producer_version: "q" },
    { created_at: "2026-03-01T10:00:01Z" },
    { expires_at: "2026-04-01T10:00:00.000000001Z" },
    { scope: ["tool:script"] },
  ];
  for (const change of changes) assertEquals(await said({ ...good, ...change }), invalid, JSON.stringify(change));
  assertEquals(await said({ ...good, pattern_id: "daily" }), invalid.replace("nightly", "daily"));
});

Deno.test("approved script: it holds until the moment at which it ends", async () => {
  const scripts = assertOk(await verified([await signed(ENTRY)]));
  assertOk(unexpired(scripts, "2026-04-01T09:59:59.999999999Z"));
  const fault = assertFault(unexpired(scripts, "2026-04-01T10:00:00Z"), "script_refused");
  assertEquals(fault.message, 'Cannot trust approved script "nightly": it is over since 2026-04-01T10:00:00Z');
});

Deno.test("approved script: one without a name is named after its script", () => {
  const { schema_id: _, schema_version: __, signature: ___, ...terms } = entryOf(ENTRY);
  assertEquals(approvedScript({ ...terms, pattern_id: "" }).pattern_id, "pattern_bbbbbbbbbbbb");
  assertEquals(approvedScript({ ...terms, pattern_id: "mine" }).pattern_id, "mine");
});

Deno.test("script registry: an object with entries, a list of them, and what is blank", () => {
  assertEquals(names({ entries: [ENTRY], more: 1 }), ["nightly"]);
  assertEquals(names([ENTRY]), ["nightly"]);
  for (const text of ["", " \n\t", "\u0085", '{"entries":[]}', "[]"]) {
    assertEquals(assertOk(readScripts(utf8(text), "r.json")).scripts, [], text);
  }
});

Deno.test("script registry: what is no registry is a fault, with its place", () => {
  for (const json of [null, 1, {}, { entries: null }, { entries: {} }, { Entries: [] }]) {
    const fault = assertFault(read(json), "document_shape");
    assertEquals(
      fault.message,
      'Cannot read "r.json": wanted is a list of approved scripts, or an object with such a list under entries',
    );
  }
  assertFault(readScripts(utf8('{"entries":[],"entries":[]}'), "r.json"), "json_duplicate_key");
  assertFault(readScripts(utf8("\ufeff[]"), "r.json"), "text_encoding");
  const wrong: readonly (readonly [JsonObject, string])[] = [
    [{ schema_id: "x" }, '/schema_id" must be "gait.gate.approved_script_entry"'],
    [{ schema_version: "2.0.0" }, '/schema_version" must be "1.0.0"'],
    [{ pattern_id: " " }, '/pattern_id" must not be blank'],
    [{ approver_identity: "" }, '/approver_identity" must not be blank'],
    [{ policy_digest: "12" }, '/policy_digest" must be 64 hexadecimal digits'],
    [{ script_hash: "g".repeat(64) }, '/script_hash" must be 64 hexadecimal digits'],
    [{ tool_sequence: [" "] }, '/tool_sequence" must name a tool'],
    [{ tool_sequence: null }, '/tool_sequence" must name a tool'],
    [{ tool_sequence: ["a", null] }, '/tool_sequence/1" must be text, not null'],
    [{ expires_at: "2026-03-01T12:00:00+02:00" }, '/expires_at" must be later than created_at'],
    [{ expires_at: null }, '/expires_at" must be later than created_at'],
    [
      { created_at: "yesterday" },
      '/created_at" must be an RFC 3339 time with offset, such as 2026-03-01T10:00:00Z, not "yesterday"',
    ],
  ];
  for (const [change, words] of wrong) {
    for (const bare of [true, false]) {
      const list = [ENTRY, { ...ENTRY, ...change }];
      const fault = assertFault(read(bare ? list : { entries: list }), "document_shape", words);
      assertEquals(fault.message, `Cannot read "r.json": member "${bare ? "" : "/entries"}/1${words}`);
      assertEquals([fault.at?.file, (fault.at?.line ?? 0) > 15], ["r.json", true], words);
    }
  }
});

Deno.test("script registry: an entry takes the place of all of its name, the others stay as they are written, in order", async () => {
  const other = (pattern_id: string, created_at: string, more: JsonObject = {}) =>
    signed({ ...ENTRY, pattern_id, created_at }).then((entry) => ({ ...entry, ...more }));
  const late = await other("zz", "2026-03-02T00:00:00Z", { note: "theirs", policy_digest: "A".repeat(64) });
  const early = await other("zz", "2026-03-02T00:30:00+01:00");
  const before = assertOk(
    read([late, early, await other("mm", "2026-03-01T00:00:00Z"), await other("mm", "2026-03-03T00:00:00Z")]),
  );
  const written = await other("mm", "2026-03-04T00:00:00Z");
  const after = withScript(before, { entry: entryOf(written), written });
  assertEquals(JSON.parse(fromUtf8(scriptsBytes(after))), [written, early, late]);
  const first = withScript(NO_SCRIPTS, { entry: entryOf(written), written });
  assertEquals(JSON.parse(fromUtf8(scriptsBytes(first))), { entries: [written] });
});
