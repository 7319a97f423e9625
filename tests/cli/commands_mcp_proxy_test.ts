// `gait mcp proxy` and `bridge` (spec 05, section 2): what they say, what they leave behind, and that nothing is written over.
import { boundaryResult } from "../../core/flow/boundary_result.ts";
import { logLine, otelLine } from "../../core/flow/boundary_lines.ts";
import { bytesSource, openZip } from "../../core/base/zip_read.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { boundaryOn, proxy, SHELF, shelfMachine, stopping } from "./boundary_world.ts";

const SIGNED = ["--key-mode", "prod", "--private-key", "k"];

const made = (on: ReturnType<typeof shelfMachine>): string[] =>
  [...on.disk.files().keys()].filter((path) => !(path in SHELF)).sort();

Deno.test("mcp proxy: every member of its answer", async () => {
  const call = JSON.stringify({
    name: "shelf.peek",
    args: { aisle: 4 },
    context: { identity: "clerk", workspace: "/shop", risk_class: "low", session_id: "shift-9" },
  });
  const on = shelfMachine({ files: { "whole.json": call } });
  const [exit, { decision_latency_ms, relationship, ...said }] = await on.json(
    ...proxy("whole.json", ...SIGNED, "--trace-out", "t.json", "--runpack-out", "r.zip", "--pack-out", "p.zip"),
    ...["--export-log-out", "l.jsonl", "--export-otel-out", "e.jsonl"],
  );
  const { pack_id, intent_digest, trace_id, run_id, ...rest } = said;
  assertEquals([exit, rest], [0, {
    ok: true,
    executed: false,
    adapter: "mcp",
    phase: "apply",
    session_id: "shift-9",
    tool_name: "shelf.peek",
    verdict: "allow",
    reason_codes: ["shelf_read_ok"],
    policy_digest: "199449ecfa4adf9d127e50f845f78d0b37c39d02976edfe957a6c6b317ebcf3a",
    policy_id: "gait.gate.policy",
    policy_version: "1.0.0",
    trace_path: "t.json",
    runpack_path: "r.zip",
    pack_path: "p.zip",
    log_export: "l.jsonl",
    otel_export: "e.jsonl",
  }]);
  assert([pack_id, intent_digest].every((digest) => /^[0-9a-f]{64}$/.test(String(digest))), String(pack_id));
  assertEquals([run_id, /^[0-9a-f]{24}$/.test(String(trace_id))], [`run_mcp_${String(intent_digest).slice(0, 12)}`, true]);
  assert(typeof decision_latency_ms === "number" && typeof relationship === "object");
});

Deno.test("mcp proxy: exits and words by verdict, for people too; bridge says the same under its own name", async () => {
  for (
    const [call, exit, verdict, reason] of [
      ["call.json", 0, "allow", "shelf_read_ok"],
      ["dry.json", 0, "dry_run", "rehearsal_only"],
      ["refund.json", 4, "require_approval", "refund_needs_signoff"],
      ["wipe.json", 3, "block", "wipe_never"],
    ] as const
  ) {
    const on = shelfMachine();
    const [ended, lines] = await on.text(...proxy(call, ...SIGNED, "--trace-out", "t.json"));
    assertEquals([ended, lines[0]], [exit, `mcp proxy: verdict=${verdict}`]);
    for (const line of ["trace: t.json", `reason: ${reason}`]) assert(lines.includes(line), `${line}\n${lines.join("\n")}`);
    const [, bridged] = await on.text("mcp", "bridge", "policy.yaml", call, ...SIGNED);
    assertEquals(bridged[0], `mcp bridge: verdict=${verdict}`);
  }
});

