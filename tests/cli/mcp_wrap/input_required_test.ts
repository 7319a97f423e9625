// Approvals by the user of a client of the stateless generation: the question is the answer of the call, and the state that comes back is
// good for one answer about exactly this call.
import { fromUtf8 } from "../../../core/base/bytes.ts";
import { readPublicKey } from "../../../core/base/keys.ts";
import { verifyAt } from "../../../cli/verify_at.ts";
import { nodeHost } from "../../../host/node.ts";
import { assert, assertEquals, assertOk } from "../../assert.ts";
import { PUBLIC_KEY } from "../commands_world.ts";
import { answering, approvalsIn, asked, META, modernCall, resultOf, toldOf } from "./asking_world.ts";
import { answerTo, wrapped } from "./world.ts";

const REFUND = ["till.refund", { cents: 5.0 }] as const;

Deno.test("wrap asking: an accept lets exactly this call through, as it would have come without the answer", async () => {
  const world = wrapped();
  await world.client.send(JSON.stringify(modernCall(1, ...REFUND)).replace(`{"cents":5}`, `{"cents":5.0}`));
  assertEquals(world.server.got(), []);
  const { message, state } = asked(world, 1);
  assert(
    message.includes(`"till.refund"`) && message.includes(`{"cents":5}`) && message.includes("refund_needs_signoff"),
    message,
  );
  const meta = JSON.stringify(META);
  const responses = `"inputResponses": {"gait_approval":{"action":"accept","content":{"decision":"approve"}}}`;
  await world.client.send(
    `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"_meta":${meta},${responses} ,"name":"till.refund", "requestState":"${state}","arguments":{"cents":5.0}}}`,
  );
  const bare =
    `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"_meta":${meta},"name":"till.refund", "arguments":{"cents":5.0}}}`;
  assertEquals(world.server.got(), [bare]);
  await world.server.send(answerTo(2));
  assertEquals(resultOf(world, 2).content, [{ type: "text", text: "done" }]);
  assertEquals(approvalsIn(world), [["require_approval", "input_required", "asked"], ["allow", "input_required", "accepted"]]);
  const [, first, second] = world.records();
  const approval = Object(second?.["decision"]?.["approval"]);
  assertEquals(approval.approvers, ["elicitation:probe"]);
  assertEquals(approval.state_id, Object(first?.["decision"]?.["approval"]).state_id);
  assertEquals([approval.token_ids.length, approval.token_digests.length], [1, 1]);
  assertEquals(Object(second?.["decision"]?.["trace"]).approval_token_ref, approval.token_ids[0], "the signed trace names it");
  assertEquals(second?.["decision"]?.["reason_codes"], ["approval_granted", "refund_needs_signoff"]);
  await world.client.close();
  assertEquals(await world.session, "ok");
  const path = world.paths().find((one) => one.endsWith("/runpack.zip")) ?? "no runpack";
  const key = assertOk(readPublicKey(nodeHost.crypto, PUBLIC_KEY));
  assertEquals(assertOk(await verifyAt(path, { key, requireSignature: true, refuseUndeclared: true }, world.ports)).ok, true);
});

Deno.test("wrap asking: no other answer is an approval, and none may be given twice", async () => {
  for (
    const [answer, reason] of [
      [{ action: "decline" }, "mcp_elicitation_declined"],
      [{ action: "cancel" }, "mcp_elicitation_cancelled"],
      [{ action: "accept", content: { decision: "deny" } }, "mcp_elicitation_declined"],
      [{ action: "accept", content: { decision: true } }, "mcp_elicitation_malformed"],
      [{ action: "accept" }, "mcp_elicitation_malformed"],
      [
        { method: "elicitation/create", result: { action: "accept", content: { decision: "approve" } } },
        "mcp_elicitation_malformed",
      ],
      [undefined, "mcp_elicitation_unanswered"],
    ] as const
  ) {
    const world = wrapped();
    await world.client.send(modernCall(1, ...REFUND));
    const { state } = asked(world, 1);
    const given = answer === undefined ? { requestState: state } : answering(state, answer);
    await world.client.send(modernCall(2, ...REFUND, given), modernCall(3, ...REFUND, answering(state)));
    assertEquals(toldOf(world, 2), ["block", [reason, "refund_needs_signoff"]]);
    assertEquals(toldOf(world, 3), ["block", ["mcp_request_state_replayed", "refund_needs_signoff"]]);
    assertEquals(world.server.got(), []);
    await world.client.close();
    assertEquals(await world.session, "ok");
  }
});

