// One call under a policy alone, as `policy test` has it (spec 02, section 1.3): no config, envelope, inventory, limits or tokens. The
// intent digest is that of the call as given; for the rules, what it claims of its context is taken away.
import { fromUtf8, utf8 } from "../base/bytes.ts";
import type { Crypto } from "../base/host.ts";
import { quoted } from "../base/json_words.ts";
import { ok, type Result } from "../base/result.ts";
import type { CompiledPolicy } from "./compile.ts";
import { evaluate } from "./evaluate.ts";
import { intentDigests } from "./intent_digest.ts";
import { hiddenHint } from "./lint_hints.ts";
import { prepareIntent } from "./prepare.ts";
import type { Decision, Intent, KillSwitch } from "./types.ts";

/** What a policy says of a call. */
export type Tested = {
  readonly intent_digest: string;
  /** The intent as it was decided. */
  readonly prepared: Intent;
  readonly decision: Decision;
};

/** Evaluates a call under a policy alone at a time (UTC). */
export function testIntent(
  crypto: Crypto,
  policy: CompiledPolicy,
  intent: Intent,
  { evaluation_time, kill_switch }: { readonly evaluation_time: string; readonly kill_switch: KillSwitch },
): Result<Tested> {
  const prepared = prepareIntent(intent, {});
  if (!prepared.ok) return prepared;
  const decision = evaluate(crypto, policy, prepared.value.intent, { evaluation_time, kill_switch, inventory: undefined });
  return ok({ intent_digest: intentDigests(crypto, intent).intent_digest, prepared: prepared.value.intent, decision });
}

/** What an author may not see in a call: targets that get a class of danger from letters inside of the tool's name. */
export const testNotes = ({ tool_name, targets, script }: Intent): readonly string[] =>
  (script?.steps ?? [{ tool_name, targets }]).flatMap(({ tool_name, targets }) => {
    const hint = hiddenHint(tool_name);
    const hit = hint !== undefined &&
      targets.some(({ kind, endpoint_class: given }) => kind === hint.kind && given === hint.given);
    return hit
      ? [
        `tool ${quoted(tool_name)} contains ${
          quoted(hint.word)
        }, which makes a target of kind ${hint.kind} count as ${hint.given}`,
      ]
      : [];
  });

const MOST = 240;

/** The one line about a verdict, at most 240 bytes; when it is cut, its end says how many bytes it has over that. */
export function testSummary(
  { verdict, reason_codes, violations }: Pick<Decision, "verdict" | "reason_codes" | "violations">,
): string {
  const list = (words: readonly string[]): string => words.length === 0 ? "none" : words.join(",");
  const line = `policy test verdict=${verdict} reasons=${list(reason_codes)} violations=${list(violations)}`;
  const bytes = utf8(line);
  if (bytes.length <= MOST) return line;
  const end = `...(+${bytes.length - MOST})`;
  let cut = MOST - end.length;
  while (((bytes[cut] ?? 0) & 0xc0) === 0x80) cut--; // never through a character
  return `${fromUtf8(bytes.subarray(0, cut))}${end}`;
}
