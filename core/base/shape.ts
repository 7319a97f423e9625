// Shapes of wire documents, a thin layer over valibot: one object gives the type, the reader, what is written, and (by
// the generator) the JSON Schema and the page. Documents are read as the contract has it: `null` is absent, an absent
// member has its zero value, unknown members are dropped (or refused by a `strict` object).
import * as v from "valibot";
import type { Json, JsonObject } from "./json.ts";
import { pointerStep } from "./pointer.ts";
import { fail, ok, type Place, type Result } from "./result.ts";
import { canonicalTime, ZERO_TIME } from "./time.ts";

/**
 * When a member is written: `always`; `filled` when it is not empty (`""`, `0`, `false`, `[]`, `{}`, null); `present`
 * when it was there, were it an empty object.
 */
export type Presence = "always" | "filled" | "present";

/** What a document or one of its members looks like. */
export type Shape<T> = {
  readonly doc: string;
  readonly presence: Presence;
  readonly schema: v.GenericSchema<unknown, T>;
  /** The JSON form of a value; undefined leaves the member out. */
  readonly write: (value: T) => Json | undefined;
  /** Members of an object, the items of a list: what the generator walks. */
  readonly fields?: Readonly<Record<string, AnyShape>>;
  readonly items?: AnyShape;
};

/** A shape whose values are of a type that does not matter here. */
export type AnyShape = Omit<Shape<unknown>, "write"> & { readonly write: (value: never) => Json | undefined };

/** The type of the values of a shape. */
export type Infer<S> = S extends { readonly schema: v.GenericSchema<unknown, infer T> } ? T : never;

const leaf = <T extends Json>(doc: string, schema: v.GenericSchema<unknown, T>, presence: Presence = "always"): Shape<T> => ({
  doc,
  presence,
  schema,
  write: (value) => value,
});

const WIDEST = 2 ** 63;
const wholeNumber = v.pipe(
  v.number("must be a whole number"),
  v.check((n) => Number.isInteger(n) && Math.abs(n) <= WIDEST, "must be a whole number in 64-bit range"),
);

/** Text; absent is `""`. */
export const text = (doc: string): Shape<string> => leaf(doc, v.nullish(v.string("must be text"), ""));

/** One of a closed list of words, exactly. Absent is refused. */
export const oneOf = <const W extends readonly string[]>(words: W, doc: string): Shape<W[number]> =>
  leaf(doc, v.picklist(words, `must be one of ${words.join(", ")}`));

/** A fixed word, such as a schema id. Absent is refused. */
export const constant = <const W extends string>(word: W, doc: string): Shape<W> =>
  leaf(doc, v.literal(word, `must be "${word}"`));

/** A whole number in 64-bit range; absent is 0. */
export const integer = (doc: string): Shape<number> => leaf(doc, v.nullish(wholeNumber, 0));

/** Any finite number; absent is 0. */
export const decimal = (doc: string): Shape<number> => leaf(doc, v.nullish(v.number("must be a number"), 0));

/** True or false; absent is false. */
export const truth = (doc: string): Shape<boolean> => leaf(doc, v.nullish(v.boolean("must be true or false"), false));

const TIME_WORDS = "must be an RFC 3339 time with offset, such as 2026-03-01T10:00:00Z";
const timeText = v.pipe(
  v.string(TIME_WORDS),
  v.check((value) => canonicalTime(value) !== undefined, TIME_WORDS),
  v.transform((value) => canonicalTime(value) ?? ZERO_TIME),
);

/** A time in its one spelling (`time.ts`), offset kept; absent is the zero time, and is written as that. */
export const time = (doc: string): Shape<string> => leaf(doc, v.nullish(timeText, ZERO_TIME));

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
const OBJECT_WORDS = "must be an object";
const plainObject = v.custom<JsonObject>(isObject, OBJECT_WORDS);

/** An object of any members, kept as it is; undefined when absent. Written when it has members. */
export const payload = (doc: string): Shape<JsonObject | undefined> => ({
  doc,
  presence: "filled",
  schema: v.pipe(v.nullish(plainObject), v.transform((value) => value ?? undefined)),
  write: (value) => value,
});

/** An object whose members are all of one shape, such as a map from id to payload; absent is the empty map. */
export const mapOf = <T>(item: Shape<T>, doc: string): Shape<ReadonlyMap<string, T>> => ({
  doc,
  presence: "filled",
  schema: v.pipe(
    v.nullish(v.pipe(plainObject, v.transform((value): Map<string, unknown> => new Map(Object.entries(value)))), {}),
    v.map(v.string(), item.schema),
  ) as v.GenericSchema<unknown, ReadonlyMap<string, T>>,
  write: (value) => Object.fromEntries([...value].map(([name, member]) => [name, item.write(member) ?? null])),
  items: item,
});

