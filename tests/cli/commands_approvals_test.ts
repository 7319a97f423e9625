// Contracts of `gait approvals list|show|approve|deny`: members, lines, exits and files; and that nobody decides what another decided, or
// what is not what was shown.
import { assert, assertEquals } from "../assert.ts";
import { changed, deletion, filed, mail, script } from "../authority/requests.ts";
import {
  ANN,
  approve,
  BOX,
  boxMachine,
  by,
  decision,
  DELETION,
  deny,
  inboxOf,
  KEYS,
  linesWith,
  MAIL,
  SCRIPT,
} from "./approvals_world.ts";
import { machine } from "./commands_world.ts";

const IDS = [MAIL, DELETION, SCRIPT].sort();
const END = "2026-01-01T00:30:00Z";
const LATER = "2026-03-15T10:00:00Z";

const errorOf = ([exit, { fault, error }]: readonly [number, Record<string, unknown>]) => [exit, fault, error];

Deno.test("approvals list: what waits, in JSON", async () => {
  const [exit, { requests, ...said }] = await boxMachine().json("approvals", "list");
  assertEquals([exit, Object.keys(said).sort()], [0, ["counts", "dir", "ok", "set"]]);
  assertEquals(said["counts"], { pending: 3, approved: 0, denied: 0, expired: 0, damaged: 0 });
  assert(Array.isArray(requests));
  assertEquals(requests.map(({ request_id }) => request_id), IDS);
  assertEquals(requests.find(({ request_id }) => request_id === DELETION), {
    request_id: DELETION,
    state: "pending",
    tool_name: "file.delete",
    identity: "agent.lead",
    risk_class: "high",
    destroys: true,
    target_count: 1,
    operation_count: 1,
    reason_codes: ["approval_token_missing", "destructive_apply_requires_approval", "matched_rule_deletes"],
    required_approvals: 2,
    approvals: 0,
    created_at: "2026-03-14T10:00:00Z",
    expires_at: LATER,
  });
});

Deno.test("approvals list: in lines, by state, and of an inbox that is not there", async () => {
  const on = boxMachine();
  await on.json(...approve(MAIL));
  await on.json(...deny(SCRIPT));
  const [exit, lines] = await on.text("approvals", "list");
  assertEquals([exit, lines.slice(0, 2)], [0, [
    "approvals list: 1 pending, 1 approved, 1 denied, 0 expired, 0 damaged",
    `${DELETION.slice(0, 12)}  pending   file.delete  by agent.lead  risk high  DESTROYS  0 of 2 approvals  until ${LATER}`,
  ]]);
  assert(/^set: [0-9a-f]{64}$/.test(lines[2] ?? ""), lines[2] ?? "");
  for (const [state, ids] of [["all", IDS], ["approved", [MAIL]], ["denied", [SCRIPT]], ["expired", []]] as const) {
    const [, { requests = [] }] = await on.json("approvals", "list", "--state", state);
    assert(Array.isArray(requests));
    assertEquals(requests.map(({ request_id }) => request_id), ids, state);
  }
  const [none, said] = await machine().json("approvals", "list", "--dir", "nowhere");
  assertEquals([none, said["warnings"], said["requests"]], [0, ['There is no folder "nowhere" yet'], undefined]);
});

Deno.test("approvals: a file where the inbox is wanted is no empty inbox", async () => {
  const on = boxMachine({ files: { afile: "" } });
  const refused = [6, "path_refused", 'Cannot use "afile" as an inbox: it is not a folder'];
  const lines = [
    ["approvals", "list"],
    ["approvals", "show", "--id", MAIL],
    ["approvals", "show", "--id", MAIL.slice(0, 12)],
    ["approvals", "wait", "--id", MAIL],
    approve(MAIL),
    approve("--all"),
    deny(MAIL),
  ];
  for (const line of lines) assertEquals(errorOf(await on.json(...line, "--dir", "afile")), refused, line.join(" "));
});

