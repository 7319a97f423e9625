// Members of a request that nobody reads: they are left out, and a misspelt one would be missed in silence. What is told of them
// decides nothing.
import { closest } from "../base/closest.ts";
import type { Json } from "../base/json.ts";
import { isJsonList, isJsonObject } from "../base/json_value.ts";
import { quoted } from "../base/json_words.ts";
import { pointerStep } from "../base/pointer.ts";
import type { AnyShape } from "../base/shape.ts";
import { IntentRequestShape } from "../schema/intent.ts";

/** Most members that are told one by one. */
const MOST = 10;

// The name of a schema for editors, and digests of a request that was digested before: they are made anew.
const LEFT: ReadonlySet<string> = new Set(["/$schema", "/intent_digest", "/args_digest", "/script_hash"]);

/** A member that is not known, and the names of those that are known in its place. */
type Unknown = { readonly pointer: string; readonly name: string; readonly known: readonly string[] };

function* unknowns(shape: AnyShape, json: Json, pointer: string): Generator<Unknown> {
  const { fields, items } = shape;
  if (items !== undefined && isJsonList(json)) {
    for (const [index, item] of json.entries()) yield* unknowns(items, item, pointer + pointerStep(index));
  }
  if (fields === undefined || !isJsonObject(json)) return;
  const members = new Map(Object.entries(fields()));
  for (const [name, value] of Object.entries(json)) {
    const at = pointer + pointerStep(name);
    const member = members.get(name);
    if (member !== undefined) yield* unknowns(member, value, at);
    else if (!LEFT.has(at)) yield { pointer: at, name, known: [...members.keys()] };
  }
}

/**
 * A warning for each member of a request, its context, targets, steps and all other objects of a known form that is not known, in the
 * order of the text: the first ten, and how many more there are. What holds members of any name, such as `args`, is not looked into.
 */
export function unknownMembers(request: Json): readonly string[] {
  const warnings: string[] = [];
  let more = 0;
  for (const { pointer, name, known } of unknowns(IntentRequestShape, request, "")) {
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
  for (const one of unknowns(IntentRequestShape, json, "")) {
    const near = one.pointer === folder + pointerStep(one.name) && closest(one.name, [name]) !== "";
    if (near) return `, did you mean ${quoted(name)} by ${quoted(one.name)}`;
  }
  return "";
}
