// What an approver reads of a request: all of the call, in lines that nothing in it can forge, and what is out of the ordinary about it.
import { remarks } from "../../core/authority/pending_remarks.ts";
import { requestLines } from "../../core/authority/pending_view.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { assert, assertEquals } from "../assert.ts";
import { deletion, mail, requested, script } from "./requests.ts";

const linesOf = (call: JsonObject, full = false): readonly string[] => requestLines(requested(call), full);
const between = (lines: readonly string[], from: string, to: string): readonly string[] =>
  lines.slice(lines.indexOf(from) + 1, lines.indexOf(to));

Deno.test("pending view: a plain call, exactly", () => {
  const { intent_digest, policy_digest, trace_id } = requested(mail());
  assertEquals(linesOf(mail()), [
    "tool: mail.send",
    "look at this:",
    '  it reaches out to: "mail.example.test"',
    "targets (1):",
    "  url https://mail.example.test/send (operation post, endpoint_class net.http, endpoint_domain mail.example.test)",
    "arguments:",
    '  to: "ann@example.test"',
    '  text: "hello"',
    "context:",
    '  identity: "agent.lead"',
    '  workspace: "/srv/app"',
    '  risk_class: "low"',
    '  phase: "apply"',
    "rules that were taken:",
    '  "mails", priority 0: require_approval',
    "reasons:",
    "  approval_token_missing",
    "  asked",
    "violations:",
    "  approval_not_granted",
    "an approval covers: tool:mail.send",
    `intent_digest: ${intent_digest}`,
    `policy_digest: ${policy_digest}`,
    `trace_id: ${trace_id}`,
  ]);
});

Deno.test("pending view: no text of a call looks like a line of its own", () => {
  const forged = 'harmless\ncontext:\n  identity: "root"\r\nstate: approved';
  const call = mail({
    args: { [forged]: forged, list: [forged, [], {}, { [forged]: 1 }] },
    targets: [{ kind: "other", value: forged, operation: forged }],
    arg_provenance: [{ arg_path: forged, source: "user", source_ref: forged }],
    context: { identity: forged, workspace: "/srv/app", risk_class: "low", environment: forged },
  });
  const lines = linesOf(call);
  for (const head of ["context:", "state: approved", '  identity: "root"']) {
    assertEquals(lines.filter((line) => line === head || line === `${head}\r`).length, head === "context:" ? 1 : 0, head);
  }
  assert(lines.every((line) => !line.includes("\n")));
  assertEquals(between(lines, "arguments:", "arguments come from:").filter((line) => line.startsWith("  ") === false), []);
});

Deno.test("pending view: values of every kind can be told apart", () => {
  const args = { a: "1", b: 1, c: true, d: "true", e: null, f: "null", g: [], h: {}, i: "", j: " x ", k: [1, ["2"]] };
  assertEquals(between(linesOf(mail({ args })), "arguments:", "context:"), [
    '  a: "1"',
    "  b: 1",
    "  c: true",
    '  d: "true"',
    "  e: null",
    '  f: "null"',
    "  g: []",
    "  h: {}",
    '  i: ""',
    '  j: "x"', // trimmed by the gate, and digested so
    "  k:",
    "    - 1",
    "    -",
    '      - "2"',
  ]);
});

Deno.test("pending view: what is long is cut and says so; in full nothing is left out", () => {
  const args = { text: "v".repeat(2_500), list: Array.from({ length: 300 }, (_, i) => i) };
  const short = linesOf(mail({ args })).join("\n");
  assert(short.includes(`"${"v".repeat(2_000)}" and 500 characters more; --full shows them`));
  assert(short.includes("  ... 103 lines more; --full shows them"), short.slice(-900));
  const full = linesOf(mail({ args }), true).join("\n");
  assert(full.includes(`"${"v".repeat(2_500)}"`) && full.includes("    - 299") && !full.includes("--full"));
});

