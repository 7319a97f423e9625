// What differs between two session chains (spec 01, section 7.4, rule 5): checkpoints, by index and digest. Their runpacks are
// not opened: a checkpoint's digest binds the manifest digest of its runpack.
import { differences } from "../base/json_diff.ts";
import { writeShape } from "../base/shape.ts";
import { byBytes } from "../base/text.ts";
import { type SessionChain, type SessionCheckpoint, SessionCheckpointShape } from "../schema/session.ts";
import { type Change, type Diff, MOST_CHANGES, MOST_POINTERS, type Privacy, told } from "./diff_report.ts";

/** Compares two chains whose links hold. */
export function diffChains(left: SessionChain, right: SessionChain, privacy: Privacy): Diff {
  const [a, b] = [byIndex(left), byIndex(right)];
  const indexes = [...new Set([...a.keys(), ...b.keys()])].sort((x, y) => x - y);
  const changes = indexes.map((index) => changeOf(index, a.get(index), b.get(index))).filter((change) => change !== undefined);
  const changed = changes.length > 0;
  const [first] = changes;
  return {
    ok: !changed,
    privacy,
    summary: {
      run_id_left: left.run_id,
      run_id_right: right.run_id,
      manifest_changed: changed,
      intents_changed: changed,
      results_changed: changed,
      refs_changed: changed,
      ...(changed ? { files_changed: changes.map(nameOf).sort(byBytes) } : {}),
    },
    ...(first === undefined ? {} : { first_divergence: first }),
    changes: changes.slice(0, MOST_CHANGES),
    changes_total: changes.length,
  };
}

const byIndex = (chain: SessionChain): Map<number, SessionCheckpoint> =>
  new Map(chain.checkpoints.map((point) => [point.checkpoint_index, point]));

function changeOf(index: number, a?: SessionCheckpoint, b?: SessionCheckpoint): Change | undefined {
  const about = { record: "checkpoint", checkpoint_index: index } as const;
  if (a === undefined || b === undefined) return { ...about, change: a === undefined ? "right_only" : "left_only" };
  if (a.checkpoint_digest === b.checkpoint_digest) return undefined;
  const [x, y] = [writeShape(SessionCheckpointShape, a), writeShape(SessionCheckpointShape, b)];
  return { ...about, change: "changed", ...told(differences(x, y, MOST_POINTERS)) };
}

const nameOf = ({ change, checkpoint_index }: Change): string =>
  `${change === "changed" ? "" : `${change}_`}checkpoint_${checkpoint_index}`;
