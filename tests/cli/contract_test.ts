// Contracts of `contract validate|activate|verify` (spec 03, section 9.4): members, lines, exits, files, streams.
import type { Json } from "../../core/base/json.ts";
import { assert, assertEquals } from "../assert.ts";
import { bytesOf, changed, FULL, identified, manifestOf } from "../authority/contracts.ts";
import { KEY_ID, PRIVATE_KEY, PUBLIC_KEY } from "./commands_world.ts";
import { read, REPORT, type World, world } from "./contract_world.ts";

const NOTHING = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const ACTIVATED = "https://gait.dev/schemas/v1/activated-action-contract-artifact.schema.json";
const PROPOSED = "https://wrkr.dev/schemas/v1/proposed-action-contract-artifact.schema.json";

const SAID = { schema_version: "1", ok: true };
/** Exit and JSON of a command line; one line of stdout, nothing on stderr, no correlation id. */
async function json(made: World, ...argv: readonly string[]): Promise<readonly [number, Json]> {
  const [exit, out, err] = await made.raw("contract", ...argv, "--json");
  assert(out.indexOf("\n") === out.length - 1 && err === "" && !out.includes("correlation_id"), `${out}${err}`);
  return [exit, JSON.parse(out)];
}

const early = (operation: string, error: string, reason?: string) => ({
  schema_id: "",
  schema_version: "",
  ok: false,
  operation,
  error,
  ...(reason === undefined ? {} : { reason_codes: [reason] }),
});

const TERMS = [
  ...["--selection", "sel.json", "--policy-digest", `sha256:${"e".repeat(64)}`, "--principal", "ops.lead"],
  ...["--authority-refs", "board:7,ops:2", "--target", "payouts-api", "--environment", "staging", "--mode", "required"],
  ...["--valid-from", "2021-01-01T00:00:00Z"],
];
const KEY = ["--private-key", "op.key"];

Deno.test("contract validate: exactly these members, whatever names the file", async () => {
  const made = world();
  const answer = { ...SAID, schema_id: PROPOSED, operation: "validate", proposal: REPORT };
  for (
    const argv of [["payout/p.json"], ["--proposal", "payout/p.json"], ["--artifact=payout/p.json"], [
      "--from",
      "payout/p.json",
    ]]
  ) {
    assertEquals(await json(made, "validate", ...argv), [0, answer]);
    assertEquals(await json(made, "ingest", ...argv), [0, answer]);
  }
  const stale = identified(changed(FULL, "/contract/expires_at", "2025-12-31T23:59:59Z"));
  const { proposal, ...rest } = Object(answer);
  assertEquals(await json(world(stale), "validate", "payout/p.json"), [2, {
    ...rest,
    ok: false,
    proposal: {
      ...proposal,
      valid: false,
      reason_codes: ["proposal_stale"],
      artifact: stale,
      canonical_content_digest: stale["canonical_content_digest"],
    },
    reason_codes: ["proposal_stale"],
  }]);
  assertEquals((await json(world(stale), "validate", "payout/p.json", "--evaluation-time", "2025-12-31T23:59:59Z"))[0], 0);
});

Deno.test("contract validate: lines", async () => {
  assertEquals(await world().text("contract", "validate", "payout/p.json"), [0, [
    "contract validate ok: payout/p.json",
    "contract pac-fefb1e47f8386fb2, revision 1",
  ]]);
  assertEquals(await world(changed(FULL, "/revision", 2)).text("contract", "validate", "payout/p.json"), [2, [
    "contract validate failed: payout/p.json",
    "contract pac-fefb1e47f8386fb2, revision 2",
    "canonical_digest_mismatch: its content is not what its digest or signature stands over",
    "revision_identity_mismatch: artifact and contract name different contracts, families or revisions",
    "revision_reactivation_required: it is a later revision and does not say what it supersedes",
  ]]);
  assertEquals(await world(changed(FULL, "/variant/share_profile", "x\x1b")).text("contract", "validate", "payout/p.json"), [
    2,
    [
      "contract validate failed: payout/p.json",
      "schema_validation_failed: a member is missing or has a value that its format does not allow",
      'member "/variant/share_profile" must be one of internal, public, customer-redacted, design-partner, external-redacted, investor-safe, not "x\\u001b"',
    ],
  ]);
  assertEquals(await world().text("contract", "validate"), [6, [
    "contract validate error: Cannot run without a proposal: name its file",
    "Run the command with --help to see what it needs",
  ]]);
});

