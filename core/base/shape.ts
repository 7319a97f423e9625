// Shapes of wire documents, a thin layer over valibot: one object gives the type, the reader, what is written, and (by
// the generator) the JSON Schema and the page. Documents are read as the contract has it: `null` is absent, an absent
// member has its zero value, unknown members are dropped (or refused by a `strict` object).
import * as v from "valibot";
import type { Json, JsonObject } from "./json.ts";
import { quoted } from "./json_words.ts";
import { lazy } from "./lazy.ts";
import { pointerStep } from "./pointer.ts";
import { absentAs, DOUBT, isObject, quick, quickList, quickObject, quickOf } from "./readings.ts";
import { fail, type Place, type Result } from "./result.ts";
import { lower, trim, trimmedSet } from "./text.ts";
import { canonicalTime, ZERO_TIME } from "./time.ts";

/**
 * When a member is written: `always`; `filled` when it is not empty (`""`, `0`, `false`, `[]`, `{}`, null); `present`
 * when it was there, were it an empty object.
 */
export type Presence = "always" | "filled" | "present";

type Schema<T> = v.GenericSchema<unknown, T>;

/** What a document or one of its members looks like. */
export type Shape<T> = {
  readonly doc: string;
  readonly presence: Presence;
  readonly schema: Schema<T>;
  /** The JSON form of a value; undefined leaves the member out. */
  readonly write: (value: T) => Json | undefined;
  /** Members of an object, the items of a list: what the generator walks. */
  readonly fields?: () => Fields;
  readonly items?: AnyShape;
  /** What kind of scalar it is, where it is one: formats whose scalars are written as text (YAML) are read by it. */
  readonly scalar?: "text" | "integer" | "decimal" | "truth";
  /** The words of a closed list, or of the items of one: for the generator, the reader checks them by its schema. */
  readonly words?: readonly string[];
  /** Keywords of JSON Schema for further rules that the reader checks by its schema: for the generator. */
  readonly keywords?: Readonly<Record<string, string | number | boolean>>;
};

/** A shape whose values are of a type that does not matter here. */
export type AnyShape = Omit<Shape<unknown>, "write"> & { readonly write: (value: never) => Json | undefined };

/** The members of an object by name. */
export type Fields = Readonly<Record<string, AnyShape>>;

/** The members of an object; none of any other shape. */
export const fieldsOf = ({ fields }: AnyShape): Fields => fields?.() ?? {};

/** The member of that name, if there is one. */
export const fieldOf = (shape: AnyShape, name: string): AnyShape | undefined => {
  const fields = fieldsOf(shape);
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
};

/** The type of the values of a shape. */
export type Infer<S> = S extends { readonly schema: v.GenericSchema<unknown, infer T> } ? T : never;

type Scalar = NonNullable<AnyShape["scalar"]>;

const leaf = <T extends Json>(doc: string, schema: Schema<T>, scalar: Scalar = "text"): Shape<T> => ({
  doc,
  presence: "always",
  schema,
  write: (value) => value,
  scalar,
});

/** The schema, which reads what is absent as `zero`. */
const withZero = <T>(zero: T, schema: Schema<T>): Schema<T> => absentAs(zero, schema);

const WIDEST = 2 ** 63;
const wholeNumber = v.pipe(
  v.number("must be a whole number"),
  v.check((n) => Number.isInteger(n) && Math.abs(n) <= WIDEST, "must be a whole number in 64-bit range"),
);

// Made once for all shapes of a kind: there are hundreds, and a program starts with all that it may read.
const quickText = (value: unknown): unknown => typeof value === "string" ? value : DOUBT;
const TEXT = quick(quickText, withZero("", v.nullish(v.string("must be text"), "")));

/** Text; absent is `""`. */
export const text = (doc: string): Shape<string> => leaf(doc, TEXT);

/** One of a closed list of words, exactly. Absent is refused. */
export const oneOf = <const W extends readonly string[]>(words: W, doc: string): Shape<W[number]> =>
  leaf(doc, v.picklist(words, `must be one of ${words.join(", ")}`));

