// What the tests of regressions share: runs, the evidence of a fixture, and folders with a suite on a machine in memory.
import type { Json, JsonObject } from "../../core/base/json.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { bytesSource } from "../../core/base/zip_read.ts";
import type { CandidateRun, GradedRun, GradeEvidence } from "../../core/regress/evidence.ts";
import { fixtureBytes, readRegressFixture } from "../../core/regress/fixture.ts";
import { compareRuns } from "../../core/flow/regress_compare.ts";
import { openRunpack } from "../../core/run/open.ts";
import { nodeHost } from "../../host/node.ts";
import { assertOk } from "../assert.ts";
import { quickPack, recordedTexts, type Texts } from "../run/packs.ts";

/** A run of three calls; the second is blocked. */
export const QUOTE = {
  run: { run_id: "quote", created_at: "2026-03-01T10:00:00+02:00", timeline: [] },
  intents: [
    { intent_id: "c1", tool_name: "crm.lookup", args: { customer: "acme" } },
    { intent_id: "c2", tool_name: "quote.write", args: { amount: 100, to: "a@example.test" } },
    { intent_id: "c3", tool_name: "mail.send", args: { to: "a@example.test" } },
  ],
  results: [
    { intent_id: "c1", status: "ok", result: { id: 7 } },
    { intent_id: "c2", status: "blocked", result: { reason: "limit" } },
    { intent_id: "c3", status: "ok", result: {} },
  ],
  capture_mode: "raw",
} as const;

/** A run of these members, and those of `QUOTE` for all others. */
export const quote = (change: JsonObject = {}): JsonObject => ({ ...QUOTE, ...change });

/** The bytes of the runpack of a run. */
export const packOf = (input: Json, edit: (texts: Texts) => Texts = (texts) => texts): Uint8Array =>
  quickPack(edit(recordedTexts(input)));

/** A run as graders see it. */
export const opened = async (bytes: Uint8Array, what = "pack.zip"): Promise<GradedRun> =>
  assertOk(await openRunpack(nodeHost, bytesSource(bytes), what));

/** The same of members of a run. */
export const graded = (change: JsonObject = {}): Promise<GradedRun> => opened(packOf(quote(change)));

/** Whether nothing more is asked of the context than the fixture says. */
export const NOT_ASKED = { contextConformance: false, allowRuntimeDrift: false } as const;

/** The evidence of a fixture made of `recorded`, changed by `change`, about the run `now` (the recorded one unless given). */
export async function evidenceOf(
  recorded: GradedRun,
  { change = {}, now, candidate, asked = NOT_ASKED }: {
    readonly change?: JsonObject;
    readonly now?: GradedRun;
    readonly candidate?: CandidateRun;
    readonly asked?: GradeEvidence["asked"];
  } = {},
): Promise<GradeEvidence> {
  const written = JSON.parse(new TextDecoder().decode(fixtureBytes("fx", recorded)));
  const fixture = assertOk(readRegressFixture(utf8(JSON.stringify({ ...written, ...change })), "fixture.json"));
  const run = { ok: true, value: now ?? recorded } as const;
  const found = candidate ?? { path: "now.zip", absent: false, run };
  const compared = found.run.ok ? await compareRuns(recorded, found.run.value) : found.run;
  return { fixture, source: { ok: true, run: recorded }, candidate: found, compared, asked };
}