Deno.test("wrap asking: a state that was changed, or is used for anything else, is refused and recorded", async () => {
  const cases = [
    ["mcp_request_state_invalid", (state: string) => modernCall(2, ...REFUND, answering(`${state.slice(0, -6)}AAAA==`))],
    ["mcp_request_state_invalid", () => modernCall(2, ...REFUND, answering("gait1."))],
    ["mcp_request_state_call_mismatch", (state: string) => modernCall(2, "till.refund", { cents: 6 }, answering(state))],
    ["mcp_request_state_tool_mismatch", (state: string) => modernCall(2, "tool.exec", { cents: 5 }, answering(state))],
  ] as const;
  for (const [reason, retry] of cases) {
    const world = wrapped();
    await world.client.send(modernCall(1, ...REFUND));
    const { state } = asked(world, 1);
    await world.client.send(retry(state));
    assertEquals(toldOf(world, 2), ["block", [reason, "refund_needs_signoff"]]);
    assertEquals(approvalsIn(world)[1], ["block", "input_required", "refused"]);
    // It was not used up by that.
    await world.client.send(modernCall(3, ...REFUND, answering(state)));
    assertEquals(world.server.got().map((line) => JSON.parse(line).id), [3]);
    await world.client.close();
  }
});

// What a policy sees of two calls may be the same, and to the server they are two.
const ALIKE = [
  [`{"path":"/tmp/a"}`, `{"path":" \\n/tmp/a\\t"}`],
  [`{"cmd":"ls\\n"}`, `{"cmd":"ls"}`],
  [`{"path":"x"}`, `{"path ":"x"}`],
  [`{"n":9007199254740992}`, `{"n":9007199254740993}`],
  [`{"n":1}`, `{"n":1.0}`],
  [`{"n":1}`, `{"n":1},"task":{"ttl":1}`],
] as const;

Deno.test("wrap asking: an accept is for the call as it was spelled, beside what a client makes anew", async () => {
  for (const [first, second] of ALIKE) {
    const world = wrapped();
    const send = (id: number, args: string, more: object = {}) =>
      world.client.send(
        JSON.stringify(modernCall(id, "till.refund", {}, more)).replace(`"arguments":{}`, `"arguments":${args}`),
      );
    await send(1, first);
    const { message, state } = asked(world, 1);
    assert(message.includes(`arguments: ${JSON.stringify(JSON.parse(first))}\n`), "shown as it will leave");
    await send(2, second, answering(state));
    assertEquals([world.server.got(), toldOf(world, 2)], [[], ["block", [
      "mcp_request_state_call_mismatch",
      "refund_needs_signoff",
    ]]], second);
    await send(3, first, { ...answering(state), _meta: { ...META, progressToken: 3 } });
    assertEquals(world.server.got().length, 1, first);
    await world.client.close();
  }
});

Deno.test("wrap asking: a state of another policy, too old, or of a tool that is declared otherwise now", async () => {
  const world = wrapped({ settings: { patience: 90_000 } });
  const list = async (id: string, description: string) => {
    await world.client.send({ jsonrpc: "2.0", id, method: "tools/list" });
    await world.server.send({ jsonrpc: "2.0", id, result: { tools: [{ name: "till.refund", description, inputSchema: {} }] } });
  };
  const sent = world.server.got;
  await world.client.send(modernCall(1, ...REFUND));
  const { state } = asked(world, 1);
  await list("a", "pays back");
  await world.client.send(modernCall(2, ...REFUND, answering(state)));
  assertEquals(toldOf(world, 2)[1], ["mcp_request_state_tool_mismatch", "refund_needs_signoff"]);
  await world.client.send(modernCall(3, ...REFUND));
  const again = asked(world, 3).state;
  world.put("policy.yaml", "default_verdict: require_approval\n");
  await world.client.send(modernCall(4, ...REFUND, answering(again)));
  assertEquals(Object(toldOf(world, 4)[1])[0], "default_require_approval");
  assertEquals(Object(toldOf(world, 4)[1])[1], "mcp_request_state_policy_mismatch");
  await world.client.send(modernCall(5, ...REFUND));
  const late = asked(world, 5).state;
  for (let i = 0; i < 100; i++) world.ports.clock.now(); // a second each
  await world.client.send(modernCall(6, ...REFUND, answering(late)));
  assertEquals(Object(toldOf(world, 6)[1])[1], "mcp_request_state_expired");
  assertEquals(sent().some((line) => line.includes("tools/call")), false);
  await world.client.close();
});

Deno.test("wrap asking: of two retries at the same time one gets through", async () => {
  const world = wrapped();
  await world.client.send(modernCall(1, ...REFUND));
  const { state } = asked(world, 1);
  await world.client.send(...[2, 3, 4].map((id) => modernCall(id, ...REFUND, answering(state))));
  assertEquals(world.server.got().length, 1);
  assertEquals(approvalsIn(world).filter(([verdict]) => verdict === "allow").length, 1);
  await world.client.close();
});

