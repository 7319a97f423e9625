// What packs of jobs and calls promise, what a diff of packs says, and what is told of a journal that was changed.
import fc from "fast-check";
import { sameBytes, utf8 } from "../../core/base/bytes.ts";
import { bytesSource } from "../../core/base/zip_read.ts";
import { callParts } from "../../core/flow/pack_call.ts";
import { diffPackFiles } from "../../core/flow/pack_diff.ts";
import { jobParts } from "../../core/flow/pack_job.ts";
import { buildPack } from "../../core/pack/build.ts";
import { readCallRecord } from "../../core/pack/call_normal.ts";
import { headOf, sequenceErrors } from "../../core/pack/sequence.ts";
import { JOB_STATUSES } from "../../core/schema/job.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { eventOf, stateOf } from "../job/jobs.ts";
import { callBytes } from "../pack/calls.ts";
import { CALL_LINES, entriesOf, KEY, runPack, runpack, STRICT, verify } from "../pack/packs.ts";
import { arbitraryRun } from "../run/runs.ts";
import { property } from "./run.ts";

const RUNPACK = await runpack();
const word = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => text.trim() !== "");
const texts = fc.array(word, { maxLength: 4 });

const job = fc.record({
  status: fc.constantFrom(...JOB_STATUSES),
  bound: fc.record({ policy_digest: word, policy_ref: word, identity: word }, { requiredKeys: [] }),
  ledger: fc.record({ safety_invariant_version: word, safety_invariants: texts }, { requiredKeys: [] }),
  summaries: texts,
  actors: texts,
});

/** A job's pack, of files with members in any order and of any maker. */
async function jobPack(
  { status, bound, ledger, summaries, actors }: typeof job extends fc.Arbitrary<infer T> ? T : never,
  reversed: boolean,
): Promise<Uint8Array> {
  const checkpoints = summaries.map((summary, i) => ({
    checkpoint_id: `cp_${i}`,
    type: "plan",
    summary,
    reason_code: "checkpoint_plan",
  }));
  const approvals = actors.map((actor) => ({ actor, reason: "r", created_at: "2031-05-01T06:00:00Z" }));
  const state = stateOf(summaries.length + 1, { status, ...bound, ...ledger, checkpoints, approvals });
  const entries = Object.entries(state);
  const events = summaries.map((summary, i) => JSON.stringify(eventOf(i + 1, "checkpoint_added", { payload: { summary } })));
  const files = {
    state: utf8(JSON.stringify(Object.fromEntries(reversed ? entries.toReversed() : entries), undefined, reversed ? 2 : 0)),
    events: utf8(events.map((line) => `${line}\n${reversed ? "\n" : ""}`).join("")),
    pending: undefined,
  };
  const parts = assertOk(jobParts(nodeHost.crypto, files, "j", { state: "s", events: "e", pending: "p" }, "1"));
  return assertOk(await buildPack(nodeHost.crypto, parts, KEY)).bytes;
}

property("pack: a job's pack verifies, and says the same however its files are written", job, async (given) => {
  const bytes = await jobPack(given, false);
  assertEquals(await jobPack(given, true), bytes);
  assertEquals(assertOk(await verify(bytes, STRICT)).ok, true);
});

const dressed = fc.record({
  order: fc.array(fc.nat(), { minLength: 7, maxLength: 7 }),
  pad: fc.constantFrom("", " ", "\t"),
  capitals: fc.boolean(),
  sign: fc.boolean(),
});

