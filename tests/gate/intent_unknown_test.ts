// Members of a request that nobody reads: which are told, in which words, and how many at most.
import { unknownMembers } from "../../core/gate/intent_unknown.ts";
import { assertEquals } from "../assert.ts";
import { request } from "./intents.ts";

const told = (pointer: string, meant = "") =>
  `member "${pointer}" is not known and was left out${meant === "" ? "" : `, did you mean "${meant}"`}`;

Deno.test("unknown members: a request whose members are all known, and members of any name, say nothing", () => {
  const args = { tragets: [], "": 1 };
  const computed = { $schema: "x.json", intent_digest: "", args_digest: "", script_hash: "" };
  assertEquals(unknownMembers(request({ args, ...computed })), []);
  for (const odd of [null, 1, [], {}, { targets: 1, context: [], script: { steps: {} } }]) {
    assertEquals(unknownMembers(odd), []);
  }
});

Deno.test("unknown members: of the request, its context, its targets and its steps, with what may be meant", () => {
  const target = { kind: "path", value: "/x", opertion: "write" };
  const found = unknownMembers({
    tool_name: "a",
    tragets: [target],
    targets: [target],
    context: { identity: "i", risk: "low", sandbox: { "net/work": 1 } },
    script: { steps: [{ tool_name: "b", targets: [target], zzz: null }] },
    delegation: { chain: [{ delegate: "x" }] },
  });
  assertEquals(found, [
    told("/tragets", "targets"),
    told("/targets/0/opertion", "operation"),
    told("/context/risk"),
    told("/context/sandbox/net~1work"),
    told("/script/steps/0/targets/0/opertion", "operation"),
    told("/script/steps/0/zzz"),
    told("/delegation/chain/0/delegate"),
  ]);
});

Deno.test("unknown members: ten are told, the rest is counted", () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`unheard_of_${i}`, i]));
  assertEquals(unknownMembers(many(10)).length, 10);
  assertEquals(unknownMembers(many(11)).slice(9), [told("/unheard_of_9"), "1 more member is not known"]);
  assertEquals(unknownMembers(many(500)).slice(10), ["490 more members are not known"]);
});
