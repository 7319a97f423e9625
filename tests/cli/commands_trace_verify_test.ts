// The contract of `trace verify` (spec 03, section 2.5): members, lines, exits, and the note beside a trace.
import { assertEquals } from "../assert.ts";
import { KEY_ID, machine, PRIVATE_KEY, PUBLIC_KEY, refusal } from "./commands_world.ts";
import { digestOf } from "../../core/base/digest.ts";
import { readPrivateKey } from "../../core/base/keys.ts";
import { signDigest } from "../../core/base/sign.ts";
import { nodeHost } from "../../host/node.ts";
import { assertOk } from "../assert.ts";

const KEY = assertOk(await readPrivateKey(nodeHost.crypto, PRIVATE_KEY));
// The first 24 digits of the SHA-256 of "3:2:block".
const ID = "2f3beb425886085986cd7084";
const BODY = {
  schema_id: "gait.gate.trace",
  schema_version: "1.0.0",
  created_at: "2026-03-04T05:06:07Z",
  observed_at: "2026-03-04T05:06:08.5Z",
  producer_version: "1",
  trace_id: ID,
  tool_name: "ledger.read",
  args_digest: "1",
  intent_digest: "2",
  policy_digest: "3",
  verdict: "block",
};
const DIGEST = digestOf(nodeHost.crypto, BODY);
const SIGNED = { ...BODY, signature: await signDigest(nodeHost.crypto, KEY, DIGEST) };
const OTHER = `${"A".repeat(42)}E=`;
const files = {
  "t.json": JSON.stringify(SIGNED),
  "dir/edited.json": JSON.stringify({ ...SIGNED, verdict: "allow" }),
  "unsigned.json": JSON.stringify(BODY),
  "forged.json": JSON.stringify({ ...SIGNED, signature: { ...SIGNED.signature, key_id: "", sig: btoa("s".repeat(64)) } }),
  p: PUBLIC_KEY,
  k: PRIVATE_KEY,
  other: OTHER,
};
const ABOUT = { trace_id: ID, verdict: "block" };
const HINT = "Do not rely on the artifact until every defect is explained";
const failed = (error: string, more: object) => ({
  ok: false,
  signature_status: "failed",
  error,
  error_code: "verification_failed",
  error_category: "verification_failed",
  fault: "signature_failed",
  hint: HINT,
  remedy: "Check that the key is the signer's; otherwise do not trust the document",
  retryable: false,
  ...ABOUT,
  ...more,
});

Deno.test("trace verify: exactly these members, good and bad", async () => {
  const made = machine({ files });
  assertEquals(await made.json("trace", "verify", "t.json", "--public-key", "p"), [0, {
    ok: true,
    path: "t.json",
    signature_status: "verified",
    key_id: KEY_ID,
    ...ABOUT,
  }]);
  const [exit, edited] = await made.json("trace", "verify", "--path", "dir/edited.json", "--public-key", "p");
  const digest = digestOf(nodeHost.crypto, { ...BODY, verdict: "allow" });
  assertEquals([exit, edited], [2, {
    ...failed(`Cannot verify trace "${ID}": signed_digest is "${DIGEST}", the document has "${digest}"`, {
      path: "dir/edited.json",
    }),
    file: "dir/edited.json",
    verdict: "allow",
    warnings: [`The trace id is not that of its policy, intent and verdict: "cb4eb780e60b329738ff4cf3"`],
  }]);
  assertEquals(await made.json("trace", "verify", "unsigned.json", "--private-key", "k"), [
    2,
    failed(`Cannot verify trace "${ID}": it has no signature`, { path: "unsigned.json", file: "unsigned.json" }),
  ]);
  // A signature that was checked to the end and is false is an answer, not an error.
  assertEquals(await made.json("trace", "verify", "forged.json", "--public-key", "p"), [2, {
    ok: false,
    path: "forged.json",
    signature_status: "failed",
    ...ABOUT,
  }]);
});

Deno.test("trace verify: lines", async () => {
  const made = machine({ files });
  const about = `trace ${ID}, verdict block`;
  assertEquals(await made.text("trace", "verify", "t.json", "--public-key", "p"), [0, [
    "trace verify ok: t.json",
    "signature status: verified",
    about,
  ]]);
  assertEquals(await made.text("trace", "verify", "unsigned.json", "--public-key", "p"), [2, [
    `trace verify error: Cannot verify trace "${ID}": it has no signature`,
    "Check that the key is the signer's; otherwise do not trust the document",
    "trace verify failed: unsigned.json",
    "signature status: failed",
    about,
  ]]);
  assertEquals(await made.text("trace", "verify", "forged.json", "--public-key", "p"), [2, [
    "trace verify failed: forged.json",
    "signature status: failed",
    about,
  ]]);
});