Deno.test("contract validate: errors keep the shape", async () => {
  const made = world();
  const both = 'Cannot take both "a" and "b": expected one file for a proposal';
  const cases: readonly (readonly [readonly string[], string, string?])[] = [
    [[], "Cannot run without a proposal: name its file", "explicit_selection_required"],
    [["--proposal", " "], "Cannot run without a proposal: name its file", "explicit_selection_required"],
    [["--proposal", "a", "--from", "b"], both, "ambiguous_selection"],
    [["b", "--artifact", "a"], both, "ambiguous_selection"],
    [["a", "b"], both, "ambiguous_selection"],
    [
      ["payout/p.json", "--evaluation-time", "noon"],
      'Cannot read value "noon" of --evaluation-time: wanted is an RFC 3339 time',
      "evaluation_time_invalid",
    ],
    [["none.json"], 'Cannot read "none.json": there is no such file or folder (ENOENT)'],
    [["op.pub"], 'Cannot read "op.pub": line 1, column 1: expected a value, found "e"', "artifact_malformed"],
    [["--nope"], 'Cannot take flag "--nope": the command has no such flag'],
  ];
  for (const [argv, error, reason] of cases) {
    assertEquals(await json(made, "validate", ...argv), [6, early("validate", error, reason)], argv.join(" "));
  }
});

Deno.test("contract activate: the artifact is printed and written, and verifies", async () => {
  const made = world();
  const [exit, said] = await json(made, "activate", "payout/p.json", ...TERMS, ...KEY, "--out", "act.json");
  const { activated, ...rest } = Object(said);
  assertEquals([exit, rest], [0, { ...SAID, schema_id: ACTIVATED, operation: "activate", proposal: REPORT }]);
  assertEquals(JSON.parse(made.file("act.json")), activated);
  assert(made.file("act.json").startsWith('{\n  "schema_id": ') && made.file("act.json").endsWith("}\n"));
  assertEquals([made.disk.mode("act.json"), activated.signature.key_id, activated.development_signing], [0o600, KEY_ID, false]);
  const wanted = [0, { ...SAID, schema_id: ACTIVATED, operation: "verify", proposal: REPORT, activated }];
  for (const argv of [["act.json"], ["--activation", "act.json"], ["--artifact", "act.json"]]) {
    assertEquals(await json(made, "verify", ...argv, "--proposal", "payout/p.json", "--public-key", "op.pub"), wanted);
  }
  assertEquals(await made.text("contract", "verify", "act.json", "--proposal", "payout/p.json", "--public-key", "op.pub"), [0, [
    "contract verify ok: act.json",
    "contract pac-fefb1e47f8386fb2, revision 1",
  ]]);
  assertEquals(
    await made.text("contract", "activate", "payout/p.json", ...TERMS, ...KEY, "--out", "./b.json", "--exception", "x"),
    [0, ["contract activate ok: payout/p.json", "contract pac-fefb1e47f8386fb2, revision 1", "written to b.json"]],
  );
});

Deno.test("contract activate: what is against it is told, and nothing is written", async () => {
  const made = world();
  const bare = ["payout/p.json", "--selection", "sel.json", "--out", "act.json"];
  const [exit, said] = await json(made, "activate", ...bare);
  assertEquals([exit, Object.keys(Object(said)).sort()], [2, [
    "ok",
    "operation",
    "proposal",
    "reason_codes",
    "schema_id",
    "schema_version",
  ]]);
  assertEquals(Object(said).reason_codes.length, 7);
  assert(!made.disk.files().has("act.json"));
  const hint = `gait prints policy digests bare; write --policy-digest sha256:${"e".repeat(64)}`;
  const digest = ["--policy-digest", "e".repeat(64)];
  const [, refused] = await json(made, "activate", "payout/p.json", ...TERMS, ...digest, ...KEY);
  assertEquals([Object(refused).reason_codes, Object(refused).error], [["policy_digest_missing"], hint]);
  const lines = await made.text("contract", "activate", "payout/p.json", ...TERMS, ...digest, ...KEY);
  assertEquals(lines[1].slice(-2), [
    'policy_digest_missing: the policy digest is not "sha256:" and 64 lowercase hexadecimal digits',
    hint,
  ]);
});

