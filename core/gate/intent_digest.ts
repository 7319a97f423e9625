// The digests of a normalized intent (spec 02, section 4.4) and of its parts that others bind themselves to.
import { digestOf } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import { type Shape, writeShape } from "../base/shape.ts";
import { shapeText } from "../base/shape_text.ts";
import {
  type Delegation,
  DelegationShape,
  IntentDigestShape,
  ScriptShape,
  type Target,
  TargetShape,
} from "../schema/intent.ts";
import type { Intent, IntentDigests } from "./types.ts";

/** The digest of all that section 4.4 names of an intent, and that of its script. */
export function intentDigests(crypto: Crypto, intent: Intent): IntentDigests {
  const script_hash = intent.script === undefined ? "" : shapeDigest(crypto, ScriptShape, intent.script);
  return { intent_digest: shapeDigest(crypto, IntentDigestShape, { ...intent, script_hash }), script_hash };
}

// At every call: the document itself is not needed.
const shapeDigest = <T>(crypto: Crypto, shape: Shape<T>, value: T): string => crypto.sha256Text(shapeText(shape, value));

/** The digest of the arguments: what is written of a call tells it, and no decision asks for it. */
export const argsDigest = (crypto: Crypto, { args }: Pick<Intent, "args">): string => digestOf(crypto, args);

/** The digest that a credential names as its target binding. */
export const targetBinding = (crypto: Crypto, targets: readonly Target[]): string =>
  digestOf(crypto, targets.map((target) => writeShape(TargetShape, target)));

/** The digest of a normalized delegation: the binding of approvals, and `chain_digest` of traces (spec 03, section 4.5). */
export const delegationDigest = (crypto: Crypto, delegation: Delegation): string =>
  digestOf(crypto, writeShape(DelegationShape, delegation));