Deno.test("trace verify: the file is read before the key, and a key is always wanted", async () => {
  const made = machine({ files: { ...files, "bad.json": `{"verdict":\n["block"]}` }, env: { PUB: PUBLIC_KEY } });
  assertEquals((await made.json("trace", "verify", "none.json", "--public-key", "none"))[1].file, "none.json");
  assertEquals(await made.json("trace", "verify", "t.json"), [
    6,
    refusal(
      "key_source",
      "Cannot verify the trace: expected --public-key, --public-key-env or a private key source",
      "Name exactly one source for each key",
    ),
  ]);
  assertEquals(await made.json("trace", "verify", "bad.json", "--public-key", "p"), [
    6,
    refusal(
      "document_shape",
      `Cannot read "bad.json": member "/verdict" must be text, not a list`,
      "Bring the member that the message names into the form of its format page",
      { file: "bad.json", pointer: "/verdict", line: 2, column: 1 },
    ),
  ]);
  const exits: readonly (readonly [number, readonly string[]])[] = [
    [0, ["t.json", "--public-key-env", "PUB"]],
    [0, ["--public-key=p", "t.json"]],
    [0, ["t.json", "--public-key", "p", "--private-key", "none"]],
    [2, ["t.json", "--public-key", "other"]],
    [6, ["t.json", "--public-key", "p", "--public-key-env", "PUB"]],
    [6, ["t.json", "--public-key", "k"]],
    [6, ["t.json", "--path", "t.json", "--public-key", "p"]],
    [6, ["t.json", "t.json", "--public-key", "p"]],
    [6, ["--public-key", "p"]],
    [6, ["dir", "--public-key", "p"]],
    [6, ["p", "--public-key", "p"]],
  ];
  for (const [wanted, argv] of exits) assertEquals((await made.json("trace", "verify", ...argv))[0], wanted, argv.join(" "));
});

Deno.test("trace verify: members that no signature covers are named, at most ten of them", async () => {
  const odd = { ...SIGNED, approved_by: "ceo", signature: { ...SIGNED.signature, note: 1 } };
  const many = { ...SIGNED, ...Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`x${i}`, i])) };
  const made = machine({ files: { "odd.json": JSON.stringify(odd), "many.json": JSON.stringify(many), p: PUBLIC_KEY } });
  const [exit, said] = await made.json("trace", "verify", "odd.json", "--public-key", "p");
  const warning = "The signature does not cover /signature/note, /approved_by: gait knows no such member";
  assertEquals([exit, said.ok, said.warnings], [0, true, [warning]]);
  assertEquals((await made.text("trace", "verify", "odd.json", "--public-key", "p"))[1].at(-1), `warning: ${warning}`);
  const [, all] = await made.json("trace", "verify", "many.json", "--public-key", "p");
  assertEquals(all.warnings, [
    "The signature does not cover /x0, /x1, /x2, /x3, /x4, /x5, /x6, /x7, /x8, /x9 and 2 more: gait knows no such member",
  ]);
});

Deno.test("trace verify: the decision note beside a trace is read, and decides nothing", async () => {
  const note = (text: string) => machine({ files: { ...files, "dir/t.json": files["t.json"], "dir/decision_t.json": text } });
  const warnings = async (text: string) => {
    const [exit, said] = await note(text).json("trace", "verify", "dir/t.json", "--public-key", "p");
    assertEquals([exit, said.ok], [0, true], text);
    return said.warnings;
  };
  assertEquals(await warnings(JSON.stringify({ trace_digest: DIGEST, simulated: true })), undefined);
  assertEquals(await warnings(JSON.stringify({ trace_digest: "0" })), [
    `The decision note "dir/decision_t.json" belongs to another trace`,
  ]);
  assertEquals(await warnings("{"), [
    `Cannot read "dir/decision_t.json": line 1, column 2: expected a member name in double quotes or "}", found the end of the text`,
  ]);
  const folder = machine({ files: { ...files, "decision_t.json/x": "" } });
  assertEquals((await folder.json("trace", "verify", "t.json", "--public-key", "p"))[1].warnings, undefined);
});

Deno.test("trace verify: a verdict that is none makes no trace, whoever signed it", async () => {
  for (const odd of ["permit", " allow ", "Allow"]) {
    const body = { ...BODY, verdict: odd };
    const signature = await signDigest(nodeHost.crypto, KEY, digestOf(nodeHost.crypto, body));
    const files = {
      "edited.json": JSON.stringify({ ...SIGNED, verdict: odd }),
      "own.json": JSON.stringify({ ...body, signature }),
    };
    const made = machine({ files: { ...files, p: PUBLIC_KEY } });
    const tried = async (path: string) => {
      const [exit, { ok, signature_status, verdict, fault }] = await made.json("trace", "verify", path, "--public-key", "p");
      return [exit, ok, signature_status, verdict, fault];
    };
    assertEquals(await tried("edited.json"), [2, false, "failed", odd, "signature_failed"]);
    assertEquals(await tried("own.json"), [2, false, "verified", odd, "verification_failed"]);
  }
});

Deno.test("trace verify: an id that does not follow from what was decided is told, and no failure", async () => {
  const body = { ...BODY, trace_id: "abab" };
  const signature = await signDigest(nodeHost.crypto, KEY, digestOf(nodeHost.crypto, body));
  const made = machine({ files: { "t.json": JSON.stringify({ ...body, signature }), p: PUBLIC_KEY } });
  const [exit, { ok, warnings }] = await made.json("trace", "verify", "t.json", "--public-key", "p");
  assertEquals([exit, ok, warnings], [0, true, [`The trace id is not that of its policy, intent and verdict: "${ID}"`]]);
});
