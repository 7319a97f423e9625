// The gate as a Worker, as far as Deno has Workers' interfaces too: verdicts over HTTP, and a block for whatever goes wrong. The same
// Worker runs in workerd in tests/runtimes/.
import type { JsonObject } from "../../core/base/json.ts";
import { type GateSettings, gateWorker } from "../../wasm/gate_worker.ts";
import worker from "../../wasm/worker.ts";
import { assert, assertEquals } from "../assert.ts";
import { CALL } from "../gate/why_world.ts";
import { object } from "../run/packs.ts";

const POLICY = "default_verdict: block\nrules: [{name: reads, effect: allow, match: {tool_names: [tool.read]}}]\n";
const URL = "http://localhost/";
const NOW = () => "2026-03-14T12:00:00Z";

const post = (body: BodyInit | null, type = "application/json"): Request =>
  new Request(URL, { method: "POST", body, headers: { "content-type": type } });

const told = async (response: Response): Promise<readonly unknown[]> => {
  assertEquals(response.headers.get("content-type"), "application/json");
  const { verdict, reason_codes } = object(await response.text());
  return [response.status, verdict, reason_codes];
};

const ask = async (settings: GateSettings, body: BodyInit | null = JSON.stringify(CALL), env: JsonObject = {}) =>
  await told(await gateWorker({ now: NOW, ...settings }).fetch(post(body), env));

Deno.test("gate worker: a call that is sent gets its verdict, by the policy of the build or of a binding", async () => {
  const allowed = [200, "allow", ["matched_rule_reads"]];
  assertEquals(await ask({ policy: POLICY }), allowed);
  assertEquals(await ask({}, undefined, { GAIT_POLICY: POLICY }), allowed);
  assertEquals(await ask({ policy: POLICY }, undefined, { GAIT_POLICY: "default_verdict: block" }), allowed);
  assertEquals(await ask({ policy: POLICY }, JSON.stringify({ ...CALL, tool_name: "x" })), [200, "block", ["default_block"]]);
  const typed = post(JSON.stringify(CALL), "Application/JSON; charset=utf-8");
  assertEquals(await told(await gateWorker({ policy: POLICY, now: NOW }).fetch(typed)), allowed);
});

Deno.test("gate worker: without a policy that can be read every call is blocked", async () => {
  const blocked = [503, "block", ["policy_unavailable"]];
  for (const policy of ["", " \n", "rules: [", "rulez: []", "\u0000"]) assertEquals(await ask({ policy }), blocked, policy);
  assertEquals(await ask({}), blocked);
  for (const GAIT_POLICY of [null, 1, { text: POLICY }]) assertEquals(await ask({}, undefined, { GAIT_POLICY }), blocked);
});

Deno.test("gate worker: a kill switch or an inventory that cannot be read blocks", async () => {
  assertEquals(await ask({ policy: POLICY, kill_switch: "{" }), [200, "block", ["kill_switch_state_unavailable"]]);
  assertEquals(await ask({ policy: POLICY }, undefined, { GAIT_KILL_SWITCH: 1 }), [200, "block", [
    "kill_switch_state_unavailable",
  ]]);
  assertEquals(await ask({ policy: POLICY, inventory: "{}" }), [503, "block", ["inventory_unavailable"]]);
  assertEquals(await ask({ policy: POLICY, now: () => "noon" }), [503, "block", ["evaluation_time_invalid"]]);
});

Deno.test("gate worker: a request that is none is refused, and is a block", async () => {
  const blocked = (status: number) => [status, "block", ["request_invalid"]];
  const gate = gateWorker({ policy: POLICY, now: NOW, max_body_bytes: 1000 });
  const got = await gate.fetch(new Request(URL));
  assertEquals([got.headers.get("allow"), ...await told(got)], ["POST", ...blocked(405)]);
  assertEquals(await told(await gate.fetch(new Request(URL, { method: "PUT", body: "{}" }))), blocked(405));
  assertEquals(await told(await gate.fetch(post("{}", "text/plain"))), blocked(415));
  assertEquals(
    await told(await gate.fetch(new Request(URL, { method: "POST", body: new Uint8Array([123, 125]) }))),
    blocked(415),
  );
  const body = JSON.stringify({ ...CALL, args: { text: "x".repeat(1000) } });
  assertEquals(await told(await gate.fetch(post(body))), blocked(413));
  for (
    const wrong of [
      "",
      "{",
      "[]",
      "null",
      '"x"',
      "{}",
      '{"a":1,"a":2}',
      `${JSON.stringify(CALL)} x`,
      new Uint8Array([0xff, 0xfe]),
    ]
  ) {
    assertEquals(await told(await gate.fetch(post(wrong))), [400, "block", ["fail_closed_intent_invalid"]], String(wrong));
  }
});

Deno.test("gate worker: a body over the limit is not held, whatever its length says", async () => {
  let sent = 0;
  const long = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1000;
      if (sent > 1_000_000) controller.close();
      else controller.enqueue(new Uint8Array(1000).fill(0x20));
    },
  });
  assertEquals(await ask({ policy: POLICY, max_body_bytes: 50_000 }, long), [413, "block", ["request_invalid"]]);
  assert(sent < 100_000, `${sent} bytes were taken`);
});

Deno.test("gate worker: a body that breaks off, and a clock that throws, are blocks", async () => {
  const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error("gone")) });
  assertEquals(await ask({ policy: POLICY }, broken), [500, "block", ["internal_failure"]]);
  const now = () => {
    throw new Error("no clock");
  };
  assertEquals(await ask({ policy: POLICY, now }), [500, "block", ["internal_failure"]]);
});

Deno.test("gate worker: the Worker of all operations is a gate for JSON, and for nothing else", async () => {
  assertEquals(await told(await worker.fetch(post(JSON.stringify(CALL)), { GAIT_POLICY: POLICY })), [
    200,
    "allow",
    ["matched_rule_reads"],
  ]);
  assertEquals(await told(await worker.fetch(post(JSON.stringify(CALL)))), [503, "block", ["policy_unavailable"]]);
  const form = await worker.fetch(post("x", "text/plain"), { GAIT_POLICY: POLICY });
  assertEquals([form.status, object(await form.text()).fault], [400, "usage"]);
});