Deno.test("approvals list: files that were changed, cut or belong elsewhere are told, never taken for requests", async () => {
  const { id, bytes } = filed(mail());
  const on = boxMachine({
    files: {
      [`${BOX}/request_${id}.json`]: changed(bytes, "ann@", "eve@"),
      [`${BOX}/request_${"a".repeat(64)}.json`]: bytes,
      [`${BOX}/request_${"b".repeat(64)}.json`]: "",
      [decision(DELETION)]: "{",
      [decision("c".repeat(64))]: "{}",
      [`${BOX}/notes.txt`]: "{}",
    },
  });
  const [, { counts, requests }] = await on.json("approvals", "list");
  assertEquals(counts, { pending: 1, approved: 0, denied: 0, expired: 0, damaged: 4 });
  assert(Array.isArray(requests));
  for (const { request_id, state, flaw } of requests) {
    assertEquals([state, flaw !== undefined], request_id === SCRIPT ? ["pending", false] : ["damaged", true], request_id);
  }
  for (
    const [ids, code] of [[id, "request_changed"], ["b".repeat(64), "request_changed"], [DELETION, "request_changed"]] as const
  ) {
    const [exit, fault] = errorOf(await on.json(...approve(ids)));
    assertEquals([exit, fault], [2, code], ids);
  }
});

Deno.test("approvals show: all of a request, by the beginning of its id, safe for a terminal", async () => {
  const on = boxMachine({
    files: inboxOf(mail({ args: { text: "fine\nstate: approved\x1b[2J", bidi: "a\u202eb" } })),
  });
  const [, { requests }] = await on.json("approvals", "list");
  assert(Array.isArray(requests));
  const id = requests.map(({ request_id }) => String(request_id)).find((one) => !IDS.includes(one)) ?? "";
  const [exit, lines] = await on.text("approvals", "show", "--id", id.slice(0, 12));
  assertEquals([exit, lines.slice(0, 3)], [0, [
    `request_id: ${id}`,
    "state: pending, 0 of 1 decisions",
    `asked by agent.lead at 2026-03-14T10:00:00Z, until ${LATER}`,
  ]]);
  linesWith(lines, "tool: mail.send");
  linesWith(lines, 'it reaches out to: "mail.example.test"');
  linesWith(lines, "it holds characters that cannot be seen");
  linesWith(lines, "    | fine");
  linesWith(lines, "    | state: approved\\x1b[2J");
  linesWith(lines, '  bidi: "a\\u202eb"');
  linesWith(lines, "an approval covers: tool:mail.send");
  assertEquals(lines.filter((line) => line.startsWith("state:")).length, 1);
  assert(!on.outputs.join("").includes("\x1b") && !on.outputs.join("").includes("\u202e"));
});

Deno.test("approvals show: the members of its JSON", async () => {
  const on = boxMachine();
  await on.json(...approve(DELETION));
  const [exit, { request, rendering, ...said }] = await on.json("approvals", "show", "--id", DELETION);
  assertEquals(exit, 0);
  assertEquals(said, {
    ok: true,
    request_id: DELETION,
    state: "pending",
    created_at: "2026-03-14T10:00:00Z",
    expires_at: LATER,
    identity: "agent.lead",
    required_approvals: 2,
    remarks: [
      'it destroys: "/srv/app/old.txt"',
      'its risk class is "high"',
      "it takes 2 approvals of different people",
    ],
    decisions: [{
      decision: "approved",
      path: decision(DELETION),
      approver_identity: "ann",
      reason_code: "change_7",
      created_at: "2026-01-01T00:00:00Z",
      expires_at: END,
      token_id: Reflect.get(JSON.parse(on.file(decision(DELETION))), "token_id"),
      key_id: ANN.keyId,
    }],
  });
  assertEquals(request, JSON.parse(on.file(`${BOX}/request_${DELETION}.json`)));
  assert(Array.isArray(rendering) && rendering.includes("tool: file.delete"));
});

Deno.test("approvals show: a key says whose the decisions are", async () => {
  const on = boxMachine();
  await on.json(...approve(MAIL, "ann", "eve"));
  const verdictBy = async (...key: readonly string[]) => {
    const [, { decisions }] = await on.json("approvals", "show", "--id", MAIL, ...key);
    assert(Array.isArray(decisions));
    const [{ verified, error_code }] = decisions;
    return [verified, error_code];
  };
  assertEquals(await verdictBy(), [undefined, undefined]);
  assertEquals(await verdictBy("--public-key", "eve.pub"), [true, undefined]);
  assertEquals(await verdictBy("--public-key", "ann.pub"), [false, "approval_token_signature_invalid"]);
});

