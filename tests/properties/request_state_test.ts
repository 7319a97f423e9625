// The state of a question under any input: none but what was given out counts, for nothing but what was asked, and once.
import fc from "fast-check";
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { digestOf } from "../../core/base/digest.ts";
import { digestSigner } from "../../core/base/sign.ts";
import type { JsonObject } from "../../core/base/json_value.ts";
import { inputOf, withInput } from "../../core/mcp/call_input.ts";
import type { AskedCall } from "../../core/mcp/exchange.ts";
import {
  isGateState,
  readState,
  type StateCall,
  stateFlaw,
  type StateTerms,
  writeState,
} from "../../core/mcp/request_state.ts";
import { askingFor } from "../../cli/mcp_wrap/asking.ts";
import { inboxOf } from "../../cli/mcp_wrap/inbox.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { crypto, keyOf } from "../authority/requests.ts";
import { boundaryOn } from "../cli/boundary_world.ts";
import { memoryPorts } from "../../cli/host/memory.ts";
import { nodeHost } from "../../host/node.ts";
import { WRAP } from "../cli/mcp_wrap/world.ts";
import { property } from "./run.ts";

const KEY = await keyOf(1);
const sign = digestSigner(crypto, KEY);

const hex64 = fc.stringMatching(/^[0-9a-f]{64}$/);
const some = fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.toWellFormed());
const moment = fc.integer({ min: 0, max: 10 ** 9 }).map((seconds) =>
  new Date(1.6e12 + seconds * 1000).toISOString().replace(".000", "")
);

const terms: fc.Arbitrary<StateTerms> = fc.record({
  created_at: moment,
  producer_version: some,
  state_id: fc.stringMatching(/^[0-9a-f]{32}$/),
  expires_at: moment,
  principal: some,
  method: fc.constant("tools/call"),
  tool_name: some,
  definition_digest: fc.oneof(fc.constant(""), hex64),
  intent_digest: hex64,
  params_digest: hex64,
  policy_digest: hex64,
  carried: some,
});

const EARLY = "2019-01-01T00:00:00Z";

property("a state reads back as it was given out, and fits the call that it is about until it ends", terms, async (given) => {
  const text = await writeState(crypto, given, sign);
  assert(isGateState(text));
  const read = await readState(crypto, text, KEY);
  assert(read !== undefined);
  const { schema_id: _, schema_version: _v, signature: _s, ...back } = read;
  assertEquals(back, { ...given });
  assertEquals(stateFlaw(read, given, EARLY), undefined);
  assertEquals(stateFlaw(read, given, given.expires_at), "mcp_request_state_expired");
});

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=.-_ \n\u0000é";

property(
  "a state with a changed, added or lacking character, or of another key, is none",
  fc.tuple(terms, fc.nat(), fc.nat(), fc.constantFrom("change", "add", "lack", "double")),
  async ([given, at, char, how]) => {
    const text = await writeState(crypto, given, sign);
    const i = at % text.length;
    const by = alphabet[char % alphabet.length] ?? "A";
    const other = {
      change: text.slice(0, i) + by + text.slice(i + 1),
      add: text.slice(0, i) + by + text.slice(i),
      lack: text.slice(0, i) + text.slice(i + 1),
      double: text + text,
    }[how];
    if (other !== text) assertEquals(await readState(crypto, other, KEY), undefined, other);
    assertEquals(await readState(crypto, text, await keyOf(2)), undefined);
  },
);

property(
  "a state fits no call that differs in anything",
  fc.tuple(
    terms,
    terms,
    fc.constantFrom("principal", "method", "tool_name", "definition_digest", "policy_digest", "intent_digest", "params_digest"),
  ),
  async ([given, others, member]) => {
    const read = await readState(crypto, await writeState(crypto, given, sign), KEY);
    assert(read !== undefined);
    const call: StateCall = { ...given, [member]: member === "method" ? "prompts/get" : others[member] };
    const word =
      { principal: "principal", policy_digest: "policy", intent_digest: "call", params_digest: "call" }[String(member)] ??
        "tool";
    assertEquals(
      stateFlaw(read, call, EARLY),
      call[member] === given[member] ? undefined : `mcp_request_state_${word}_mismatch`,
    );
  },
);

const word = fc.stringMatching(/^[a-z]{1,6}$/);
const spot = fc.constantFrom("", " ", "\n\t");