/** A fixed word, such as a schema id. Absent is refused. */
export const constant = <const W extends string>(word: W, doc: string): Shape<W> =>
  leaf(doc, v.literal(word, `must be "${word}"`));

const quickInteger = (value: unknown): unknown => Number.isSafeInteger(value) ? value : DOUBT;
const INTEGER = quick(quickInteger, withZero(0, v.nullish(wholeNumber, 0)));

/** A whole number in 64-bit range; absent is 0. */
export const integer = (doc: string): Shape<number> => leaf(doc, INTEGER, "integer");

const DECIMAL = withZero(0, v.nullish(v.number("must be a number"), 0));

/** Any finite number; absent is 0. */
export const decimal = (doc: string): Shape<number> => leaf(doc, DECIMAL, "decimal");

const trueOrFalse = v.boolean("must be true or false");
const quickTruth = (value: unknown): unknown => typeof value === "boolean" ? value : DOUBT;
const TRUTH = quick(quickTruth, withZero(false, v.nullish(trueOrFalse, false)));

/** True or false; absent is false. */
export const truth = (doc: string): Shape<boolean> => leaf(doc, TRUTH, "truth");

const lowered = (value: string): string => lower(trim(value));

const quickTrimmed = (value: unknown): unknown => typeof value === "string" ? trim(value) : DOUBT;
const quickLowered = (value: unknown): unknown => typeof value === "string" ? lowered(value) : DOUBT;

const trimmedText = quick(quickTrimmed, v.pipe(v.string("must be text"), v.transform(trim)));
const loweredText = quick(quickLowered, v.pipe(v.string("must be text"), v.transform(lowered)));

const loweredWord = (words: readonly string[]) => {
  const known = new Set<unknown>(["", ...words]);
  const quickWord = (value: unknown): unknown => {
    const word = quickLowered(value);
    return known.has(word) ? word : DOUBT;
  };
  return quick(
    quickWord,
    v.pipe(
      v.string("must be text"),
      v.transform(lowered),
      v.check((value) => known.has(value), `must be one of ${words.join(", ")}`),
    ),
  );
};

const orBlank = (schema: Schema<string>): Schema<string> => quick(quickOf(schema), withZero("", v.nullish(schema, "")));

const LABEL = orBlank(trimmedText);
const TERM = orBlank(loweredText);

/** Text, trimmed; absent is `""`. */
export const label = (doc: string): Shape<string> => leaf(doc, LABEL);

/** Text, trimmed and in lowercase, one of `words` if they are given; absent and blank are `""`. */
export const term = (doc: string, words?: readonly string[]): Shape<string> =>
  words === undefined ? leaf(doc, TERM) : { ...leaf(doc, orBlank(loweredWord(words))), words };

const setSchema = (item: Schema<string>): Schema<readonly string[]> => {
  const list = quickList(item);
  const quickSet = (values: unknown) => {
    const texts = list(values);
    return texts === DOUBT ? DOUBT : trimmedSet(texts as readonly string[]);
  };
  const schema = v.pipe(
    v.nullish(v.array(item, "must be a list"), []),
    v.transform((values): readonly string[] => trimmedSet(values)),
  );
  return quick(quickSet, withZero([], schema));
};

const setOf = (doc: string, item: Shape<string>, schema: Schema<readonly string[]>): Shape<readonly string[]> => ({
  doc,
  presence: "always",
  schema,
  write: (value) => value,
  items: item,
});

const LABEL_ITEM = leaf("One of them", trimmedText);
const LABEL_SET = setSchema(trimmedText);
const TERM_ITEM = leaf("One of them", loweredText);
const TERM_SET = setSchema(loweredText);

/** Texts, each trimmed, without blanks and repeats, in byte order; absent is the empty list. */
export const labelSet = (doc: string): Shape<readonly string[]> => setOf(doc, LABEL_ITEM, LABEL_SET);

/** The same in lowercase, each one of `words` if they are given. */
export const termSet = (doc: string, words?: readonly string[]): Shape<readonly string[]> => {
  if (words === undefined) return setOf(doc, TERM_ITEM, TERM_SET);
  const word = loweredWord(words);
  return setOf(doc, { ...leaf("One of them", word), words }, setSchema(word));
};

