// Which approved script a call is (spec 03, section 5.4 step 5).
import { climbs } from "../base/paths.ts";
import type { ApprovedScript } from "../schema/approved_script.ts";
import { isOver } from "./token.ts";

/** A script as it is asked for. */
export type ScriptCall = {
  readonly policy_digest: string;
  readonly script_hash: string;
  /** The tools of the steps, in their order. */
  readonly tool_sequence: readonly string[];
  readonly tool_name: string;
  readonly risk_class: string;
  /** Undefined where its text leaves in doubt where it leads: no scope holds of it then. */
  readonly workspace: string | undefined;
  /** Of all targets of all steps. */
  readonly endpoint_classes: readonly string[];
};

const isBelow = (workspace: string, prefix: string): boolean =>
  workspace === prefix || workspace.startsWith(`${prefix}/`) && !climbs(workspace.slice(prefix.length + 1));

const SCOPES: Readonly<Record<string, (call: ScriptCall, word: string) => boolean>> = {
  risk: ({ risk_class }, word) => risk_class === word,
  tool: ({ tool_name }, word) => tool_name === word,
  workspace_prefix: ({ workspace }, word) => workspace !== undefined && isBelow(workspace, word),
  endpoint: ({ endpoint_classes }, word) => endpoint_classes.includes(word),
};

/** Whether a scope of an entry holds of a call. One that is not known, or has no word, never does. */
export function scopeHolds(scope: string, call: ScriptCall): boolean {
  const colon = scope.indexOf(":");
  const kind = scope.slice(0, colon);
  const holds = colon > 0 && Object.hasOwn(SCOPES, kind) ? SCOPES[kind] : undefined;
  const word = scope.slice(colon + 1);
  return holds !== undefined && word !== "" && holds(call, word);
}

const sameSequence = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((tool, i) => tool === b[i]);

const approves = (script: ApprovedScript, call: ScriptCall, now: string): boolean =>
  script.policy_digest === call.policy_digest && script.script_hash === call.script_hash && !isOver(script, now) &&
  sameSequence(script.tool_sequence, call.tool_sequence) && script.scope.every((scope) => scopeHolds(scope, call));

/** The first of some verified entries that approves a call; `now` is the time of the wall clock. */
export const approvingScript = (
  scripts: readonly ApprovedScript[],
  call: ScriptCall,
  now: string,
): ApprovedScript | undefined => scripts.find((script) => approves(script, call, now));
