// `evaluate` and `explain` say what `gait gate eval` says of the same documents.
import type { Json, JsonObject } from "../../core/base/json.ts";
import { nodeHost } from "../../host/node.ts";
import { call } from "../../wasm/call.ts";
import { assert, assertEquals } from "../assert.ts";
import { machine } from "../cli/commands_world.ts";
import { seededPairs, yamlOf } from "../properties/gate_arbitrary.ts";
import { object } from "../run/packs.ts";

const isEmpty = (value: Json): boolean =>
  value === "" || value === 0 || value === false || value === null || Array.isArray(value) && value.length === 0;

// The command line leaves out members that are empty, signs, writes a trace, and counts.
const comparable = (members: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(members).filter(([name, value]) =>
      !isEmpty(value) && !/^(?:trace_path|warnings|proof_refs|producer_version|.*audit_path|correlation_id)$/.test(name)
    ),
  );

const json = (value: Json): string => `${JSON.stringify(value)}\n`;

Deno.test("evaluate and explain say what the command says", async () => {
  let compared = 0;
  for (const { policy, intent, evaluation_time, kill_switch, inventory, context_envelope } of seededPairs(99, 60, 3)) {
    if (JSON.stringify(policy).includes('"requests"')) continue; // the command counts
    const files = {
      "p.yaml": yamlOf(policy),
      "i.json": json(intent),
      ...(kill_switch === undefined ? {} : { "ks.json": json(kill_switch) }),
      ...(inventory === undefined ? {} : { inventory: json(inventory) }),
      ...(context_envelope === undefined ? {} : { "env.json": json(context_envelope) }),
    };
    const argv = [
      ...["gate", "eval", "--policy", "p.yaml", "--intent", "i.json", "--evaluation-time", evaluation_time],
      ...(kill_switch === undefined ? [] : ["--kill-switch-state", "ks.json"]),
      ...(inventory === undefined ? [] : ["--wrkr-inventory", "inventory"]),
      ...(context_envelope === undefined ? [] : ["--context-envelope", "env.json"]),
    ];
    for (const [operation, more] of [["evaluate", []], ["explain", ["--explain"]]] as const) {
      const [, told] = await machine({ files }).json(...argv, ...more);
      const request = {
        operation,
        policy: yamlOf(policy),
        intent,
        evaluation_time,
        ...(kill_switch === undefined ? {} : { kill_switch }),
        ...(inventory === undefined ? {} : { inventory }),
        ...(context_envelope === undefined ? {} : { context_envelope }),
      };
      const reply = object(await call(nodeHost, JSON.stringify(request), []));
      if (told.ok !== true) {
        assertEquals([reply.ok, reply.verdict], [false, "block"]);
        continue;
      }
      assertEquals(comparable(reply), comparable(object(JSON.stringify(told))));
      compared++;
    }
  }
  assert(compared > 200, `${compared}`);
});