const countNumber = v.pipe(wholeNumber, v.minValue(0, "must not be negative"));
const COUNT = withZero(0, v.nullish(countNumber, 0));
const OPTIONAL_COUNT = withZero(undefined, v.optional(countNumber));

// A list that was given and says nothing is a slip that would switch off what it was to hold.
const saysSomething = (values: unknown): boolean =>
  !Array.isArray(values) || values.length === 0 || values.some((value) => typeof value !== "string" || trim(value) !== "");

/** A `labelSet` or `termSet` in which blanks alone are refused; the empty list is not. */
export const filledSet = (set: Shape<readonly string[]>): Shape<readonly string[]> => ({
  ...set,
  // Nullish, though anything may come: without it an absent list is told as missing wherever something else does not fit.
  schema: withZero([], v.pipe(v.nullish(v.unknown()), v.check(saysSomething, "must hold more than blanks"), set.schema)),
});

/** A whole number that is not negative; absent is undefined and stays so, which is not the same as 0. */
export const optionalCount = (doc: string): Shape<number | undefined> => ({
  ...leaf(doc, wholeNumber, "integer"),
  presence: "present",
  schema: OPTIONAL_COUNT,
  write: (value) => value,
});

/** A whole number that is not negative; absent is 0. */
export const count = (doc: string): Shape<number> => leaf(doc, COUNT, "integer");

const OPTIONAL_TRUTH = withZero(undefined, v.optional(trueOrFalse));

/** True or false; absent is undefined and stays so, which is not the same as false. */
export const optionalTruth = (doc: string): Shape<boolean | undefined> => ({
  ...leaf(doc, trueOrFalse, "truth"),
  presence: "present",
  schema: OPTIONAL_TRUTH,
  write: (value) => value,
});

const OPTIONAL_LABEL = withZero(undefined, v.optional(trimmedText));

/** Text, trimmed; absent is undefined and stays so, which is not the same as blank. */
export const optionalLabel = (doc: string): Shape<string | undefined> => ({
  ...leaf(doc, trimmedText),
  presence: "present",
  schema: OPTIONAL_LABEL,
  write: (value) => value,
});

const TIME_WORDS = "must be an RFC 3339 time with offset, such as 2026-03-01T10:00:00Z";
const timeText = v.pipe(
  v.string(TIME_WORDS),
  v.check((value) => canonicalTime(value) !== undefined, TIME_WORDS),
  v.transform((value) => canonicalTime(value) ?? ZERO_TIME),
);

const quickTime = (value: unknown): unknown => typeof value === "string" ? canonicalTime(value) ?? DOUBT : DOUBT;
const TIME = quick(quickTime, withZero(ZERO_TIME, v.nullish(timeText, ZERO_TIME)));

/** A time in its one spelling (`time.ts`), offset kept; absent is the zero time, and is written as that. */
export const time = (doc: string): Shape<string> => leaf(doc, TIME);

const OBJECT_WORDS = "must be an object";
const plainObject = v.custom<JsonObject>(isObject, OBJECT_WORDS);

const quickPayload = (value: unknown): unknown => isObject(value) ? value : DOUBT;
const PAYLOAD = quick(
  quickPayload,
  withZero(undefined, v.pipe(v.nullish(plainObject), v.transform((value) => value ?? undefined))),
);

/** An object of any members, kept as it is; undefined when absent. Written when it has members. */
export const payload = (doc: string): Shape<JsonObject | undefined> => ({
  doc,
  presence: "filled",
  schema: PAYLOAD,
  write: (value) => value,
});

const PAYLOAD_OR_TEXT = v.pipe(
  v.nullish(
    v.custom<JsonObject | string>(
      (value) => typeof value === "string" || isObject(value),
      "must be an object, or the JSON text of one",
    ),
  ),
  v.transform((value) => value ?? undefined),
);

/** The same, or a text that should hold one: what is in the text is for others to read. */
export const payloadOrText = (doc: string): Shape<JsonObject | string | undefined> => ({
  doc,
  presence: "filled",
  schema: PAYLOAD_OR_TEXT,
  write: (value) => value,
});

