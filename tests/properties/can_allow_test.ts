// What is said of tools that a policy can never allow: no call of such a tool is decided otherwise, and a list that leaves them out is
// the list without them.
import fc from "fast-check";
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { isJsonList, isJsonObject } from "../../core/base/json_value.ts";
import { canAllow } from "../../core/gate/can_allow.ts";
import { evaluate } from "../../core/gate/evaluate.ts";
import { withoutTools } from "../../core/mcp/hidden_tools.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals } from "../assert.ts";
import { gate } from "../gate/why_world.ts";
import { type Pair, pairJson, seededPairs } from "./gate_arbitrary.ts";
import { property } from "./run.ts";

const KEPT = ["tool_names", "risk_classes", "identities", "target_kinds"];

const matchOf = (rule: JsonObject): JsonObject => {
  const { match } = rule;
  return isJsonObject(match) ? Object.fromEntries(Object.entries(match).filter(([name]) => KEPT.includes(name))) : {};
};

/** The same with fewer conditions, so that rules cover each other; of every second policy the default blocks. */
function plainer({ policy, ...rest }: Pair, block: boolean): Pair {
  const { rules } = policy;
  const kept = (isJsonList(rules) ? rules : []).filter(isJsonObject).map((rule): Json => ({ ...rule, match: matchOf(rule) }));
  return {
    ...rest,
    policy: { ...policy, ...(block ? { default_verdict: "block", default_action: "block" } : {}), rules: kept },
  };
}

/** Whether the tool of a call is one that can never be allowed; then the call is blocked. */
function hidden({ policy, intent, ...around }: Pair): boolean {
  const { compiled, conditions, prepare } = gate(policy, around);
  const prepared = prepare(intent);
  if (!prepared.ok || canAllow(compiled, prepared.value.tool_name)) return false;
  assertEquals(evaluate(nodeHost.crypto, compiled, prepared.value, conditions).verdict, "block", JSON.stringify(policy));
  return true;
}

property("a call of a tool that can never be allowed is blocked", pairJson, (pair) => void hidden(pair));

property(
  "a call of a tool that can never be allowed is blocked: rules that cover each other",
  fc.tuple(pairJson, fc.boolean()),
  ([pair, block]) => void hidden(plainer(pair, block)),
);

Deno.test("can allow: among drawn policies there are tools that can never be allowed, and others", () => {
  const found = seededPairs(20_260_301, 150, 3).map((pair, i) => hidden(plainer(pair, i % 2 === 0)));
  const count = found.filter((one) => one).length;
  assert(count > 40 && count < 400, `${count} of ${found.length}`);
});

const name: fc.Arbitrary<string> = fc.constantFrom("a", "b", "c", "\u00e9\n", "a b");
// Numbers that a reader of JSON would change, members in an order that an object would change.
const RAW = ["9223372036854775807", "1.0", "1e2", '{"2":1,"1":2}', '"\\u0061]}"', "[ ]", "null"];
const tool = fc.record({ name: fc.option(name), raw: fc.constantFrom(...RAW), blank: fc.constantFrom("", " ", "\t") });

property(
  "a list without hidden tools is the list minus those, byte for byte",
  fc.record({ tools: fc.array(tool), hide: fc.array(name), raw: fc.constantFrom(...RAW) }),
  ({ tools, hide, raw }) => {
    const list = (some: typeof tools): string =>
      some.map(({ name, raw, blank }) =>
        `{"x":${raw}${blank},${blank}${name === null ? "" : `"name":${blank}${JSON.stringify(name)},`}"y":${blank}"]"}`
      ).join(",");
    const frame = (inner: string): string =>
      `{"id":1,"result":{"nextCursor":"n","z":${raw},"tools":[${inner}],"_meta":{"tools":[{"name":"a"}]}},"jsonrpc":"2.0"}`;
    const line = utf8(frame(list(tools)));
    const left = tools.filter((one) => one.name === null || !hide.includes(one.name));
    const shown = withoutTools(line, (one) => hide.includes(one));
    assertEquals(fromUtf8(shown), frame(list(left)));
    assertEquals(shown === line, left.length === tools.length, "a list that loses nothing is the same bytes");
  },
);