Deno.test("wrap asking: a ledger that cannot be read or written lets nothing through", async () => {
  const world = wrapped({ files: { "ledger.json": "{}" } });
  await world.client.send(modernCall(1, ...REFUND));
  await world.client.send(modernCall(2, ...REFUND, answering(asked(world, 1).state)));
  assertEquals(world.server.got(), []);
  assertEquals(world.records().at(-1)?.["undecided"]?.["fault"], "document_shape");
  await world.client.close();
});

Deno.test("wrap asking: who cannot be asked, or must not be, gets what the policy says", async () => {
  const rule = (more: string) =>
    `default_verdict: block\nrules:\n  - {name: r, effect: require_approval, match: {tool_names: [till.refund]}${more}}\n`;
  const plain = { "policy.yaml": rule("") };
  const of = (capabilities: object) => ({ ...META, "io.modelcontextprotocol/clientCapabilities": capabilities });
  const call = modernCall(1, ...REFUND);
  const cases: readonly (readonly [string, Parameters<typeof wrapped>[0], object])[] = [
    ["it does not say that it can", { files: plain }, { ...call, params: { ...call.params, _meta: of({}) } }],
    ["it asks by addresses only", { files: plain }, {
      ...call,
      params: { ...call.params, _meta: of({ elicitation: { url: {} } }) },
    }],
    ["two approvals are wanted", { files: { "policy.yaml": rule(", min_approvals: 2") } }, call],
    [
      "different people are wanted",
      { files: { "policy.yaml": rule(", min_approvals: 2, require_distinct_approvers: true") } },
      call,
    ],
    ["a credential is wanted too", { files: { "policy.yaml": rule(", require_broker_credential: true") } }, call],
    ["it is off", { files: plain, settings: { elicit: false } }, call],
    [
      "the call is too long to be shown",
      { files: plain, settings: { most: 60_000 } },
      modernCall(1, "till.refund", { a: "x".repeat(20_000) }),
    ],
  ];
  for (const [why, change, frame] of cases) {
    const world = wrapped({ ...change, settings: { pending_dir: "box", ...change?.settings } });
    await world.client.send(frame);
    assertEquals(toldOf(world, 1)[0], "require_approval", why);
    assertEquals("resultType" in resultOf(world, 1) && resultOf(world, 1).resultType, "complete", why);
    assertEquals([...world.ports.disk.files().keys()].filter((path) => path.startsWith("box/")).length, 1, why);
    await world.client.close();
    assertEquals(await world.session, "ok", why);
  }
});

Deno.test("wrap asking: a state counts no more once nobody is to be asked", async () => {
  const world = wrapped();
  await world.client.send(modernCall(1, ...REFUND));
  const { state } = asked(world, 1);
  await world.client.close();
  // Nothing is left to chance here: other gates have the same key and session, so call and policy are the same.
  const other = wrapped({ settings: { elicit: false } });
  await other.client.send(modernCall(1, ...REFUND, answering(state)));
  assertEquals(toldOf(other, 1), ["block", ["mcp_request_state_unasked", "refund_needs_signoff"]]);
  await other.client.close();
});

Deno.test("wrap asking: what one gate has taken no other takes that shares its ledger", async () => {
  const first = wrapped();
  await first.client.send(modernCall(1, ...REFUND));
  const { state } = asked(first, 1);
  const ledger = async (files: Readonly<Record<string, string>>): Promise<readonly [readonly unknown[], string]> => {
    const gate = wrapped({ files });
    await gate.client.send(modernCall(2, ...REFUND, answering(state)));
    await gate.client.close();
    return [approvalsIn(gate)[0] ?? [], fromUtf8(gate.bytes("ledger.json"))];
  };
  const [verdict, used] = await ledger({});
  assertEquals(verdict, ["allow", "input_required", "accepted"]);
  assertEquals((await ledger({ "ledger.json": used }))[0], ["block", "input_required", "refused"]);
  await first.client.close();
});

Deno.test("wrap asking: what a server asked for itself passes, and comes along when the gate asks in between", async () => {
  const world = wrapped();
  const own = { inputResponses: { name: { action: "accept", content: { n: 1 } } }, requestState: "theirs" };
  await world.client.send(modernCall(1, "shelf.peek", {}, own));
  assertEquals(world.server.got(), [JSON.stringify(modernCall(1, "shelf.peek", {}, own))]);
  await world.client.send(modernCall(2, ...REFUND, own));
  const { state } = asked(world, 2);
  await world.client.send(modernCall(3, ...REFUND, answering(state)));
  const left = JSON.parse(world.server.got()[1] ?? "");
  assertEquals(left, { ...modernCall(3, ...REFUND), params: { ...modernCall(3, ...REFUND).params, ...own } });
  await world.client.close();
});
