// The digests of a normalized intent (spec 02, section 4.4) and of its parts that others bind themselves to.
import { canonicalText } from "../base/canonical.ts";
import { digestOf } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import { writeShape } from "../base/shape.ts";
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
export const intentDigests = (crypto: Crypto, intent: Intent): IntentDigests => digestsOf(crypto, digested(crypto, intent));

/** The same for some intents, as far as they are there. Each step is done for all of them, as by `readIntents`. */
export const allIntentDigests = (
  crypto: Crypto,
  intents: readonly (Intent | undefined)[],
): readonly (IntentDigests | undefined)[] =>
  intents.map((intent) => intent && digested(crypto, intent)).map((one) => one && digestsOf(crypto, one));

/** What is digested of an intent: at every call, so the document itself is not made. */
type Digested = { readonly text: string; readonly script_hash: string };

function digested(crypto: Crypto, intent: Intent): Digested {
  const script_hash = intent.script === undefined ? "" : crypto.sha256Text(shapeText(ScriptShape, intent.script));
  return { text: shapeText(IntentDigestShape, { ...intent, script_hash }), script_hash };
}

const digestsOf = (crypto: Crypto, { text, script_hash }: Digested): IntentDigests => ({
  intent_digest: crypto.sha256Text(text),
  script_hash,
});

/** What the digest of the arguments is made of. */
export const argsText = ({ args }: Pick<Intent, "args">): string => canonicalText(args);

/** The digest of the arguments: what is written of a call tells it, and no decision asks for it. */
export const argsDigest = (crypto: Crypto, intent: Pick<Intent, "args">): string => crypto.sha256Text(argsText(intent));

/** The digest that a credential names as its target binding. */
export const targetBinding = (crypto: Crypto, targets: readonly Target[]): string =>
  digestOf(crypto, targets.map((target) => writeShape(TargetShape, target)));

/** The digest of a normalized delegation: the binding of approvals, and `chain_digest` of traces (spec 03, section 4.5). */
export const delegationDigest = (crypto: Crypto, delegation: Delegation): string =>
  digestOf(crypto, writeShape(DelegationShape, delegation));