Deno.test("contract activate: keys", async () => {
  const made = world(FULL, { env: { GOOD: PRIVATE_KEY, PADDED: `${PRIVATE_KEY}\n`, BLANK: " " } });
  const run = async (...argv: string[]) => {
    const [exit, said] = await json(made, "activate", "payout/p.json", ...TERMS, ...argv);
    const { error = "", reason_codes = [], schema_id } = Object(said);
    return [exit, schema_id, error, ...reason_codes];
  };
  assertEquals(await run(), [2, ACTIVATED, "", "signing_key_required"]);
  assertEquals(await run("--private-key-env", "GOOD"), [0, ACTIVATED, ""]);
  const load = "Cannot load the private key: ";
  assertEquals(await run(...KEY, "--private-key-env", "GOOD"), [
    6,
    "",
    `${load}expected --private-key or --private-key-env, not both`,
  ]);
  assertEquals(await run("--private-key-env", "NOPE"), [6, "", `${load}variable "NOPE" is not set or blank`]);
  assertEquals(await run("--private-key-env", "BLANK"), [6, "", `${load}variable "BLANK" is not set or blank`]);
  assertEquals(await run("--private-key-env", "PADDED"), [
    6,
    "",
    'Cannot read the key: variable "PADDED" has blanks around it',
  ]);
  assertEquals((await run("--private-key", "sel.json"))[0], 6);
  assertEquals((await run("--allow-development-signing")).at(-1), "development_signing_forbidden");
  assertEquals(await run("--allow-development-signing", "--environment", "test"), [0, ACTIVATED, ""]);
  assertEquals(await run(...KEY, "--activating-principal", "ann"), [
    6,
    "",
    'Cannot take both "ops.lead" and "ann" from --principal and --activating-principal: expected one value',
  ]);
  assertEquals(await run(...KEY, "--activating-principal", "ops.lead"), [0, ACTIVATED, ""]);
  assert(made.outputs.every((text) => !text.includes(PRIVATE_KEY)), "no key is printed");
});

Deno.test("contract activate: --out replaces only what is meant, makes no folder and follows no link", async () => {
  const made = world(FULL, {
    links: ["linked", "aim.json"],
    files: { "linked/x": "", "aim.json": "old", "there.json": "old" },
  });
  const run = async (...argv: string[]) => {
    const [exit, said] = await json(made, "activate", "payout/p.json", ...TERMS, ...KEY, "--out", ...argv);
    return [exit, Object(said).error];
  };
  assertEquals(await run("there.json"), [1, 'Cannot write "there.json": it is there already']);
  assertEquals(await run("no/act.json"), [1, 'Cannot write the activated contract to "no/act.json": there is no folder "no"']);
  assertEquals(await run("linked/act.json"), [
    1,
    'Cannot write the activated contract to "linked/act.json": "linked" is a link',
  ]);
  assertEquals(await run("linked/act.json", "--overwrite"), [
    1,
    'Cannot write the activated contract to "linked/act.json": "linked" is a link',
  ]);
  assertEquals(await run("aim.json", "--overwrite"), [
    1,
    'Cannot write the activated contract to "aim.json": "aim.json" is a link',
  ]);
  assertEquals((await run("../act.json"))[0], 1);
  assertEquals(["there.json", "aim.json"].map(made.file), ["old", "old"]);
  assertEquals([...made.disk.files().keys()].filter((path) => path.includes("act") || path.includes("tmp")), []);
  assertEquals(await run("there.json", "--overwrite"), [0, undefined]);
  assert(made.file("there.json").includes('"gact-'));
});