Deno.test("mcp proxy: policy and call are named by flags or in this order, and standard input is a call", async () => {
  const input = [`{"name":`, `"shelf.peek"}`];
  for (
    const words of [
      ["policy.yaml", "call.json"],
      ["--policy", "policy.yaml", "call.json"],
      ["--call", "call.json", "policy.yaml"],
      ["--policy", "policy.yaml", "--call", "-"],
      ["policy.yaml", "-"],
    ]
  ) {
    const [exit, said] = await shelfMachine({ input }).json("mcp", "proxy", ...words, ...SIGNED, "--trace-out", "t.json");
    assertEquals([exit, said.trace_id], [0, "bb1e4173babf02e77b9b5ac1"], words.join(" "));
  }
  for (
    const words of [[], ["policy.yaml"], ["--policy", "policy.yaml"], ["--policy", "policy.yaml", "call.json", "more"], [
      "a",
      "b",
      "c",
    ]]
  ) {
    const [exit, said] = await shelfMachine().json("mcp", "proxy", ...words);
    assertEquals([exit, said.executed], [6, false], words.join(" "));
  }
});

Deno.test("mcp proxy: a trace without a name of its own takes none that is taken", async () => {
  const on = shelfMachine();
  const paths = [];
  for (const id of ["", "", "a/b"]) {
    const [exit, said] = await on.json(...proxy("call.json", ...SIGNED, ...(id === "" ? [] : ["--run-id", id])));
    assertEquals(exit, 0);
    paths.push(String(said.trace_path));
  }
  assert(paths.slice(0, 2).every((path) => /^trace__\d{8}T\d{6}\.\d{9}\.json$/.test(path)), paths.join());
  assert(/^trace_run_a_b_\d{8}T\d{6}\.\d{9}\.json$/.test(paths[2] ?? ""), paths[2]);
  assertEquals(new Set(paths).size, 3);

  // Two programs in the same moment: the clock of the tests stands still for the second one.
  const [first = ""] = paths;
  const other = shelfMachine({ files: { [first]: "the trace of another call" } });
  const [, said] = await other.json(...proxy("call.json", ...SIGNED));
  assertEquals([other.file(first), said.trace_path], ["the trace of another call", first.replace(/0\.json$/, "1.json")]);
});

Deno.test("mcp proxy: no output takes the place of what is read, shared or written too", async () => {
  const files = { "s/ks.json": stopping() };
  for (
    const words of [
      ["--trace-out", "policy.yaml"],
      ["--trace-out", "./call.json"],
      ["--runpack-out", "k"],
      ["--export-log-out", "s/ks.json"],
      ["--export-log-out", "s/kill_switch_journal.jsonl"],
      ["--export-otel-out", ".gait-out/gate_rate_limits.json"],
      ["--trace-out", "o/x", "--pack-out", "o/./x"],
      ["--export-log-out", "l", "--export-otel-out", "l"],
    ]
  ) {
    const on = shelfMachine({ files });
    const [exit, said] = await on.json(...proxy("call.json", ...SIGNED, "--kill-switch-state", "s/ks.json", ...words));
    assertEquals([exit, said.fault, made(on)], [6, "same_file", ["s/ks.json"]], words.join(" "));
  }
});

Deno.test("mcp proxy: an active kill switch is journaled beside its state, as decided at the boundary; an unavailable one is not", async () => {
  const on = shelfMachine({ files: { "s/ks.json": stopping("shelf.peek") } });
  const [exit, said] = await on.json(
    ...proxy("call.json", ...SIGNED, "--kill-switch-state", "s/ks.json", "--trace-out", "t.json"),
  );
  const line = JSON.parse(on.file("s/kill_switch_journal.jsonl"));
  assertEquals([exit, line.source, line.trace_id, line.schema_id], [
    3,
    "mcp_proxy",
    said.trace_id,
    "gait.gate.kill_switch_journal",
  ]);
  const high = shelfMachine({ files: { "high.json": `{"name":"shelf.peek","context":{"risk_class":"high"}}` } });
  const [blocked] = await high.json(
    ...proxy("high.json", ...SIGNED, "--kill-switch-state", "gone.json", "--trace-out", "t.json"),
  );
  assertEquals([blocked, made(high)], [3, ["high.json", "t.json"]]);
});

