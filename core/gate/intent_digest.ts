// The digests of a normalized intent (spec 02, section 4.4) and of its parts that others bind themselves to.
import { alikeTexts } from "../base/alike.ts";
import { canonicalText } from "../base/canonical.ts";
import { digestOf } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import type { JsonObject } from "../base/json_value.ts";
import { writeShape } from "../base/shape.ts";
import { shapeText } from "../base/shape_text.ts";
import {
  type Delegation,
  DelegationShape,
  IntentContextShape,
  IntentDigestShape,
  ProvenanceShape,
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
  const plain = plainText(intent);
  if (plain !== undefined) return { text: plain, script_hash: "" };
  const script_hash = intent.script === undefined ? "" : crypto.sha256Text(shapeText(ScriptShape, intent.script));
  return { text: shapeText(IntentDigestShape, { ...intent, script_hash }), script_hash };
}

const contextText = alikeTexts(IntentContextShape, ["request_id"]);
const targetText = alikeTexts(TargetShape, ["endpoint_domain", "value"]);
const provenanceText = alikeTexts(ProvenanceShape, ["arg_path", "integrity_digest", "source_ref"]);

/** What is digested of a call that is no script, without a skill or a delegation: the members of `IntentDigestShape` that it has. */
function plainText(
  { tool_name, args, targets, arg_provenance, context, script, skill_provenance, delegation }: Intent,
): string | undefined {
  if (script !== undefined || skill_provenance !== undefined || delegation !== undefined) return undefined;
  const provenance = arg_provenance.length === 0 ? "" : `"arg_provenance":${listText(arg_provenance, provenanceText)},`;
  return `{${provenance}"args":${argsText({ args })},"context":${contextText(context)},"targets":${
    listText(targets, targetText)
  },"tool_name":${JSON.stringify(tool_name)}}`;
}

function listText<T>(items: readonly T[], textOf: (item: T) => string): string {
  let text = "[";
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (item !== undefined) text += `${i > 0 ? "," : ""}${textOf(item)}`;
  }
  return `${text}]`;
}

const digestsOf = (crypto: Crypto, { text, script_hash }: Digested): IntentDigests => ({
  intent_digest: crypto.sha256Text(text),
  script_hash,
});

/** How many texts of arguments are kept in mind: as many as calls are digested together. Each call's is asked for twice. */
const RECENT = 16;

/** Longer texts are not kept in mind. */
const LONGEST = 4_096;

const recent: { readonly args: JsonObject; readonly text: string }[] = [];
let oldest = 0;

/** What the digest of the arguments is made of. */
export function argsText({ args }: Pick<Intent, "args">): string {
  for (let i = 0; i < recent.length; i++) {
    const one = recent[i];
    if (one !== undefined && one.args === args) return one.text;
  }
  const text = canonicalText(args);
  if (text.length > LONGEST) return text;
  recent[oldest] = { args, text };
  oldest = (oldest + 1) % RECENT;
  return text;
}

/** The digest of the arguments: what is written of a call tells it, and no decision asks for it. */
export const argsDigest = (crypto: Crypto, intent: Pick<Intent, "args">): string => crypto.sha256Text(argsText(intent));

/** The digest that a credential names as its target binding. */
export const targetBinding = (crypto: Crypto, targets: readonly Target[]): string =>
  digestOf(crypto, targets.map((target) => writeShape(TargetShape, target)));

/** The digest of a normalized delegation: the binding of approvals, and `chain_digest` of traces (spec 03, section 4.5). */
export const delegationDigest = (crypto: Crypto, delegation: Delegation): string =>
  digestOf(crypto, writeShape(DelegationShape, delegation));