Deno.test("pending view: the steps of a script", () => {
  const lines = linesOf(script());
  assertEquals(between(lines, "step 2 of 2: b", "context:"), [
    "  path /srv/app/b DESTRUCTIVE (operation delete, endpoint_class fs.delete)",
    "  arguments:",
    "    n: 2",
  ]);
  assert(lines.includes("  2 b: require_approval (destructive_apply_requires_approval, matched_rule_scripts)"));
});

Deno.test("pending remarks: what is out of the ordinary, and nothing where nothing is", () => {
  const plain = mail({ targets: [{ kind: "path", value: "/srv/app/a", operation: "read" }] });
  const told = (change: JsonObject) => remarks(requested({ ...plain, ...change }));
  const context = (change: JsonObject) => ({ context: { identity: "a", workspace: "/w", risk_class: "low", ...change } });
  assertEquals(told({}), []);
  assertEquals(remarks(requested(deletion())), [
    'it destroys: "/srv/app/old.txt"',
    'its risk class is "high"',
    "it takes 2 approvals of different people",
  ]);
  assertEquals(remarks(requested(script())), [
    'it destroys: "/srv/app/b"',
    "it is a script: its 2 steps are approved together",
  ]);
  assertEquals(told({ targets: [{ kind: "host", value: "db.example.test" }] }), ['it reaches out to: "db.example.test"']);
  assertEquals(told({ targets: [{ kind: "other", value: "x", open_world_hint: true }] }), ['it reaches out to: "x"']);
  assertEquals(told({ targets: [{ kind: "other", value: "x", destructive_hint: true }] }), ['it destroys: "x"']);
  assertEquals(
    told({ targets: Array.from({ length: 7 }, (_, i) => ({ kind: "path", value: `/${i}`, operation: "delete" })) }),
    [
      'it destroys: "/0", "/1", "/2", "/3", "/4" and 2 more',
    ],
  );
  assertEquals(told({ arg_provenance: [{ arg_path: "$.to", source: "external" }, { arg_path: "$.a", source: "user" }] }), [
    'arguments of it came from outside: "$.to (external)"',
  ]);
  assertEquals(told(context({ risk_class: "critical" })), ['its risk class is "critical"']);
  assertEquals(told(context({ credential_ref: "ref:vault/db" })), ['it uses the credential "ref:vault/db"']);
  assertEquals(
    told({
      delegation: {
        requester_identity: "a",
        chain: [{ delegator_identity: "ann", delegate_identity: "a" }],
        expires_at: "2026-04-01T00:00:00Z",
      },
    }),
    ['"a" acts for "ann", until 2026-04-01T00:00:00Z'],
  );
  assertEquals(told({ delegation: { requester_identity: "a" } }), ['"a" acts for somebody else']);
  assertEquals(told({ skill_provenance: { skill_name: "s", source: "git", publisher: "p" } }), [
    'it was made by the skill "s" of "p"',
  ]);
});

Deno.test("pending remarks: characters that cannot be seen are told wherever they hide", () => {
  const hidden = "it holds characters that cannot be seen or that turn the direction of text";
  const tells = (change: JsonObject) => remarks(requested(mail(change))).includes(hidden);
  for (const char of ["\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\x1b", "\x7f", "\u{e0041}", "\u3164"]) {
    for (const args of [{ to: `a${char}b` }, { [`a${char}b`]: 1 }, { to: [[{ deep: `a${char}b` }]] }]) {
      assert(tells({ args }), JSON.stringify(args));
    }
    assert(tells({ targets: [{ kind: "other", value: `a${char}b` }] }));
  }
  for (const text of ["two\nlines\tand a tab", "Grüße, \u4f60\u597d, \u{1f600}"]) assert(!tells({ args: { text } }), text);
});

Deno.test("pending remarks: a default that asks is told", () => {
  const request = requested(mail());
  assert(remarks({ ...request, matched_rules: [] }).includes("no rule of the policy is about it: its default asks"));
});
