// The chain of checkpoints that a session leaves behind (spec 01, section 8.1).
import { filled, type Infer, integer, listOf, object, present, text } from "../base/shape.ts";
import { RelationshipShape } from "./relationship.ts";
import { heading } from "./runpack.ts";

export const CHAIN_ID = "gait.runpack.session_chain";

const session = { session_id: text("Id of the session"), run_id: text("Id of the run") };

export const SessionCheckpointShape = object("One sealed stretch of a session", {
  ...heading("gait.runpack.session_checkpoint"),
  ...session,
  checkpoint_index: integer("Position in the chain, from 1"),
  sequence_start: integer("First event that it seals"),
  sequence_end: integer("Last event that it seals"),
  runpack_path: text("Where its runpack is"),
  manifest_digest: text("Manifest digest of that runpack"),
  prev_checkpoint_digest: filled(text("Digest of the checkpoint before")),
  checkpoint_digest: text("Digest that binds all of these"),
  relationship: present(RelationshipShape),
  safety_invariant_version: filled(text("Version of the safety invariants in force")),
  safety_invariant_hash: filled(text("Digest of the safety invariants in force")),
});

export const SessionChainShape = object("The checkpoints of a session, each linked to the one before", {
  ...heading(CHAIN_ID),
  ...session,
  checkpoints: listOf(SessionCheckpointShape, "The checkpoints, in order"),
});

export type SessionChain = Infer<typeof SessionChainShape>;