Deno.test("mcp proxy: the lines of the exports, whole, and nanoseconds that no double holds", async () => {
  const decision = await boundaryOn().decided({
    name: "shelf.peek",
    created_at: "2031-05-06T07:08:09.123456789+02:00",
    context: { session_id: "s", job_id: "", identity: "a" },
    delegation: {
      requester_identity: "a",
      token_refs: ["d-2", "d-1"],
      chain: [{ delegator_identity: "b", delegate_identity: "a" }],
    },
  });
  const { decided: { digests, policy_digest }, run_id, trace: { trace_id } } = decision;
  assertEquals(
    logLine(decision, "t.json"),
    `${
      JSON.stringify({
        created_at: "2031-05-06T05:08:09.123456789Z",
        producer_version: "9.9.9",
        run_id,
        session_id: "s",
        phase: "apply",
        trace_id,
        trace_path: "t.json",
        tool_name: "shelf.peek",
        verdict: "allow",
        reason_codes: ["shelf_read_ok"],
        policy_digest,
        intent_digest: digests.intent_digest,
        delegation_ref: "d-1",
        delegation_depth: 1,
      })
    }\n`,
  );
  assertEquals(
    otelLine(decision, ""),
    `{"time_unix_nano":1935810489123456789,${
      JSON.stringify({
        severity_text: "INFO",
        body: "gait.mcp.proxy.decision",
        trace_id,
        attributes: {
          "gait.run_id": run_id,
          "gait.session_id": "s",
          "gait.job_id": "",
          "gait.phase": "apply",
          "gait.trace_path": "",
          "gait.tool_name": "shelf.peek",
          "gait.verdict": "allow",
          "gait.policy_digest": policy_digest,
          "gait.intent_digest": digests.intent_digest,
          "gait.decision_latency_ms": 0,
          "gait.delegation_ref": "d-1",
          "gait.delegation_depth": 1,
          "gait.reason_codes": ["shelf_read_ok"],
        },
      }).slice(1)
    }\n`,
  );
  const early = await boundaryOn().decided({ name: "shelf.peek", created_at: "1969-12-31T23:59:59.5Z" });
  assert(otelLine(early, "").startsWith(`{"time_unix_nano":-500000000,`), otelLine(early, ""));
  assertEquals(boundaryResult(decision, {}).relationship?.parent_ref, { kind: "session", id: "s" });
});

Deno.test("mcp proxy: lines are added to what stands there, and a line that was never finished is taken away first", async () => {
  const on = shelfMachine({ files: { "l.jsonl": `{"a":1}\n{"b":` } });
  for (let calls = 0; calls < 2; calls++) await on.json(...proxy("call.json", ...SIGNED, "--export-log-out", "l.jsonl"));
  const lines = on.file("l.jsonl").split("\n");
  assertEquals([lines.length, lines[0], lines.slice(1, 3).map((line) => JSON.parse(line).verdict)], [4, `{"a":1}`, [
    "allow",
    "allow",
  ]]);
});

Deno.test("mcp proxy: the runpack verifies, holds no arguments, and is the same for the same call; its pack is signed by the trace's key", async () => {
  const bytes = [];
  for (const run of ["one", "two"]) {
    const on = shelfMachine();
    const out = ["--runpack-out", `${run}.zip`, "--pack-out", `${run}_pack.zip`, "--trace-out", "t.json"];
    assertEquals((await on.json(...proxy("refund.json", ...SIGNED, ...out)))[0], 4);
    const [verified, report] = await on.json("verify", `${run}.zip`);
    assertEquals([verified, report.ok, report.signature_status], [0, true, "missing"]);
    const [packed, pack] = await on.json(
      "pack",
      "verify",
      `${run}_pack.zip`,
      "--public-key",
      "pub",
      "--profile",
      "strict",
      "--require-signature",
    );
    assertEquals([packed, pack.ok], [0, true], JSON.stringify(pack));
    const runpack = on.disk.bytes(`${run}.zip`);
    assert(typeof runpack !== "string");
    bytes.push(runpack);
    const archive = assertOk(await openZip(nodeHost, bytesSource(runpack), "runpack"));
    for (const entry of archive.entries) {
      const text = new TextDecoder().decode(assertOk(await archive.read(entry)));
      assert(!text.includes("cents"), `${entry.path} holds arguments`);
      if (entry.path === "results.jsonl") assert(text.includes(`"status":"error"`), text);
    }
  }
  assertEquals(bytes[0], bytes[1]);
});