property("pack: a call's pack verifies, and is the same for every order and spelling of its record", dressed, async (given) => {
  const { order, pad, capitals, sign } = given;
  const spelled = (text: string): string => `${pad}${capitals ? text.toUpperCase() : text}${pad}`;
  const events = CALL_LINES.events.map((event, i) => ({ event, key: order[i] ?? 0 })).sort((a, b) => a.key - b.key)
    .map(({ event }) => ({ ...event, commitment_class: spelled("refund"), event_type: `${pad}${event.event_type}` }));
  const decision = { ...CALL_LINES.decision, commitment_class: spelled("refund"), verdict: spelled("allow") };
  const receipt = { ...CALL_LINES.receipt, spoken_digest: spelled("f".repeat(64)) };
  const build = async (bytes: Uint8Array): Promise<Uint8Array> => {
    const record = assertOk(readCallRecord(bytes, "c.json"));
    const parts = assertOk(await callParts(nodeHost, record, RUNPACK, "run.zip", "1"));
    return assertOk(await buildPack(nodeHost.crypto, parts, sign ? KEY : undefined)).bytes;
  };
  const bytes = await build(
    callBytes({ events, gate_decisions: [decision], speak_receipts: [receipt], privacy_mode: spelled("hash_only") }),
  );
  assertEquals(bytes, await build(callBytes()));
  const report = assertOk(await verify(bytes, sign ? STRICT : {}));
  assertEquals([report.ok, report.uncovered_files], [true, []]);
});

property(
  "pack: a diff names exactly the entries whose bytes differ, and the other way round what was added was removed",
  fc.tuple(arbitraryRun, arbitraryRun, fc.boolean()),
  async ([one, other, same]) => {
    const [left, right] = [await runPack(one), await runPack(same ? one : other)];
    const diff = async (a: Uint8Array, b: Uint8Array) =>
      assertOk(await diffPackFiles(nodeHost, { source: bytesSource(a), what: "a" }, { source: bytesSource(b), what: "b" }))
        .summary;
    const found = await diff(left, right);
    const [before, after] = [await entriesOf(left), await entriesOf(right)].map((files) =>
      new Map(files.filter(({ path }) => path !== "pack_manifest.json").map(({ path, bytes }) => [path, bytes]))
    );
    assert(before !== undefined && after !== undefined);
    assertEquals(found.added_files, [...after.keys()].filter((path) => !before.has(path)).sort());
    assertEquals(found.removed_files, [...before.keys()].filter((path) => !after.has(path)).sort());
    const differ = [...before].filter(([path, bytes]) => !sameBytes(bytes, after.get(path) ?? bytes)).map(([path]) => path);
    assertEquals(found.changed_files, differ.sort());
    assertEquals(found.changed, !sameBytes(left, right));
    const back = await diff(right, left);
    assertEquals([back.added_files, back.removed_files, back.changed_files], [
      found.removed_files,
      found.added_files,
      found.changed_files,
    ]);
    assertEquals(back.context_drift_classification, found.context_drift_classification);
  },
);

const records = fc.integer({ min: 1, max: 40 }).map((count) => Array.from({ length: count }, (_, i) => `d${i}`));

property(
  "journals: one record deleted, changed, put in or cut off with all behind it is named by its number, and nothing else is",
  fc.tuple(records, fc.nat(), fc.constantFrom("delete", "change", "insert", "cut")),
  ([sealed, which, kind]) => {
    const at = which % sealed.length;
    const last = sealed.length - 1;
    const number = at + 1;
    const end = "missing at the end: the journal was cut short";
    const cut = at === last ? `record ${number} is ${end}` : `records ${number} to ${last + 1} are ${end}`;
    const cases = {
      delete: [sealed.toSpliced(at, 1), at === last ? cut : `record ${number} is missing`],
      change: [sealed.with(at, "x"), `record ${number} was changed`],
      insert: [sealed.toSpliced(at, 0, "x"), `line ${number} was put in: it is none of the sealed records`],
      cut: [sealed.slice(0, at), cut],
    } as const;
    const [found, words] = cases[kind];
    assertEquals(sequenceErrors(sealed, found), [words]);
    assert(headOf(nodeHost.crypto, sealed) !== headOf(nodeHost.crypto, found));
  },
);

property(
  "journals: whatever was done to the records, something is told of it; of nothing nothing is",
  fc.tuple(
    fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 }),
    fc.array(fc.constantFrom("a", "b", "c", "x"), { maxLength: 12 }),
  ),
  ([sealed, found]) => {
    const same = JSON.stringify(sealed) === JSON.stringify(found);
    assertEquals(sequenceErrors(sealed, found).length === 0, same);
    assertEquals(headOf(nodeHost.crypto, sealed) === headOf(nodeHost.crypto, found), same);
  },
);
