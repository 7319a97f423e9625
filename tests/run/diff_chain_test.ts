// Session chains are compared by the digests of their checkpoints (spec 01, section 7.4, rule 5).
import { ZERO_TIME } from "../../core/base/time.ts";
import { checkpointDigest } from "../../core/run/chain.ts";
import { diffChains } from "../../core/run/diff_chain.ts";
import { CHAIN_ID, CHECKPOINT_ID, type SessionChain, type SessionCheckpoint } from "../../core/schema/session.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals } from "../assert.ts";

const MADE = { schema_version: "1.0.0", created_at: ZERO_TIME, producer_version: "test" };

/** A chain whose checkpoints seal runpacks of these manifest digests. */
function chain(run_id: string, manifests: readonly string[]): SessionChain {
  const checkpoints: SessionCheckpoint[] = [];
  for (const [index, manifest_digest] of manifests.entries()) {
    const link = {
      manifest_digest,
      prev_checkpoint_digest: checkpoints.at(-1)?.checkpoint_digest ?? "",
      checkpoint_index: index + 1,
      sequence_start: index + 1,
      sequence_end: index + 1,
    };
    checkpoints.push({
      schema_id: CHECKPOINT_ID,
      ...MADE,
      session_id: "s",
      run_id,
      runpack_path: `${index + 1}.zip`,
      ...link,
      checkpoint_digest: checkpointDigest(nodeHost.crypto, link),
      relationship: undefined,
      safety_invariant_version: "",
      safety_invariant_hash: "",
    });
  }
  return { schema_id: CHAIN_ID, ...MADE, session_id: "s", run_id, checkpoints };
}

Deno.test("diff of chains: exactly these members, by checkpoint and from both sides", () => {
  const left = chain("run_l", ["a", "b"]);
  const right = chain("run_r", ["a", "c", "d"]);
  const first = {
    record: "checkpoint",
    checkpoint_index: 2,
    change: "changed",
    pointers: ["/checkpoint_digest", "/manifest_digest", "/run_id"],
  };
  const found = diffChains(left, right, "full");
  assertEquals(found, {
    ok: false,
    privacy: "full",
    summary: {
      run_id_left: "run_l",
      run_id_right: "run_r",
      manifest_changed: true,
      intents_changed: true,
      results_changed: true,
      refs_changed: true,
      files_changed: ["checkpoint_2", "right_only_checkpoint_3"],
    },
    first_divergence: first,
    changes: [first, { record: "checkpoint", checkpoint_index: 3, change: "right_only" }],
    changes_total: 2,
  });
  const back = diffChains(right, left, "full");
  assertEquals([back.summary.files_changed, back.changes_total], [["checkpoint_2", "left_only_checkpoint_3"], 2]);
});

Deno.test("diff of chains: equal digests are equal, whatever else their checkpoints say", () => {
  const other = chain("run_r", ["a", "b"]);
  const moved = {
    ...other,
    checkpoints: other.checkpoints.map((point) => ({ ...point, runpack_path: `away/${point.runpack_path}` })),
  };
  const { ok, summary, changes, first_divergence } = diffChains(chain("run_l", ["a", "b"]), moved, "metadata");
  assertEquals([ok, summary.files_changed, changes, first_divergence], [true, undefined, [], undefined]);
});

Deno.test("diff of chains: names are sorted as texts, changes by index", () => {
  const long = Array.from({ length: 11 }, (_, i) => `m${i}`);
  const found = diffChains(chain("r", long), chain("r", ["x", ...long.slice(1)]), "full");
  assertEquals(found.summary.files_changed?.slice(0, 3), ["checkpoint_1", "checkpoint_10", "checkpoint_11"]);
  assertEquals(found.changes.map((change) => change.checkpoint_index), Array.from({ length: 11 }, (_, i) => i + 1));
});
