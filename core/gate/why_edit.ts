// Changes of a request as data: one member set, added or removed at a JSON pointer. What `--why` suggests is made of these, and is
// tried by really making them.
import { isJsonList, isJsonObject, type Json } from "../base/json_value.ts";
import { pointerSteps } from "../base/pointer.ts";

/** One member set, or removed where `to` is undefined. A pointer that ends in `-` adds to a list. */
export type RequestEdit = {
  readonly pointer: string;
  readonly to: Json | undefined;
  /** Any other value of its kind would do as well. */
  readonly example: boolean;
};

/** Most values of one list of a policy that are tried. */
export const MOST_VALUES = 16;

/** The member set to just this. */
export const set = (pointer: string, to: Json): RequestEdit => ({ pointer, to, example: false });

/** The member set to this or another one like it. */
export const any = (pointer: string, to: Json): RequestEdit => ({ pointer, to, example: true });

/** The member left out. */
export const drop = (pointer: string): RequestEdit => ({ pointer, to: undefined, example: false });

/** The member set to each of some values, up to so many. */
export const each = (pointer: string, values: readonly string[]): RequestEdit[] =>
  values.slice(0, MOST_VALUES).map((to) => set(pointer, to));

const put = (json: Json | undefined, steps: readonly string[], to: Json | undefined): Json | undefined => {
  const [step, ...rest] = steps;
  if (step === undefined) return to;
  if (step === "-") return to === undefined ? json : [...isJsonList(json) ? json : [], to];
  if (isJsonList(json)) {
    const at = Number(step);
    return json.flatMap((item, i) => {
      const changed = i === at ? put(item, rest, to) : item;
      return changed === undefined ? [] : [changed];
    });
  }
  const object = isJsonObject(json) ? json : {};
  const member = put(Object.hasOwn(object, step) ? object[step] : undefined, rest, to);
  const others = Object.entries(object).filter(([name]) => name !== step);
  return Object.fromEntries(member === undefined ? others : [...others, [step, member]]);
};

/** A request with changes made one after the other; objects on the way to a member are made where they are missing. */
export const edited = (request: Json, edits: readonly Pick<RequestEdit, "pointer" | "to">[]): Json =>
  edits.reduce<Json>((json, { pointer, to }) => put(json, pointerSteps(pointer), to) ?? null, request);