/** An object whose members are all of one shape, such as a map from id to payload; absent is the empty map. */
export const mapOf = <T>(item: Shape<T>, doc: string): Shape<ReadonlyMap<string, T>> => ({
  doc,
  presence: "filled",
  schema: v.pipe(
    v.nullish(v.pipe(plainObject, v.transform((value): Map<string, unknown> => new Map(Object.entries(value)))), {}),
    v.map(v.string(), item.schema),
  ) as Schema<ReadonlyMap<string, T>>,
  write: (value) => Object.fromEntries([...value].map(([name, member]) => [name, item.write(member) ?? null])),
  items: item,
});

/** A list; absent is the empty list. */
export const listOf = <T>(item: Shape<T>, doc: string): Shape<readonly T[]> => ({
  doc,
  presence: "always",
  schema: quick(quickList(item.schema), withZero([], v.nullish(v.array(item.schema, "must be a list"), []))),
  write: (value) => value.map((member) => item.write(member) ?? null),
  items: item,
});

/** A list that may be absent, which is not the same as empty: absent is read and written as null. */
export const listOrNull = <T>(item: Shape<T>, doc: string): Shape<readonly T[] | null> => ({
  ...listOf(item, doc),
  schema: withZero(null, v.nullish(v.array(item.schema, "must be a list"), null)),
  write: (value) => value === null ? null : value.map((member) => item.write(member) ?? null),
});

type Values<F> = { readonly [K in keyof F]: Infer<F[K]> };

const isEmpty = (value: Json): boolean => {
  if (typeof value !== "object" || value === null) return value === "" || value === 0 || value === false || value === null;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
};

const build = <F extends Fields>(doc: string, make: () => F, strict: boolean): Shape<Values<F>> => {
  const fields = lazy(make);
  const members = lazy(() => Object.entries<AnyShape>(fields()));
  const write = (value: Values<F>): JsonObject => {
    const out: Record<string, Json> = {};
    for (const [name, { presence, write }] of members()) {
      const given: unknown = value[name];
      if (given === undefined || (given === "" && presence === "filled")) continue;
      const member = write(given as never);
      if (member === undefined || (presence === "filled" && isEmpty(member))) continue;
      out[name] = member;
    }
    return out;
  };
  // The casts of this layer: valibot infers from literal entries, which a table of shapes is not.
  const schema = objectSchema(members, strict) as unknown as Schema<Values<F>>;
  return { doc, presence: "always", schema, write, fields };
};

/** The schema of an object. That of the whole is made when something does not fit: it says what, and where. */
function objectSchema(members: () => readonly (readonly [string, AnyShape])[], strict: boolean): v.GenericSchema {
  const schemas = lazy(() => members().map(([name, { schema }]) => [name, schema] as const));
  const whole = lazy(() => {
    const entries = Object.fromEntries(schemas());
    // valibot takes a list for an object and would find members on its prototype.
    return v.pipe(
      v.custom<Record<string, unknown>>(isObject, OBJECT_WORDS),
      strict ? v.strictObject(entries) : v.object(entries),
    ) as v.GenericSchema;
  });
  const byMembers = lazy(() => quickObject(schemas(), strict));
  const read = (given: unknown): unknown => byMembers()(given);
  const schema = Object.assign(v.custom(isObject, OBJECT_WORDS), {
    type: strict ? "strict_object" : "object",
    "~run"(dataset: v.UnknownDataset, config: v.Config<v.BaseIssue<unknown>>): v.OutputDataset<unknown, v.BaseIssue<unknown>> {
      const value = read(dataset.value);
      return value === DOUBT ? whole()["~run"](dataset, config) : { typed: true, value };
    },
  }) as v.GenericSchema;
  return quick(read, schema);
}

/** An object of known members; others are dropped. The members are made when one is first wanted: most programs meet few of all shapes. */
export const object = <F extends Fields>(doc: string, fields: () => F): Shape<Values<F>> => build(doc, fields, false);