Deno.test("approvals approve: one request gets an ordinary token of single use", async () => {
  const on = boxMachine();
  const [exit, said] = await on.json(...approve(MAIL));
  const token = JSON.parse(on.file(decision(MAIL)));
  assertEquals([exit, said], [0, {
    ok: true,
    approved: [{ request_id: MAIL, token_id: token.token_id, token_path: decision(MAIL) }],
    expires_at: END,
    reason_code: "change_7",
    key_id: ANN.keyId,
    description: `ann approves 1 request, once, until ${END}`,
  }]);
  const { signature, token_id: _, producer_version: __, ...terms } = token;
  const { request } = filed(mail());
  assertEquals(signature.key_id, ANN.keyId);
  assertEquals(terms, {
    schema_id: "gait.gate.approval_token",
    schema_version: "1.0.0",
    created_at: "2026-01-01T00:00:00Z",
    approver_identity: "ann",
    reason_code: "change_7",
    intent_digest: request.intent_digest,
    policy_digest: request.policy_digest,
    scope: [`request:${MAIL}`, "tool:mail.send"],
    max_targets: 1,
    max_ops: 1,
    expires_at: END,
  });
});

Deno.test("approvals approve: two approvals are wanted of two people", async () => {
  const on = boxMachine();
  assertEquals((await on.json(...approve(DELETION)))[0], 0);
  assertEquals(errorOf(await on.json(...approve(DELETION, "ann", "eve"))), [
    6,
    "request_closed",
    `Cannot decide request "${DELETION}": "ann" approved it already, another approver is wanted`,
  ]);
  const [exit, { approved }] = await on.json(...approve(DELETION, "bo", "eve"));
  assertEquals([exit, approved], [0, [{
    request_id: DELETION,
    token_id: JSON.parse(on.file(decision(DELETION, 2))).token_id,
    token_path: decision(DELETION, 2),
  }]]);
  assertEquals(errorOf(await on.json(...approve(DELETION, "cy"))), [
    6,
    "request_closed",
    `Cannot decide request "${DELETION}": it is approved`,
  ]);
});

Deno.test("approvals approve: several requests by one signature, each in a file of its own", async () => {
  const on = boxMachine();
  const [exit, said] = await on.json(...approve(`${SCRIPT}, ${MAIL},${DELETION},${MAIL}`));
  assert(Array.isArray(said["approved"]));
  assertEquals([exit, said["approved"].map(({ request_id }) => request_id)], [0, IDS]);
  const files = IDS.map((id) => JSON.parse(on.file(decision(id))));
  assertEquals(new Set(files.map(({ signature }) => signature.sig)).size, 1);
  files.forEach((file, i) => {
    assertEquals([file.schema_id, file.tree_size, file.leaf_index, file.root], [
      "gait.gate.batch_approval",
      3,
      i,
      said["batch_root"],
    ]);
    assert(file.token.scope.includes(`request:${IDS[i]}`));
  });
  const [, { counts }] = await on.json("approvals", "list");
  assertEquals(counts, { pending: 1, approved: 2, denied: 0, expired: 0, damaged: 0 });
  const [, lines] = await on.text("approvals", "show", "--id", MAIL, "--public-key", "ann.pub");
  linesWith(lines, `one of 3 under one signature, key ${ANN.keyId}, verified`);
});

Deno.test("approvals approve: all, and all only as they were listed", async () => {
  const on = boxMachine();
  const [, { set }] = await on.json("approvals", "list");
  on.disk.put(`${BOX}/${filed(mail(), 9).name}`, filed(mail(), 9).bytes);
  assertEquals(errorOf(await on.json(...approve("--all"), "--set", String(set))), [
    6,
    "inbox_differs",
    `Cannot decide all of "${BOX}": what is pending is not the set "${set}" any more`,
  ]);
  assertEquals([...on.disk.files().keys()].filter((path) => path.includes("decision_")), []);
  const [, listed] = await on.json("approvals", "list");
  const [exit, { approved }] = await on.json(...approve("--all"), "--set", String(listed["set"]));
  assert(Array.isArray(approved));
  assertEquals([exit, approved.length], [0, 4]);
  // What waits for another is left over; what one has approved waits for somebody else.
  assertEquals(errorOf(await on.json(...approve("--all")))[1], "request_missing");
  assertEquals((await on.json(...approve("--all", "bo")))[0], 0);
});

Deno.test("approvals approve: a request that shows another call than it is bound to stops all of a batch", async () => {
  const { request } = filed(mail(), 0);
  const { pendingFile } = await import("../../core/authority/pending.ts");
  const { crypto } = await import("../authority/requests.ts");
  const forged = pendingFile(crypto, { ...request, intent: filed(script()).request.intent });
  const on = boxMachine({ files: { [`${BOX}/${forged.name}`]: forged.bytes } });
  for (const line of [approve("--all"), approve(`${MAIL},${forged.id}`), approve(forged.id), deny(forged.id)]) {
    assertEquals(errorOf(await on.json(...line)).slice(0, 2), [2, "request_changed"], line.join(" "));
  }
  assertEquals(errorOf(await on.json("approvals", "show", "--id", forged.id)).slice(0, 2), [2, "request_changed"]);
  assertEquals([...on.disk.files().keys()].filter((path) => path.includes("decision_")), []);
});

