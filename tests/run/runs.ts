// Runs to record in tests: a fixed one, arbitrary ones, and the short way to a sealed pack.
import fc from "fast-check";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { utf8 } from "../../core/base/bytes.ts";
import type { SigningKey } from "../../core/base/sign.ts";
import { readRecordInput, type RecordOptions, recordRun } from "../../core/run/record.ts";
import { type Sealed, sealRunpack } from "../../core/run/seal.ts";
import { nodeHost } from "../../host/node.ts";
import { assertOk } from "../assert.ts";

/** Options that ask for nothing. */
export const PLAIN: RecordOptions = {
  runId: "",
  captureMode: "",
  evidenceMode: "",
  context: undefined,
  unsafeContextRaw: false,
  defaults: { created_at: "2026-03-01T10:00:00Z", producer_version: "0.0.0-dev", env: { os: "o", arch: "a", runtime: "r" } },
};

/** A run of two calls, one answered. */
export const SMALL = {
  run: { run_id: "run_small", created_at: "2026-03-01T10:00:00Z", timeline: [] },
  intents: [
    { intent_id: "i1", tool_name: "mail.send", args: { to: "a@example.test" } },
    { intent_id: "i2", tool_name: "file.read", args: {} },
  ],
  results: [{ intent_id: "i1", status: "ok", result: { id: "m-1" } }],
} as const;

/** Records and seals what `input` describes. */
export async function sealed(input: Json, options: Partial<RecordOptions> = {}, key?: SigningKey): Promise<Sealed> {
  const read = assertOk(readRecordInput(utf8(JSON.stringify(input)), "in.json"));
  const { records, capture } = assertOk(recordRun(nodeHost.crypto, read, { ...PLAIN, ...options }));
  return assertOk(await sealRunpack(nodeHost.crypto, records, capture, key));
}

const words = fc.string({ unit: "grapheme", maxLength: 12 });
const payload: fc.Arbitrary<JsonObject> = fc.dictionary(words, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }).map((value) =>
  // Back and forth through text: what JSON cannot say (-0, lone surrogates) is no input.
  JSON.parse(JSON.stringify(value).replaceAll(/\\u[dD][89a-fA-F][0-9a-fA-F]{2}/g, "?"))
);
const moment = fc.date({ min: new Date("1990-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }).map((date) =>
  date.toISOString()
);

/** Arbitrary runs as `run record` takes them. */
export const arbitraryRun: fc.Arbitrary<JsonObject> = fc.record({
  run: fc.record({
    run_id: fc.stringMatching(/^run_[a-z0-9]{1,8}$/),
    created_at: moment,
    timeline: fc.option(fc.array(fc.record({ event: words, ts: moment }), { maxLength: 3 })),
  }),
  intents: fc.array(fc.record({ intent_id: words, tool_name: words, args: payload }), { maxLength: 5 }),
  results: fc.array(fc.record({ intent_id: words, status: words, result: payload }), { maxLength: 5 }),
  capture_mode: fc.constantFrom("reference", "raw"),
}).map((value) => JSON.parse(JSON.stringify(value)));
