// The explain document of one decision, as `gait gate eval --json --explain` prints it.
import { writeShape } from "../core/base/shape.ts";
import type { Decided } from "../core/flow/gate_decided.ts";
import { explainDocument, type ProofRefs } from "../core/flow/gate_explain.ts";
import type { Verdict } from "../core/gate/types.ts";
import { PolicyExplainShape } from "../core/schema/policy_explain.ts";

/** The document: what is read of it again; it has more members. */
export type Explained = { readonly ok: true; readonly verdict: Verdict };

/** Makes the document. */
export const explained = (decided: Decided, producer_version: string, proof: ProofRefs): Explained => ({
  ...writeShape(PolicyExplainShape, explainDocument(decided, producer_version, proof)),
  ok: true,
  verdict: decided.decision.verdict,
});
