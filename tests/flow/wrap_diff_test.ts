// Two wrapped sessions compared: where they part, and why, from what their runpacks hold.
import { digestOf, sha256Hex } from "../../core/base/digest.ts";
import { utf8 } from "../../core/base/bytes.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { bytesSource } from "../../core/base/zip_read.ts";
import { compareRuns } from "../../core/flow/regress_compare.ts";
import { wrapRecord, wrapRun } from "../../core/flow/wrap_records.ts";
import { diffRunpacks } from "../../core/run/diff.ts";
import { answerBytes } from "../../core/base/answer_bytes.ts";
import { openRunpack } from "../../core/run/open.ts";
import { sealRunpack } from "../../core/run/seal.ts";
import type { WrapRecord } from "../../core/schema/wrap_session.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertOk } from "../assert.ts";

const AT = "2026-01-01T00:00:00Z";

type Session = {
  /** What the policy is; `wipe` is blocked for `blocked` where that is given. */
  readonly policy?: string;
  readonly blocked?: string;
  /** What the server declares of `peek`, and after how many calls; blank: nothing. */
  readonly peek?: readonly (readonly [calls: number, description: string])[];
  readonly calls?: readonly (readonly [tool: string, args: JsonObject])[];
  readonly answer?: string;
  /** Whether its client calls its requests otherwise than any other session does. */
  readonly ids?: "own";
  /** Digests of whole frames alone, as gates of before have them. */
  readonly digests?: "frame";
};

const CALLS = [["peek", { n: 1 }], ["wipe", {}], ["peek", { n: 2 }]] as const;
const { crypto } = nodeHost;

let sessions = 0;

/** The runpack of a session, as the gate leaves it. */
async function packOf(
  { policy = "p", blocked, peek = [[0, "Looks"]], calls = CALLS, answer = "done", ids, digests }: Session,
): Promise<Uint8Array> {
  const session_id = `s${++sessions}`;
  const header = {
    schema_id: "gait.mcp.wrap_session",
    schema_version: "1.0.0",
    created_at: AT,
    producer_version: "v",
    session_id,
    continues: "",
    server_name: "",
    program: "x",
    command_digest: "",
    policy,
    key_id: "k",
  };
  const records: WrapRecord[] = [wrapRecord({ record_type: "header", header }, 1, AT)];
  const add = (draft: Parameters<typeof wrapRecord>[0]): void => void records.push(wrapRecord(draft, records.length + 1, AT));
  for (const [index, [tool_name, args]] of calls.entries()) {
    const call = index + 1;
    const stopped = tool_name === "wipe" ? blocked : undefined;
    const description = tool_name === "peek" ? peek.findLast(([from]) => from <= index)?.[1] ?? "" : "Wipes";
    add({
      record_type: "decision",
      decision: {
        call,
        request_id: `${call}`,
        tool_name,
        verdict: stopped === undefined ? "allow" : "block",
        reason_codes: stopped === undefined ? [] : [stopped],
        arguments: "fit",
        definition_digest: description === "" ? "" : digestOf(crypto, { name: tool_name, description }),
        intent_digest: digestOf(crypto, { session_id, tool_name, args }),
        args_digest: digestOf(crypto, args),
        policy_digest: digestOf(crypto, policy),
        pending_request_id: "",
        labels: [],
        trace: {},
        approval: undefined,
      },
    });
    if (stopped !== undefined) continue;
    const frame = utf8(
      JSON.stringify({ jsonrpc: "2.0", id: ids === "own" ? `${session_id}-${call}` : call, result: { answer } }),
    );
    const result = {
      call,
      status: "ok",
      frame_digest: sha256Hex(crypto, frame),
      result_digest: digests === "frame" ? "" : sha256Hex(crypto, answerBytes(frame) ?? frame),
      bytes: frame.length,
      reason_codes: [],
      effect: "",
      rules: [],
      labels: [],
    };
    add({ record_type: "result", result });
  }
  add({ record_type: "end", end: { why: "client_closed", calls: calls.length } });
  const run = wrapRun(crypto, header, records, { os: "o", arch: "a", runtime: "r" });
  return assertOk(await sealRunpack(crypto, run, "reference")).bytes;
}

