// Which members of two JSON values differ, as pointers: never what they hold.
import { isJsonObject, type Json, type JsonObject } from "./json_value.ts";
import { pointerStep } from "./pointer.ts";
import { byBytes } from "./text.ts";

/** Where two values differ: the first pointers in the order of names, and how many more there are. */
export type Differences = { readonly pointers: readonly string[]; readonly more: number };

// A longer pointer says less than it takes: the value around it is named instead.
const LONGEST = 200;

/**
 * The innermost members and items in which two values differ; a list whose length differs is named as a whole, and so is a
 * value if the pointer of what differs in it would be longer than 200 characters. The empty pointer is the whole value. No
 * pointers: the values are equal, as canonical JSON has it (the order of members does not matter, and -0 is 0). At most `most`
 * pointers are given.
 */
export function differences(left: Json, right: Json, most: number): Differences {
  const pointers: string[] = [];
  let more = 0;
  const note = (pointer: string): true => {
    if (pointers.length < most) pointers.push(pointer);
    else more++;
    return true;
  };
  /** Notes what differs below a pointer; false when that pointer is too long to be told. */
  const walk = (a: Json | undefined, b: Json | undefined, pointer: string): boolean => {
    if (a === b) return true;
    if (pointer.length > LONGEST) return isEqual(a, b);
    const [noted, hidden] = [pointers.length, more];
    const below = (step: string | number, inA: Json | undefined, inB: Json | undefined): boolean =>
      walk(inA, inB, `${pointer}${pointerStep(step)}`);
    if (isList(a) && isList(b) && a.length === b.length) {
      if (a.every((item, index) => below(index, item, b[index]))) return true;
    } else if (isJsonObject(a) && isJsonObject(b)) {
      if (names(a, b).sort(byBytes).every((name) => below(name, own(a, name), own(b, name)))) return true;
    }
    pointers.length = noted;
    more = hidden;
    return note(pointer);
  };
  walk(left, right, "");
  return { pointers, more };
}

/** Whether two values are equal, as canonical JSON has it. Stops at the first difference. */
export function isEqual(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  return isJsonObject(a) && isJsonObject(b) && names(a, b).every((name) => isEqual(own(a, name), own(b, name)));
}

/** Whether two values hold the same members, each of one kind; how many items lists have does not matter, what they are does. */
export function isShapedAlike(a: Json | undefined, b: Json | undefined): boolean {
  if (isList(a) && isList(b)) return a.every((item, index) => index >= b.length || isShapedAlike(item, b[index]));
  if (isJsonObject(a) && isJsonObject(b)) return names(a, b).every((name) => isShapedAlike(own(a, name), own(b, name)));
  return kindOf(a) === kindOf(b);
}

const kindOf = (value: Json | undefined): string => value === null ? "null" : isList(value) ? "list" : typeof value;

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
const own = (value: JsonObject, name: string): Json | undefined => Object.hasOwn(value, name) ? value[name] : undefined;
const names = (a: JsonObject, b: JsonObject): string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])];
