// Members of a request that nobody reads: they are left out, and a misspelt one would be missed in silence. What is told of them
// decides nothing.
import { closest } from "../base/closest.ts";
import type { Json } from "../base/json.ts";
import { isJsonList, isJsonObject } from "../base/json_value.ts";
import { quoted } from "../base/json_words.ts";
import { pointerStep } from "../base/pointer.ts";
import { type Beside, membersBeside } from "../base/shape_beside.ts";
import { IntentRequestShape } from "../schema/intent.ts";

/** Most members that are told one by one. */
const MOST = 10;

// The name of a schema for editors, and digests of a request that was digested before: they are made anew.
const LEFT: ReadonlySet<string> = new Set(["/$schema", "/intent_digest", "/args_digest", "/script_hash"]);

function* unknowns(request: Json): Generator<Beside> {
  for (const one of membersBeside(IntentRequestShape, request)) if (!LEFT.has(one.pointer)) yield one;
}

/**
 * A warning for each member of a request, its context, targets, steps and all other objects of a known form that is not known, in the
 * order of the text: the first ten, and how many more there are. What holds members of any name, such as `args`, is not looked into.
 */
export function unknownMembers(request: Json): readonly string[] {
  const warnings: string[] = [];
  let more = 0;
  for (const { pointer, name, known } of unknowns(request)) {
    if (warnings.length === MOST) more++;
    else warnings.push(`member ${quoted(pointer, 120)} is not known and was left out${closest(name, known)}`);
  }
  return more === 0 ? warnings : [...warnings, `${more} more ${more === 1 ? "member is" : "members are"} not known`];
}

/** The name at the end of a pointer, and the object that it would be a member of. */
function parentOf(json: Json, pointer: string): readonly [name: string, parent: Json | undefined] {
  const steps = pointer.split("/").slice(1);
  const name = steps.pop() ?? "";
  let parent: Json | undefined = json;
  for (const step of steps) {
    if (isJsonList(parent)) parent = parent[Number(step)];
    else parent = isJsonObject(parent) && Object.hasOwn(parent, step) ? parent[step] : undefined;
  }
  return [name, parent];
}

/** Whether a member that is wanted is not there, or null, which counts as absent. */
export function isAbsent(json: Json, pointer: string): boolean {
  const [name, parent] = parentOf(json, pointer);
  return !isJsonObject(parent) || !Object.hasOwn(parent, name) || parent[name] === null;
}

/** `, did you mean "tool_name" by "tol_name"` where a member beside the one that is missing is nearly named as it; else nothing. */
export function meantFor(json: Json, pointer: string): string {
  const [name, parent] = parentOf(json, pointer);
  if (!isJsonObject(parent)) return "";
  const folder = pointer.slice(0, pointer.lastIndexOf("/"));
  for (const one of unknowns(json)) {
    const near = one.pointer === folder + pointerStep(one.name) && closest(one.name, [name]) !== "";
    if (near) return `, did you mean ${quoted(name)} by ${quoted(one.name)}`;
  }
  return "";
}
