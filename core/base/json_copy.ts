// A value of JavaScript as JSON: what is decided and written about is a copy that nobody changes meanwhile, and nothing that JSON
// lacks is left out in silence.
import type { Json } from "./json_value.ts";
import { quoted } from "./json_words.ts";
import { pointerStep } from "./pointer.ts";
import { fail, ok, type Result } from "./result.ts";

/** More values than any document has that is meant. */
const MOST = 1_000_000;

/** Deeper than documents may nest. */
const DEEPEST = 512;

/** Where a value is: under a name in what is above it. Pointers are made only where they are told. */
type Path = { readonly above: Path; readonly name: string | number } | undefined;

type Walk = {
  left: number;
  readonly above: object[];
  /** The list or object that is looked at. */
  at: Path;
  /** The first flaw; after it nothing more is copied. */
  flaw: { readonly pointer: string; readonly words: string } | undefined;
};

/**
 * A copy of a value. Members that are undefined are left out, values with a method `toJSON` (times, addresses) are what that
 * returns. Fault `value_not_json` for functions, symbols, big integers, NaN and infinities, times that are none, maps, sets,
 * bytes, for values that hold themselves, and for those that throw when they are read. `what` names the value in messages.
 */
export function jsonCopy(value: unknown, what: string): Result<Json> {
  const quick = reading(() => plainCopy(value, 0, { left: MOST }), () => undefined);
  if (quick !== undefined) return ok(quick);
  const walk: Walk = { left: MOST, above: [], at: undefined, flaw: undefined };
  const copy = reading(() => copyOf(value, undefined, walk), () => flawed(walk, walk.at, "must not throw when it is read"));
  if (walk.flaw === undefined) return ok(copy);
  const { pointer, words } = walk.flaw;
  const place = pointer === "" ? "it" : `member "${pointer}"`;
  return fail("value_not_json", `Cannot write ${quoted(what)} as JSON: ${place} ${words}`, { pointer });
}

// A value may run what its makers wrote: getters, `toJSON`, the traps of a proxy.
function reading<T>(copy: () => T, thrown: () => T): T {
  try {
    return copy();
  } catch {
    return thrown();
  }
}

/** As deep as plain values are expected to be. */
const SHALLOW = 32;

// Plain objects and lists, as nearly all are, without keeping track of where one is. Undefined for all else, which is then looked at
// closely.
function plainCopy(value: unknown, depth: number, room: { left: number }): Json | undefined {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : undefined; // JSON has no negative zero
  if (typeof value !== "object" || depth > SHALLOW || --room.left < 0) return undefined;
  if (Array.isArray(value)) {
    const items: Json[] = [];
    for (const item of value) {
      const copy = plainCopy(item, depth + 1, room);
      if (copy === undefined) return undefined;
      items.push(copy);
    }
    return items;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype || "toJSON" in value) return undefined;
  const members: Record<string, Json> = {};
  for (const name of Object.keys(value)) {
    const copy = plainCopy((value as Readonly<Record<string, unknown>>)[name], depth + 1, room);
    if (copy === undefined || name === "__proto__") return undefined;
    members[name] = copy;
  }
  return members;
}

function copyOf(value: unknown, path: Path, walk: Walk): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value + 0;
  if (typeof value === "object") return structureOf(value, path, walk);
  return flawed(walk, path, `must not be ${typeof value === "number" ? value : `of type ${typeof value}`}`);
}

function structureOf(value: object, path: Path, walk: Walk): Json {
  if (walk.flaw !== undefined) return null;
  walk.at = path;
  if (--walk.left < 0) return flawed(walk, path, `must not be among more than ${MOST} lists and objects`);
  if (walk.above.includes(value)) return flawed(walk, path, "must not hold itself");
  if (walk.above.length >= DEEPEST) return flawed(walk, path, `must not lie below more than ${DEEPEST} others`);
  walk.above.push(value);
  const copy = Array.isArray(value) ? listOf(value, path, walk) : membersOf(value, path, walk);
  walk.above.pop();
  return copy;
}

const listOf = (value: readonly unknown[], path: Path, walk: Walk): Json =>
  Array.from(value, (item, index) => copyOf(item, { above: path, name: index }, walk));

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Objects of another realm (a worker, a sandbox) have another prototype.
  return prototype === Object.prototype || prototype === null || Object.prototype.toString.call(value) === "[object Object]";
};

const isTime = (value: object): boolean => Object.prototype.toString.call(value) === "[object Date]";

function membersOf(value: object, path: Path, walk: Walk): Json {
  if ("toJSON" in value && typeof value.toJSON === "function") {
    const said: unknown = value.toJSON();
    return said === null && isTime(value) ? flawed(walk, path, "must not be a time that is none") : copyOf(said, path, walk);
  }
  if (!isPlain(value)) return flawed(walk, path, `must not be of type ${Object.prototype.toString.call(value).slice(8, -1)}`);
  const members: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const copy = copyOf(member, { above: path, name }, walk);
    if (name === "__proto__") Object.defineProperty(members, name, { value: copy, enumerable: true });
    else members[name] = copy;
  }
  return members;
}

function flawed(walk: Walk, path: Path, words: string): null {
  walk.flaw ??= { pointer: pointerOf(path), words };
  return null;
}

const pointerOf = (path: Path): string => path === undefined ? "" : pointerOf(path.above) + pointerStep(path.name);