/** An object of known members; others are refused. */
export const strict = <F extends Fields>(doc: string, fields: () => F): Shape<Values<F>> => build(doc, fields, true);

/** The same member, written only when it is not empty. */
export const filled = <T>(shape: Shape<T>): Shape<T> => ({ ...shape, presence: "filled" });

/** An object member whose members all have their zero values when it is absent. */
export const orZero = <T>(shape: Shape<T>): Shape<T> => ({
  ...shape,
  schema: quick(quickOf(shape.schema), v.nullish(shape.schema, {})),
});

/** An object member that may be absent (undefined); an empty one that is there stays. */
export const present = <T>(shape: Shape<T>): Shape<T | undefined> => ({
  ...shape,
  presence: "present",
  schema: quick(
    quickOf(shape.schema),
    withZero(undefined, v.pipe(v.nullish(shape.schema), v.transform((value) => value ?? undefined))),
  ),
  write: (value) => value === undefined ? undefined : shape.write(value),
});

// The same schema without leave to be absent or null.
const inner = <T>({ schema }: Shape<T>): Schema<T> =>
  schema.type === "nullish" && "wrapped" in schema ? schema.wrapped as Schema<T> : schema;

/** The same member, but absent and null are refused, as the formats of others have it. */
export const given = <T>(shape: Shape<T>): Shape<T> => ({ ...shape, schema: inner(shape) });

/** A member that may be absent (undefined) and then stays so; null is refused. */
export const optional = <T>(shape: Shape<T>): Shape<T | undefined> => ({
  ...shape,
  presence: "present",
  schema: withZero(undefined, v.optional(inner(shape)) as Schema<T | undefined>),
  write: (value) => value === undefined ? undefined : shape.write(value),
});

/** The same member, given and only with values that are `accepted`; `keywords` say so in JSON Schema, `wanted` in words. */
export const refined = <T>(
  shape: Shape<T>,
  keywords: NonNullable<AnyShape["keywords"]>,
  accepted: (value: T) => boolean,
  wanted: string,
): Shape<T> => ({
  ...shape,
  keywords: { ...shape.keywords, ...keywords },
  schema: v.pipe(inner(shape), v.check(accepted, wanted)) as Schema<T>,
});

const kindOf = (value: unknown): string => {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return quoted(value);
  return typeof value === "object" ? "an object" : String(value);
};

/** Why a value is not of a shape: the pointer to what does not fit, and in words what is wanted there. */
export type Misfit = { readonly pointer: string; readonly wanted: string };

/** The value of `shape` in `json`, or the first misfit. */
export const fitShape = <T>(
  shape: Pick<Shape<T>, "schema">,
  json: Json,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly misfit: Misfit } => {
  const value = quickOf(shape.schema)(json);
  if (value !== DOUBT) return { ok: true, value: value as T };
  const read = v.safeParse(shape.schema, json, { abortEarly: true });
  if (read.success) return { ok: true, value: read.output };
  const issue = read.issues[0];
  const pointer = (issue.path ?? []).map((step) => pointerStep(String(step.key))).join("");
  const wanted = issue.expected === "never"
    ? "is not known here"
    : issue.type.endsWith("object") && issue.input === undefined && pointer !== ""
    ? "is missing"
    : `${issue.message}, not ${kindOf(issue.input)}`;
  return { ok: false, misfit: { pointer, wanted } };
};

/**
 * The document of `shape` in `json`. Fault `document_shape` with a JSON pointer when a member has another form; `what`
 * names the document in the message.
 */
export const readShape = <T>(shape: Shape<T>, json: Json, what: string, at: Place = {}): Result<T> => {
  const read = fitShape(shape, json);
  if (read.ok) return read;
  const { pointer, wanted } = read.misfit;
  const member = pointer === "" ? "the document" : `member "${pointer}"`;
  return fail("document_shape", `Cannot read "${what}": ${member} ${wanted}`, { ...at, pointer });
};

/** The JSON form of a document: known members only, each by its presence rule. */
export const writeShape = <T>(shape: Shape<T>, value: T): JsonObject => {
  const json = shape.write(value);
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new TypeError("not the shape of a document");
  return json as JsonObject;
};