Deno.test("contract activate: the selection is checked before anything is signed", async () => {
  const run = async (made: World, ...argv: string[]) => {
    const [exit, said] = await json(made, "activate", "payout/p.json", ...TERMS, ...KEY, ...argv);
    const { reason_codes, error, ...rest } = Object(said);
    assertEquals(rest, { schema_id: "", schema_version: "", ok: false, operation: "activate" });
    assert(typeof error === "string" && error !== "");
    return [exit, ...reason_codes];
  };
  assertEquals(await run(world(), "--selection", ""), [2, "selection_evidence_required"]);
  assertEquals(await run(world(), "--selection", "none.json"), [2, "selection_evidence_required"]);
  assertEquals(await run(world(), "--selection", "op.pub"), [2, "artifact_malformed"]);
  const with_ = (pointer: string, value: Json) => world(FULL, {}, (json) => changed(json, pointer, value));
  assertEquals(await run(with_("/fixture_version", "2")), [2, "selection_mismatch"]);
  assertEquals(await run(with_("/scenarios/0/artifact_path", "payout/x.json")), [2, "selection_evidence_required"]);
  assertEquals(await run(with_("/scenarios/0/current", false)), [2, "selection_not_current"]);
  assertEquals(await run(with_("/scenarios/0/artifact_sha256", NOTHING)), [2, "selection_mismatch"]);
  for (const link of ["sel.json", "payout", "payout/p.json"]) {
    assertEquals(await run(world(FULL, { links: [link] })), [2, "selection_mismatch"], link);
  }
  const folder = world(FULL, { links: ["m"], files: { "m/sel.json": bytesOf(manifestOf(read(FULL), "payout/p.json")) } });
  assertEquals(await run(folder, "--selection", "m/sel.json"), [2, "selection_mismatch"], "the folder of the manifest");
  const [, said] = await json(
    world(FULL, { links: ["l"], files: { "l/p.json": bytesOf(FULL) } }),
    "activate",
    "l/p.json",
    ...TERMS,
  );
  assertEquals(Object(said).reason_codes, ["selection_mismatch"], "the proposal over a link");
});

Deno.test("contract verify: usage, unreadable files, another key, another time", async () => {
  const made = world(FULL, { env: { PUB: ` ${PUBLIC_KEY}` } });
  await json(made, "activate", "payout/p.json", ...TERMS, ...KEY, "--out", "act.json");
  const [P, K] = [["--proposal", "payout/p.json"], ["--public-key", "op.pub"]];
  const cases: readonly (readonly [number, readonly string[], string, string?])[] = [
    [6, [...P, ...K], "Cannot run without an activated contract: name its file", "explicit_selection_required"],
    [6, ["act.json", ...K], "Cannot run without a proposal: name its file", "explicit_selection_required"],
    [6, ["act.json", ...P], "Cannot verify: expected --public-key or --public-key-env"],
    [6, ["act.json", ...P, "--public-key-env", "PUB"], 'Cannot read the key: variable "PUB" has blanks around it'],
    [
      6,
      ["act.json", "--activation", "b", ...P, ...K],
      'Cannot take both "b" and "act.json": expected one file for an activated contract',
      "ambiguous_selection",
    ],
    [2, ["none.json", ...P, ...K], 'Cannot read "none.json": there is no such file or folder (ENOENT)'],
    [2, ["act.json", "--proposal", "none.json", ...K], 'Cannot read "none.json": there is no such file or folder (ENOENT)'],
    [
      2,
      ["payout/p.json", ...P, ...K],
      'Cannot read "payout/p.json": member "/source_scan_refs" is not known here',
      "artifact_malformed",
    ],
    [
      2,
      ["act.json", "--proposal", "act.json", ...K],
      'Cannot read "act.json": member "/proposal" is not known here',
      "artifact_malformed",
    ],
  ];
  for (const [exit, argv, error, reason] of cases) {
    assertEquals(await json(made, "verify", ...argv), [exit, early("verify", error, reason)], argv.join(" "));
  }
  const [exit, said] = await json(made, "verify", "act.json", ...P, ...K, "--evaluation-time", "2020-12-31T23:59:59Z");
  assertEquals([exit, Object(said).reason_codes, Object(said).error], [
    2,
    ["activation_not_yet_valid"],
    'Cannot rely on "act.json": it holds from 2021-01-01T00:00:00Z on',
  ]);
  const other = world(FULL, {
    files: { "act.json": made.file("act.json"), "op.pub": "ls8Rceb5W8/t/76pTJplsGKHQsb+rFPJ8u5lvzYQIJo=" },
  });
  const [failed, answer] = await json(other, "verify", "act.json", ...P, ...K);
  assertEquals([failed, Object(answer).reason_codes, Object(answer).error.includes(KEY_ID)], [2, undefined, true]);
});
