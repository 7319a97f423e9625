// Pending approvals over HTTP: a call is asked about, an approver elsewhere signs, the call is decided again, once.
import { machine } from "../commands_world.ts";
import { approve, BOX, decision, deny, KEYS } from "../approvals_world.ts";
import { utf8 } from "../../../core/base/bytes.ts";
import { assert, assertEquals } from "../../assert.ts";
import { callOf, POLICY, serving, type World } from "./world.ts";

const FLAGS = { "pending-dir": "inbox", "approval-public-key": "ann.pub" };

const opened = () => serving(FLAGS, { files: KEYS });

/** Asks about a call; gives the id of the request. */
async function ask(world: World, body = callOf("ask", { run_id: "r1", session_id: "s1" })): Promise<string> {
  const { status, json } = await world.post(body);
  assertEquals([status, json.verdict, json.exit_code], [200, "require_approval", 4]);
  assert(typeof json.pending_request_id === "string");
  return json.pending_request_id;
}

/** What an approver elsewhere makes of the request's file: the text of his decision. */
async function decided(world: World, id: string, line: (id: string) => readonly string[]): Promise<string> {
  const { status, body } = await world.send("GET", `/v1/approvals/${id}?raw=true`);
  assertEquals(status, 200);
  const own = machine({ files: { ...KEYS, [`${BOX}/request_${id}.json`]: body } });
  const [exit] = await own.text(...line(id));
  assertEquals(exit, 0);
  const bytes = own.disk.bytes(decision(id));
  assert(typeof bytes !== "string");
  return new TextDecoder().decode(bytes);
}

const file = (world: World, id: string, body: string) => world.send("POST", `/v1/approvals/${id}/decision`, {}, body);
const again = (world: World, id: string, body = "") => world.send("POST", `/v1/approvals/${id}/resubmit`, {}, body);

Deno.test("serve: a call that is approved goes through once", async () => {
  const world = await opened();
  const id = await ask(world);
  const list = await world.send("GET", "/v1/approvals");
  assertEquals([list.status, Array.isArray(list.json.requests) && list.json.requests.length], [200, 1]);
  assertEquals((await world.send("GET", `/v1/approvals/${id}`)).json.state, "pending");
  assertEquals((await again(world, id)).json.verdict, "require_approval");
  const filed = await file(world, id, await decided(world, id, (one) => approve(one)));
  assertEquals([filed.status, filed.json.decision, filed.json.state], [201, "approved", "approved"]);
  const through = await again(world, id, "{}");
  assertEquals([through.status, through.json.verdict, through.json.run_id, through.json.session_id], [
    200,
    "allow",
    "run_r1",
    "s1",
  ]);
  assertEquals((await again(world, id)).json.verdict, "require_approval"); // it was used up
  assertEquals(world.files("inbox").filter((path) => path.includes("request_")).length, 1);
  await world.end();
});

Deno.test("serve: whoever asks whether it is ready hears that the key of the approvers is gone", async () => {
  const world = await opened();
  assertEquals((await world.send("GET", "/readyz")).status, 200);
  const key = world.ports.disk.bytes("ann.pub");
  world.ports.disk.remove("ann.pub");
  const { status, json } = await world.send("GET", "/readyz");
  assertEquals([status, json.fault], [503, "file_missing"]);
  assert(typeof key !== "string");
  world.ports.disk.put("ann.pub", key);
  assertEquals((await world.send("GET", "/readyz")).status, 200);
  await world.end();
});

Deno.test("serve: one approval lets one of many callers through, however they race", async () => {
  const world = await opened();
  const id = await ask(world);
  assertEquals((await file(world, id, await decided(world, id, (one) => approve(one)))).status, 201);
  const answers = await Promise.all(Array.from({ length: 6 }, () => again(world, id)));
  assertEquals(answers.filter(({ json }) => json.verdict === "allow").length, 1);
  await world.end();
});

Deno.test("serve: an approval that is filed twice stands once", async () => {
  const world = await opened();
  const id = await ask(world, callOf("two", { run_id: "r1" }));
  const body = await decided(world, id, (one) => approve(one));
  const [first, second] = [await file(world, id, body), await file(world, id, body)];
  assertEquals([first.status, first.json.state, second.status, second.json.fault], [201, "pending", 409, "request_closed"]);
  await world.end();
});

Deno.test("serve: a call that is denied is closed", async () => {
  const world = await opened();
  const id = await ask(world);
  const filed = await file(world, id, await decided(world, id, (one) => deny(one)));
  assertEquals([filed.status, filed.json.decision, filed.json.state], [201, "denied", "denied"]);
  const answer = await again(world, id);
  assertEquals([answer.status, answer.json.fault], [409, "request_closed"]);
  const late = await file(world, id, await decided(world, id, (one) => approve(one)));
  assertEquals([late.status, late.json.fault], [409, "request_closed"]);
  await world.end();
});

Deno.test("serve: decisions that nobody should believe are not filed", async () => {
  const world = await opened();
  const id = await ask(world);
  const other = await ask(world, callOf("ask", { run_id: "r2" }, { workspace: "/other" }));
  const good = await decided(world, id, (one) => approve(one));
  const CASES: readonly (readonly [name: string, id: string, body: string, status: number, fault: string])[] = [
    ["another key", id, await decided(world, id, (one) => approve(one, "eve", "eve")), 400, "token_refused"],
    ["a denial by another key", id, await decided(world, id, (one) => deny(one, "eve", "eve")), 400, "token_refused"],
    ["another request", other, good, 400, "token_refused"],
    ["another approver", id, good.replace('"ann"', '"bob"'), 400, "token_refused"],
    ["no signature", id, JSON.stringify({ ...JSON.parse(good), signature: undefined }), 400, "token_refused"],
    ["no document", id, "{}", 400, "token_refused"],
    ["no JSON", id, "{", 400, "json_syntax"],
    ["an id that is cut", id.slice(0, 20), good, 404, "request_missing"],
    ["a path", "..%2f..%2fp.yaml", good, 404, "request_missing"],
    ["an id that nobody has", "0".repeat(64), good, 404, "request_missing"],
  ];
  for (const [name, about, body, status, fault] of CASES) {
    const answer = await file(world, about, body);
    assertEquals([answer.status, answer.json.fault], [status, fault], `${name}: ${answer.body}`);
  }
  assertEquals(world.files("inbox").filter((path) => path.includes("decision_")), []);
  assertEquals((await again(world, id, '{"call":{}}')).json.fault, "document_shape");
  await world.end();
});

Deno.test("serve: a kept call that was changed is not decided in the place of the one that was asked about", async () => {
  const world = await opened();
  const id = await ask(world);
  assertEquals((await file(world, id, await decided(world, id, (one) => approve(one)))).status, 201);
  const path = `inbox/call_${id}.json`;
  const kept = world.text(path);
  const before = world.files("gait-out/mcp-serve/traces").length;
  world.ports.disk.put(path, utf8(kept.replace('"n":1', '"n":2')));
  world.ports.disk.put("p.yaml", utf8(`${POLICY}mcp_trust: {snapshot: none.json}\n`));
  const answer = await again(world, id);
  assertEquals([answer.status, answer.json.fault], [400, "request_changed"]);
  assertEquals(world.ports.lines.filter((line) => line.includes('"policy_changed"')).length, 1, "told of all the same");
  world.ports.disk.put("p.yaml", utf8(POLICY));
  assertEquals(world.files("gait-out/mcp-serve/traces").length, before);
  world.ports.disk.put(path, utf8(kept));
  assertEquals((await again(world, id)).json.verdict, "allow");
  await world.end();
});