property(
  "taking out what is for the gate leaves every other byte, and what a server is owed comes back",
  fc.tuple(
    fc.array(fc.tuple(fc.oneof(word, fc.constant("requestState"), fc.constant("inputResponses")), fc.jsonValue(), spot), {
      maxLength: 7,
    }),
    some,
  ),
  ([members, state]) => {
    const unlike = [...new Map(members.map((one) => [one[0], one])).values()];
    const text = (some: typeof unlike) =>
      `{"method":"tools/call", "params":{${
        some.map(([name, value, blank]) => `${blank}${JSON.stringify(name)}:${blank}${JSON.stringify(value)}`).join(",")
      }},"id":1}`;
    const kept = unlike.filter(([name]) => name !== "requestState" && name !== "inputResponses");
    const frame = utf8(text(unlike));
    const bare = withInput(frame, "");
    assertEquals(JSON.parse(fromUtf8(bare)), JSON.parse(text(kept)));
    for (const [name, value, blank] of kept) {
      assert(fromUtf8(bare).includes(`${JSON.stringify(name)}:${blank}${JSON.stringify(value)}`));
    }
    if (kept.length === unlike.length) assertEquals(fromUtf8(bare), text(unlike));
    const own = `"requestState":${JSON.stringify(state)}`;
    const back = withInput(frame, own);
    assertEquals([inputOf(bare), inputOf(back)], ["", own]);
    assertEquals(JSON.parse(fromUtf8(back)).params.requestState, state);
  },
);

/** A gate on ports of its own or of another one: asks about a call of a principal, and takes what comes back. */
function gate(ports = memoryPorts({ host: nodeHost })) {
  const { boundary, ports: own } = boundaryOn();
  const shared = { ...own, state: ports.state };
  const asking = (args: JsonObject, principal: string, state?: string) => {
    const responses = { gait_approval: { action: "accept", content: { decision: "approve" } } };
    const call: AskedCall = {
      id: 1,
      number: 1,
      tool: "till.refund",
      args,
      modern: true,
      client: { name: "c", asks: true },
      input: { responses: state === undefined ? undefined : responses, state },
      frame: utf8(JSON.stringify({ params: { requestState: state, arguments: args } })),
    };
    return askingFor(call, { principal }, { settings: WRAP, boundary, inbox: inboxOf(WRAP, shared), ports: shared });
  };
  const decide = async (args: JsonObject, principal: string, state?: string) => {
    const params_digest = (): string => digestOf(crypto, args);
    const under = { asked_for: [], definition_digest: "", params_digest };
    const one = asking(args, principal, state);
    const request = { call: { name: "till.refund", args }, name: "call", find: one.find(under) };
    const decided = assertOk(await boundary.decide(request, "2026-01-01T00:00:00Z"));
    const question = assertOk(await one.question(decided, under));
    return { verdict: decided.decided.final.verdict, reasons: decided.decided.final.reason_codes, question };
  };
  return { decide, ports };
}

property(
  "whoever brings the state of another principal or call is refused; brought to any of several gates it counts once",
  fc.record({
    cents: fc.integer(),
    others: fc.integer(),
    principal: fc.constantFrom("", "ann", "bo"),
    thief: fc.constantFrom("", "ann", "bo"),
    order: fc.shuffledSubarray([0, 1, 0, 1], { minLength: 2 }),
  }),
  async ({ cents, others, principal, thief, order }) => {
    const first = gate();
    const second = gate(first.ports);
    const gates = [first, second];
    const { question } = await first.decide({ cents }, principal);
    assert(question !== undefined);
    const state = JSON.parse(fromUtf8(question)).result.requestState;
    const stolen = await second.decide({ cents }, thief, state);
    if (thief !== principal) {
      assert(stolen.reasons.includes("mcp_request_state_principal_mismatch") && stolen.verdict === "block");
    }
    const moved = others === cents ? undefined : await second.decide({ cents: others }, principal, state);
    if (moved !== undefined) assertEquals(moved.reasons[0], "mcp_request_state_call_mismatch");
    const verdicts = await Promise.all(order.map((which) => (gates[which] ?? first).decide({ cents }, principal, state)));
    const allowed = verdicts.filter(({ verdict }) => verdict === "allow").length;
    assertEquals(allowed, thief === principal ? 0 : 1, "once among all");
    for (const { verdict, reasons, question } of verdicts) {
      assertEquals(question, undefined, "nobody is asked again");
      if (verdict !== "allow") assertEquals([verdict, reasons[0]], ["block", "mcp_request_state_replayed"]);
    }
  },
);