Deno.test("approvals deny: one no is enough, and stands", async () => {
  const on = boxMachine();
  await on.json(...approve(DELETION));
  const [exit, said] = await on.json(...deny(DELETION));
  assertEquals([exit, said], [0, {
    ok: true,
    denied: [{ request_id: DELETION, denial_path: decision(DELETION, 2) }],
    reason_code: "change_7",
    key_id: ANN.keyId,
  }]);
  const { signature, producer_version: _, ...denial } = JSON.parse(on.file(decision(DELETION, 2)));
  const { request } = filed(deletion(), 1);
  assertEquals(signature.key_id, ANN.keyId);
  assertEquals(denial, {
    schema_id: "gait.gate.approval_denial",
    schema_version: "1.0.0",
    created_at: denial.created_at,
    request_id: DELETION,
    intent_digest: request.intent_digest,
    policy_digest: request.policy_digest,
    approver_identity: "cy",
    reason_code: "change_7",
  });
  for (const again of [approve(DELETION, "bo"), deny(DELETION, "bo")]) {
    assertEquals(errorOf(await on.json(...again)), [6, "request_closed", `Cannot decide request "${DELETION}": it is denied`]);
  }
});

Deno.test("approvals: what nobody waits for any more is not decided", async () => {
  const old = filed(mail(), 3).request;
  const { pendingFile } = await import("../../core/authority/pending.ts");
  const { crypto } = await import("../authority/requests.ts");
  const over = pendingFile(crypto, { ...old, expires_at: "2026-01-01T00:00:00Z" });
  const on = machine({ files: { ...KEYS, [`${BOX}/${over.name}`]: over.bytes } });
  const [, { counts }] = await on.json("approvals", "list");
  assertEquals(counts, { pending: 0, approved: 0, denied: 0, expired: 1, damaged: 0 });
  for (const line of [approve(over.id), deny(over.id)]) {
    assertEquals(errorOf(await on.json(...line)), [6, "request_closed", `Cannot decide request "${over.id}": it is expired`]);
  }
  assertEquals(errorOf(await on.json(...approve("--all")))[1], "request_missing");
});

Deno.test("approvals: usage is refused before anything is signed", async () => {
  const on = boxMachine();
  const approver = ["approvals", "approve", "--ttl", "30m", ...by("ann")];
  const refused: readonly (readonly [readonly string[], string])[] = [
    [approver, "usage"],
    [[...approver, "--id", MAIL, "--all"], "usage"],
    [[...approver, "--id", MAIL, "--set", "x"], "usage"],
    [[...approver, "--id", MAIL.slice(0, 12)], "flag_value"],
    [[...approver, "--id", `${MAIL},`], "flag_value"],
    [[...approver, "--id", "a".repeat(64)], "request_missing"],
    [[...approve(MAIL), "--ttl", "-1m"], "flag_value"],
    [[...approve(MAIL), "--key-mode", "dev"], "key_source"],
    [["approvals", "deny", "--id", MAIL, "--approver", "ann", "--reason-code", "r"], "key_source"],
    [["approvals", "approve", "--id", MAIL, "--ttl", "30m", "--approver", " ", "--reason-code", "r"], "missing_argument"],
    [["approvals", "deny", ...by("ann")], "missing_argument"],
    [["approvals", "show", "--id", MAIL.slice(0, 11)], "flag_value"],
    [["approvals", "show", "--id", "a".repeat(12)], "request_missing"],
    [["approvals", "wait", "--id", MAIL.slice(0, 12)], "flag_value"],
    [["approvals", "wait", "--id", MAIL, "--timeout", "soon"], "flag_value"],
    [[...approve(MAIL), "--dir", "../elsewhere"], "request_missing"],
  ];
  for (const [line, code] of refused) {
    const [exit, fault] = errorOf(await on.json(...line));
    assertEquals([exit, fault], [6, code], line.join(" "));
  }
  assertEquals([...on.disk.files().keys()].filter((path) => path.includes("decision_")), []);
});

Deno.test("approvals: a key for one run is warned of", async () => {
  const [exit, said] = await boxMachine().json(
    ...["approvals", "deny", "--id", MAIL, "--approver", "ann", "--reason-code", "r", "--key-mode", "dev"],
  );
  assertEquals([exit, said["warnings"]], [0, ["Key mode dev: the key is gone after this run, so nobody can verify the token"]]);
});
