// JSON pointers (RFC 6901): how a member of a document is named in faults and differences.
import { isJsonList, isJsonObject, type Json } from "./json_value.ts";

/** The name of a member, or the index of an item, as one step of a pointer, its slash included. */
export const pointerStep = (name: string | number): string => `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;

/** The names and indexes that a pointer leads through, from the outermost in. */
export const pointerSteps = (pointer: string): string[] =>
  pointer.split("/").slice(1).map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));

/** What stands at a pointer; undefined where nothing does. */
export function valueAt(json: Json, pointer: string): Json | undefined {
  let value: Json | undefined = json;
  for (const step of pointerSteps(pointer)) {
    if (isJsonList(value)) value = value[Number(step)];
    else value = isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}
