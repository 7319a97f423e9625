// What differs between two runpacks (spec 01, section 7.4). The packs are walked side by side; of their records only what of the
// left side is compared is held, one kind at a time.
import type { Host, Source } from "../base/host.ts";
import { type Differences, isEqual } from "../base/json_diff.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { ok, type Result } from "../base/result.ts";
import { byBytes } from "../base/text.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { type Intent, INTENT_ID, RESULT_ID, type ResultRecord } from "../schema/runpack.ts";
import { compareRecords, type Comparison, type Divergence, stepOfPair, workspace } from "./compare.ts";
import { compareManifests, compareRefs, filesChanged } from "./diff_documents.ts";
import {
  type Change,
  type Diff,
  type DiffSummary,
  type FirstDivergence,
  MOST_CHANGES,
  type Privacy,
  told,
} from "./diff_report.ts";
import { isRedefined, policiesOf, whyOf } from "./diff_why.ts";
import { openScan, type RunpackScan } from "./scan.ts";

/** A runpack to be compared, and its name in messages. */
export type Named = { readonly source: Source; readonly what: string };

/** Compares two runpacks. The faults are those of `openScan`. */
export async function diffRunpacks(host: Host, left: Named, right: Named, privacy: Privacy): Promise<Result<Diff>> {
  const a = await openScan(host, left.source, left.what);
  if (!a.ok) return a;
  const b = await openScan(host, right.source, right.what);
  return b.ok ? await diffScans(a.value, b.value, privacy) : b;
}

/** Compares two runpacks that are open. The faults are those of walking them. */
export async function diffScans(left: RunpackScan, right: RunpackScan, privacy: Privacy): Promise<Result<Diff>> {
  const shared = workspace();
  const intents = await compareRecords({
    left: left.intents,
    right: right.intents,
    compared: comparedIntent(privacy),
    names: INTENT,
    label: ({ tool_name }) => tool_name,
    stepOf: (_, own) => stepOfPair(own),
  }, shared);
  if (!intents.ok) return intents;
  const results = await compareRecords({
    left: left.results,
    right: right.results,
    compared: comparedResult(privacy),
    names: RESULT,
    stepOf: (id) => stepOfPair(intents.value.find(id)),
  }, shared);
  if (!results.ok) return results;
  const manifest = compareManifests(left.manifest, right.manifest);
  const refs = compareRefs(left.refs, right.refs, privacy);
  const steps = [
    ...intents.value.first.map((divergence) => stepChange("intent", divergence)),
    ...results.value.first.map((divergence) => stepChange("result", divergence)),
  ].sort(byStep);
  const [first] = steps;
  const parted = first === undefined ? undefined : withTools(first, intents.value);
  const [ofManifest, ofRefs] = [documentChanges("manifest", manifest), documentChanges("refs", refs)];
  const changes_total = ofManifest.length + intents.value.total + results.value.total + ofRefs.length;
  const summary: DiffSummary = {
    run_id_left: left.manifest.run_id,
    run_id_right: right.manifest.run_id,
    manifest_changed: ofManifest.length > 0,
    intents_changed: intents.value.total > 0,
    results_changed: results.value.total > 0,
    refs_changed: ofRefs.length > 0,
    ...unlessEmpty({
      files_changed: filesChanged(left.manifest, right.manifest),
      left_only_intents: intents.value.leftOnly,
      right_only_intents: intents.value.rightOnly,
      left_only_results: results.value.leftOnly,
      right_only_results: results.value.rightOnly,
    }),
    context_drift_classification: refs.drift,
    ...(refs.drift === "runtime_only" ? { context_runtime_only_changes: true } : {}),
  };
  return ok({
    ok: changes_total === 0,
    privacy,
    summary,
    ...(parted === undefined ? {} : {
      first_divergence: {
        ...parted,
        why: whyOf({
          intent: intents.value.first.find(({ intent_id }) => intent_id === parted.intent_id),
          result: results.value.first.find(({ intent_id }) => intent_id === parted.intent_id),
          policies: !isEqual(policiesOf(left.run), policiesOf(right.run)),
          context: refs.drift !== "none",
          definition: isRedefined(left.run, right.run, parted.intent_id, toolsOf(parted)),
        }),
      },
    }),
    changes: [...ofManifest, ...steps, ...ofRefs].slice(0, MOST_CHANGES),
    changes_total,
  });
}

// A record has the members of its document under their own names, so it need not be written out. The heading that nearly every
// record has is held as null, which no text can be.
const INTENT = ["schema_id", "schema_version", "tool_name", "args_digest", "args"] as const;
const RESULT = ["schema_id", "schema_version", "status", "result_digest", "result"] as const;

const unlessUsual = (text: string, usual: string): string | null => text === usual ? null : text;

const comparedIntent = (privacy: Privacy) => (given: Intent): Json[] => {
  const { schema_id, schema_version, tool_name, args_digest, args } = given;
  const head = [unlessUsual(schema_id, INTENT_ID), unlessUsual(schema_version, VERSION_1)];
  return [...head, tool_name, args_digest, ...kept(args, privacy)];
};

const comparedResult = (privacy: Privacy) => (given: ResultRecord): Json[] => {
  const { schema_id, schema_version, status, result_digest, result } = given;
  const head = [unlessUsual(schema_id, RESULT_ID), unlessUsual(schema_version, VERSION_1)];
  return [...head, status, result_digest, ...kept(result, privacy)];
};

const kept = (payload: JsonObject | undefined, privacy: Privacy): JsonObject[] =>
  payload !== undefined && privacy === "full" && Object.keys(payload).length > 0 ? [payload] : [];

const unlessEmpty = (lists: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));

const documentChanges = (record: "manifest" | "refs", found: Differences): Change[] =>
  found.pointers.length === 0 ? [] : [{ record, change: "changed", ...told(found) }];

type StepChange = Change & { readonly intent_id: string };

function stepChange(record: "intent" | "result", divergence: Divergence): StepChange {
  const { intent_id, step, left, right } = divergence;
  const change = right === undefined ? "left_only" : left === undefined ? "right_only" : "changed";
  return { record, change, intent_id, ...(step === Infinity ? {} : { step }), ...told(divergence) };
}

const byStep = (a: StepChange, b: StepChange): number => {
  const [x, y] = [a.step ?? Infinity, b.step ?? Infinity];
  return x === y ? byBytes(a.intent_id, b.intent_id) || byBytes(a.record, b.record) : x < y ? -1 : 1;
};

const toolsOf = ({ tool_name_left: left, tool_name_right: right }: FirstDivergence): readonly string[] =>
  [left, right].filter((tool) => tool !== undefined);

/** Adds the tools that were called at the step. */
function withTools(change: StepChange, intents: Comparison): FirstDivergence & { readonly intent_id: string } {
  const { left, right } = intents.labels(change.intent_id);
  return {
    ...change,
    ...(left === undefined ? {} : { tool_name_left: left }),
    ...(right === undefined ? {} : { tool_name_right: right }),
  };
}