const named = (bytes: Uint8Array, what: string) => ({ source: bytesSource(bytes), what });

async function parting(left: Session, right: Session) {
  const [a, b] = [await packOf(left), await packOf(right)];
  const { ok, first_divergence: first } = assertOk(
    await diffRunpacks(nodeHost, named(a, "a.zip"), named(b, "b.zip"), "full"),
  );
  const [recorded, now] = [
    await openRunpack(nodeHost, bytesSource(a), "a.zip"),
    await openRunpack(nodeHost, bytesSource(b), "b.zip"),
  ];
  const regressed = assertOk(await compareRuns(assertOk(recorded), assertOk(now)));
  assertEquals(regressed.first?.why, first?.why, "a regression says why in the same words");
  return ok ? "the same" : { step: first?.step, why: first?.why };
}

Deno.test("wrap diff: sessions in which the same happened are the same, what was blocked in them too", async () => {
  assertEquals(await parting({}, {}), "the same");
  assertEquals(await parting({ blocked: "never" }, { blocked: "never" }), "the same");
});

Deno.test("wrap diff: the ids that clients choose make no difference, where results have digests of their own", async () => {
  assertEquals(await parting({ ids: "own" }, { ids: "own" }), "the same");
  assertEquals(await parting({ ids: "own" }, { ids: "own", answer: "other" }), { step: 1, why: ["result"] });
  const before = { digests: "frame" } as const;
  assertEquals(await parting(before, before), "the same");
  assertEquals(await parting({ ...before, ids: "own" }, { ...before, ids: "own" }), { step: 1, why: ["result"] });
});

Deno.test("wrap diff: the first step that differs, and why", async () => {
  const other: Session = { peek: [[0, "Looks, and tells"]] };
  const second = [["peek", { n: 1 }], ["wipe", { all: true }], ["peek", { n: 2 }]] as const;
  const last = [["peek", { n: 1 }], ["wipe", {}], ["peek", { n: 3 }]] as const;
  const swapped = [["peek", { n: 1 }], ["peek", {}], ["peek", { n: 2 }]] as const;
  const more = [...CALLS, ["peek", {}]] as const;
  const rows: readonly (readonly [string, Session, unknown])[] = [
    ["arguments", { calls: last }, { step: 3, why: ["arguments"] }],
    ["another definition leads to them", { calls: last, ...other }, { step: 3, why: ["tool_definition", "arguments"] }],
    ["one that changes before", { calls: last, peek: [[0, "Looks"], [2, "L"]] }, {
      step: 3,
      why: ["tool_definition", "arguments"],
    }],
    ["that of another tool does not", { calls: second, ...other }, { step: 2, why: ["arguments"] }],
    ["one that comes later does not", { calls: [["peek", { n: 0 }], ...CALLS.slice(1)], peek: [[0, "Looks"], [2, "L"]] }, {
      step: 1,
      why: ["arguments"],
    }],
    ["no definition is not another one", { calls: last, peek: [] }, { step: 3, why: ["arguments"] }],
    ["one that is not declared any more neither", { calls: last, peek: [[0, "L"], [2, ""]] }, { step: 3, why: ["arguments"] }],
    ["another tool", { calls: swapped }, { step: 2, why: ["tool"] }],
    ["another tool, declared otherwise", { calls: swapped, ...other }, { step: 2, why: ["tool", "tool_definition"] }],
    ["a call more", { calls: more }, { step: 4, why: ["call"] }],
    ["a call more, of a tool that is declared otherwise", { calls: more, ...other }, {
      step: 4,
      why: ["call", "tool_definition"],
    }],
    ["a result", { answer: "other" }, { step: 1, why: ["result"] }],
    ["a policy", { policy: "q", blocked: "never" }, { step: 2, why: ["policy", "status", "result"] }],
  ];
  for (const [name, session, wanted] of rows) assertEquals([name, await parting({}, session)], [name, wanted]);
});

Deno.test("wrap diff: what was blocked for another reason is another result", async () => {
  const wanted = { step: 2, why: ["policy", "result"] };
  assertEquals(await parting({ blocked: "never" }, { blocked: "not today", policy: "q" }), wanted);
});