/** A list; absent is the empty list. */
export const listOf = <T>(item: Shape<T>, doc: string): Shape<readonly T[]> => ({
  doc,
  presence: "always",
  schema: v.nullish(v.array(item.schema, "must be a list"), []),
  write: (value) => value.map((member) => item.write(member) ?? null),
  items: item,
});

/** A list that may be absent, which is not the same as empty: absent is read and written as null. */
export const listOrNull = <T>(item: Shape<T>, doc: string): Shape<readonly T[] | null> => ({
  ...listOf(item, doc),
  schema: v.nullish(v.array(item.schema, "must be a list"), null),
  write: (value) => value === null ? null : value.map((member) => item.write(member) ?? null),
});

type Fields = Readonly<Record<string, AnyShape>>;
type Values<F> = { readonly [K in keyof F]: Infer<F[K]> };

const isEmpty = (value: Json): boolean => {
  if (typeof value !== "object" || value === null) return value === "" || value === 0 || value === false || value === null;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
};

const build = <F extends Fields>(doc: string, fields: F, strict: boolean): Shape<Values<F>> => {
  const members = Object.entries(fields);
  const entries = Object.fromEntries(members.map(([name, field]) => [name, field.schema]));
  // The casts of this layer: valibot infers from literal entries, which a table of shapes is not.
  // valibot takes a list for an object and would find members on its prototype.
  const schema = v.pipe(
    v.custom<Record<string, unknown>>(isObject, OBJECT_WORDS),
    strict ? v.strictObject(entries) : v.object(entries),
  );
  const write = (value: Values<F>): JsonObject => {
    const out: Record<string, Json> = {};
    for (const [name, { presence, write }] of members) {
      const given: unknown = value[name];
      if (given === undefined || (given === "" && presence === "filled")) continue;
      const member = write(given as never);
      if (member === undefined || (presence === "filled" && isEmpty(member))) continue;
      out[name] = member;
    }
    return out;
  };
  return { doc, presence: "always", schema: schema as unknown as v.GenericSchema<unknown, Values<F>>, write, fields };
};

/** An object of known members; others are dropped. */
export const object = <F extends Fields>(doc: string, fields: F): Shape<Values<F>> => build(doc, fields, false);

/** An object of known members; others are refused. */
export const strict = <F extends Fields>(doc: string, fields: F): Shape<Values<F>> => build(doc, fields, true);

/** The same member, written only when it is not empty. */
export const filled = <T>(shape: Shape<T>): Shape<T> => ({ ...shape, presence: "filled" });

/** An object member whose members all have their zero values when it is absent. */
export const orZero = <T>(shape: Shape<T>): Shape<T> => ({ ...shape, schema: v.nullish(shape.schema, {}) });

/** An object member that may be absent (undefined); an empty one that is there stays. */
export const present = <T>(shape: Shape<T>): Shape<T | undefined> => ({
  ...shape,
  presence: "present",
  schema: v.pipe(v.nullish(shape.schema), v.transform((value) => value ?? undefined)),
  write: (value) => value === undefined ? undefined : shape.write(value),
});

const kindOf = (value: unknown): string => {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return value.length > 60 ? `"${value.slice(0, 57)}..."` : JSON.stringify(value);
  return typeof value === "object" ? "an object" : String(value);
};

/**
 * The document of `shape` in `json`. Fault `document_shape` with a JSON pointer when a member has another form; `what`
 * names the document in the message.
 */
export const readShape = <T>(shape: Shape<T>, json: Json, what: string, at: Place = {}): Result<T> => {
  const read = v.safeParse(shape.schema, json, { abortEarly: true });
  if (read.success) return ok(read.output);
  const issue = read.issues[0];
  const pointer = (issue.path ?? []).map((step) => pointerStep(String(step.key))).join("");
  const wanted = issue.expected === "never"
    ? "is not known here"
    : issue.type.endsWith("object") && issue.input === undefined && pointer !== ""
    ? "is missing"
    : `${issue.message}, not ${kindOf(issue.input)}`;
  return fail("document_shape", `Cannot read "${what}": ${pointer === "" ? "the document" : `member "${pointer}"`} ${wanted}`, {
    ...at,
    pointer,
  });
};

/** The JSON form of a document: known members only, each by its presence rule. */
export const writeShape = <T>(shape: Shape<T>, value: T): JsonObject => {
  const json = shape.write(value);
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new TypeError("not the shape of a document");
  return json as JsonObject;
};
