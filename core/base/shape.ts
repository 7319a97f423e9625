// Shapes of wire documents, a thin layer over valibot: one object gives the type, the reader, what is written, and (by
// the generator) the JSON Schema and the page. Documents are read as the contract has it: `null` is absent, an absent
// member has its zero value, unknown members are dropped (or refused by a `strict` object).
import * as v from "valibot";
import type { Json, JsonObject } from "./json.ts";
import { quoted } from "./json_words.ts";
import { lazy } from "./lazy.ts";
import { pointerStep } from "./pointer.ts";
import { ANEW, DOUBT, isObject, quickList, quickObject, type Reading, reading } from "./readings.ts";
import { fail, type Place, type Result } from "./result.ts";
import { lower, trim, trimmedSet } from "./text.ts";
import { canonicalTime, ZERO_TIME } from "./time.ts";

/**
 * When a member is written: `always`; `filled` when it is not empty (`""`, `0`, `false`, `[]`, `{}`, null); `present`
 * when it was there, were it an empty object.
 */
export type Presence = "always" | "filled" | "present";

type Schema<T> = v.GenericSchema<unknown, T>;
type Reads<T> = Reading<Schema<T>>;

/** What a document or one of its members looks like. */
export type Shape<T> = {
  readonly doc: string;
  readonly presence: Presence;
  readonly reading: Reads<T>;
  /** The JSON form of a value; undefined leaves the member out. */
  readonly write: (value: T) => Json | undefined;
  /** Members of an object, the items of a list: what the generator walks. */
  readonly fields?: () => Fields;
  readonly items?: AnyShape;
  /** What kind of scalar it is, where it is one: formats whose scalars are written as text (YAML) are read by it. */
  readonly scalar?: "text" | "integer" | "decimal" | "truth";
  /** The words of a closed list, or of the items of one: for the generator, the reading checks them itself. */
  readonly words?: readonly string[];
  /** Keywords of JSON Schema for further rules that the reading checks itself: for the generator. */
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
export type Infer<S> = S extends { readonly reading: Reading<v.GenericSchema<unknown, infer T>> } ? T : never;

type Scalar = NonNullable<AnyShape["scalar"]>;

const leaf = <T extends Json>(doc: string, reading: Reads<T>, scalar: Scalar = "text"): Shape<T> => ({
  doc,
  presence: "always",
  reading,
  write: (value) => value,
  scalar,
});

/** What is absent or null is `zero`. */
const orAbsent = <T>(zero: T, given: Reads<T>): Reads<T> =>
  reading(() => v.nullish(given.schema(), zero as never) as Schema<T>, { read: given.read, zero, given });

/** What is absent is undefined; null is refused. */
const orNothing = <T>(given: Reads<T>): Reads<T | undefined> =>
  reading(() => v.optional(given.schema()) as Schema<T | undefined>, { read: given.read, zero: undefined, given });

/** What is absent or null is undefined. */
const orUndefined = <T>(given: Reads<T>): Reads<T | undefined> =>
  reading(
    () => v.pipe(v.nullish(given.schema()), v.transform((value) => value ?? undefined)) as Schema<T | undefined>,
    { read: given.read, zero: undefined, given },
  );

/** What is absent or null is what an object without members is read as, made anew each time. */
const orEmpty = <T>(given: Reads<T>): Reads<T> =>
  reading(() => v.nullish(given.schema(), {} as never) as Schema<T>, {
    read: (value) => given.read(value ?? {}),
    zero: ANEW,
    given,
  });

// Made once for all shapes of a kind: there are hundreds, and a program starts with all that it may read.
const quickText = (value: unknown): unknown => typeof value === "string" ? value : DOUBT;
const TEXT = orAbsent("", reading(() => v.string("must be text"), { read: quickText, zero: ANEW }));

/** Text; absent is `""`. */
export const text = (doc: string): Shape<string> => leaf(doc, TEXT);

/** One of a closed list of words, exactly. Absent is refused. */
export const oneOf = <const W extends readonly string[]>(words: W, doc: string): Shape<W[number]> => {
  const read = (value: unknown): unknown => (words as readonly unknown[]).includes(value) ? value : DOUBT;
  return leaf(doc, reading(() => v.picklist(words, `must be one of ${words.join(", ")}`), { read, zero: ANEW }));
};

/** A fixed word, such as a schema id. Absent is refused. */
export const constant = <const W extends string>(word: W, doc: string): Shape<W> => {
  const read = (value: unknown): unknown => value === word ? value : DOUBT;
  return leaf(doc, reading(() => v.literal(word, `must be "${word}"`), { read, zero: ANEW }));
};

const WIDEST = 2 ** 63;
const isWhole = (value: number): boolean => Number.isInteger(value) && Math.abs(value) <= WIDEST;
const quickInteger = (value: unknown): unknown => typeof value === "number" && isWhole(value) ? value : DOUBT;
const WHOLE = reading(() =>
  v.pipe(
    v.number("must be a whole number"),
    v.check(isWhole, "must be a whole number in 64-bit range"),
  ), { read: quickInteger, zero: ANEW });
const INTEGER = orAbsent(0, WHOLE);

/** A whole number in 64-bit range; absent is 0. */
export const integer = (doc: string): Shape<number> => leaf(doc, INTEGER, "integer");

const DECIMAL = orAbsent(0, reading(() => v.number("must be a number"), { zero: ANEW }));

/** Any finite number; absent is 0. */
export const decimal = (doc: string): Shape<number> => leaf(doc, DECIMAL, "decimal");

const quickTruth = (value: unknown): unknown => typeof value === "boolean" ? value : DOUBT;
const TRUE_OR_FALSE = reading(() => v.boolean("must be true or false"), { read: quickTruth, zero: ANEW });
const TRUTH = orAbsent(false, TRUE_OR_FALSE);

/** True or false; absent is false. */
export const truth = (doc: string): Shape<boolean> => leaf(doc, TRUTH, "truth");

const lowered = (value: string): string => lower(trim(value));

const quickTrimmed = (value: unknown): unknown => typeof value === "string" ? trim(value) : DOUBT;
const quickLowered = (value: unknown): unknown => typeof value === "string" ? lowered(value) : DOUBT;

const TRIMMED = reading(() => v.pipe(v.string("must be text"), v.transform(trim)), { read: quickTrimmed, zero: ANEW });
const LOWERED = reading(() => v.pipe(v.string("must be text"), v.transform(lowered)), { read: quickLowered, zero: ANEW });

const loweredWord = (words: readonly string[]): Reads<string> => {
  const known = (word: unknown): boolean => word === "" || (words as readonly unknown[]).includes(word);
  const read = (value: unknown): unknown => {
    const word = quickLowered(value);
    return known(word) ? word : DOUBT;
  };
  const schema = () =>
    v.pipe(
      v.string("must be text"),
      v.transform(lowered),
      v.check((word) => known(word), `must be one of ${words.join(", ")}`),
    );
  return reading(schema, { read, zero: ANEW });
};

const LABEL = orAbsent("", TRIMMED);
const TERM = orAbsent("", LOWERED);

/** Text, trimmed; absent is `""`. */
export const label = (doc: string): Shape<string> => leaf(doc, LABEL);

/** Text, trimmed and in lowercase, one of `words` if they are given; absent and blank are `""`. */
export const term = (doc: string, words?: readonly string[]): Shape<string> =>
  words === undefined ? leaf(doc, TERM) : { ...leaf(doc, orAbsent("", loweredWord(words))), words };

const setReading = (item: Reads<string>): Reads<readonly string[]> => {
  const list = quickList(item);
  const read = (values: unknown): unknown => {
    const texts = list(values);
    return texts === DOUBT ? DOUBT : trimmedSet(texts as readonly string[]);
  };
  const schema = () =>
    v.pipe(v.array(item.schema(), "must be a list"), v.transform((values): readonly string[] => trimmedSet(values)));
  return orAbsent([], reading(schema, { read, zero: ANEW }));
};

const setOf = (doc: string, items: Shape<string>, reading: Reads<readonly string[]>): Shape<readonly string[]> => ({
  doc,
  presence: "always",
  reading,
  write: (value) => value,
  items,
});

const LABEL_ITEM = leaf("One of them", TRIMMED);
const LABEL_SET = setReading(TRIMMED);
const TERM_ITEM = leaf("One of them", LOWERED);
const TERM_SET = setReading(LOWERED);

/** Texts, each trimmed, without blanks and repeats, in byte order; absent is the empty list. */
export const labelSet = (doc: string): Shape<readonly string[]> => setOf(doc, LABEL_ITEM, LABEL_SET);

/** The same in lowercase, each one of `words` if they are given. */
export const termSet = (doc: string, words?: readonly string[]): Shape<readonly string[]> => {
  if (words === undefined) return setOf(doc, TERM_ITEM, TERM_SET);
  const word = loweredWord(words);
  return setOf(doc, { ...leaf("One of them", word), words }, setReading(word));
};

const quickCount = (value: unknown): unknown => typeof value === "number" && isWhole(value) && value >= 0 ? value : DOUBT;
const COUNTED = reading(() => v.pipe(WHOLE.schema(), v.minValue(0, "must not be negative")), { read: quickCount, zero: ANEW });
const COUNT = orAbsent(0, COUNTED);
const OPTIONAL_COUNT = orNothing(COUNTED);

// A list that was given and says nothing is a slip that would switch off what it was to hold.
const saysSomething = (values: unknown): boolean =>
  !Array.isArray(values) || values.length === 0 || values.some((value) => typeof value !== "string" || trim(value) !== "");

/** A `labelSet` or `termSet` in which blanks alone are refused; the empty list is not. */
export const filledSet = (set: Shape<readonly string[]>): Shape<readonly string[]> => {
  const { schema, read } = inner(set);
  const checked = () => v.pipe(v.unknown(), v.check(saysSomething, "must hold more than blanks"), schema());
  return {
    ...set,
    reading: orAbsent([], reading(checked, { read: (values) => saysSomething(values) ? read(values) : DOUBT, zero: ANEW })),
  };
};

/** A whole number that is not negative; absent is undefined and stays so, which is not the same as 0. */
export const optionalCount = (doc: string): Shape<number | undefined> => ({
  doc,
  presence: "present",
  reading: OPTIONAL_COUNT,
  write: (value) => value,
  scalar: "integer",
});

/** A whole number that is not negative; absent is 0. */
export const count = (doc: string): Shape<number> => leaf(doc, COUNT, "integer");

const OPTIONAL_TRUTH = orNothing(TRUE_OR_FALSE);

/** True or false; absent is undefined and stays so, which is not the same as false. */
export const optionalTruth = (doc: string): Shape<boolean | undefined> => ({
  doc,
  presence: "present",
  reading: OPTIONAL_TRUTH,
  write: (value) => value,
  scalar: "truth",
});

const OPTIONAL_LABEL = orNothing(TRIMMED);

/** Text, trimmed; absent is undefined and stays so, which is not the same as blank. */
export const optionalLabel = (doc: string): Shape<string | undefined> => ({
  doc,
  presence: "present",
  reading: OPTIONAL_LABEL,
  write: (value) => value,
  scalar: "text",
});

const TIME_WORDS = "must be an RFC 3339 time with offset, such as 2026-03-01T10:00:00Z";
const quickTime = (value: unknown): unknown => typeof value === "string" ? canonicalTime(value) ?? DOUBT : DOUBT;
const TIME_TEXT = reading(() =>
  v.pipe(
    v.string(TIME_WORDS),
    v.check((value) => canonicalTime(value) !== undefined, TIME_WORDS),
    v.transform((value) => canonicalTime(value) ?? ZERO_TIME),
  ), { read: quickTime, zero: ANEW });
const TIME = orAbsent(ZERO_TIME, TIME_TEXT);

/** A time in its one spelling (`time.ts`), offset kept; absent is the zero time, and is written as that. */
export const time = (doc: string): Shape<string> => leaf(doc, TIME);

const OBJECT_WORDS = "must be an object";
const plainObject = () => v.custom<JsonObject>(isObject, OBJECT_WORDS);

const quickPayload = (value: unknown): unknown => isObject(value) ? value : DOUBT;
const PAYLOAD = orUndefined(reading(plainObject, { read: quickPayload, zero: ANEW }));

/** An object of any members, kept as it is; undefined when absent. Written when it has members. */
export const payload = (doc: string): Shape<JsonObject | undefined> => ({
  doc,
  presence: "filled",
  reading: PAYLOAD,
  write: (value) => value,
});

const isPayloadOrText = (value: unknown): boolean => typeof value === "string" || isObject(value);
const PAYLOAD_OR_TEXT = orUndefined(
  reading(() => v.custom<JsonObject | string>(isPayloadOrText, "must be an object, or the JSON text of one"), {
    read: (value) => isPayloadOrText(value) ? value : DOUBT,
    zero: ANEW,
  }),
);

/** The same, or a text that should hold one: what is in the text is for others to read. */
export const payloadOrText = (doc: string): Shape<JsonObject | string | undefined> => ({
  doc,
  presence: "filled",
  reading: PAYLOAD_OR_TEXT,
  write: (value) => value,
});

/** An object whose members are all of one shape, such as a map from id to payload; absent is the empty map. */
export const mapOf = <T>(item: Shape<T>, doc: string): Shape<ReadonlyMap<string, T>> => {
  const given = reading(() =>
    v.pipe(
      plainObject(),
      v.transform((value): Map<string, unknown> => new Map(Object.entries(value))),
      v.map(v.string(), item.reading.schema()),
    ) as unknown as Schema<ReadonlyMap<string, T>>, { zero: ANEW });
  return {
    doc,
    presence: "filled",
    reading: orEmpty(given),
    write: (value) => Object.fromEntries([...value].map(([name, member]) => [name, item.write(member) ?? null])),
    items: item,
  };
};

const listReading = <T>({ reading: item }: Shape<T>): Reads<readonly T[]> =>
  reading(() => v.array(item.schema(), "must be a list"), { read: quickList(item), zero: ANEW });

/** A list; absent is the empty list. */
export const listOf = <T>(item: Shape<T>, doc: string): Shape<readonly T[]> => ({
  doc,
  presence: "always",
  reading: orAbsent([], listReading(item)),
  write: (value) => value.map((member) => item.write(member) ?? null),
  items: item,
});

/** A list that may be absent, which is not the same as empty: absent is read and written as null. */
export const listOrNull = <T>(item: Shape<T>, doc: string): Shape<readonly T[] | null> => ({
  doc,
  presence: "always",
  reading: orAbsent<readonly T[] | null>(null, listReading(item)),
  write: (value) => value === null ? null : value.map((member) => item.write(member) ?? null),
  items: item,
});

type Values<F> = { readonly [K in keyof F]: Infer<F[K]> };

const isEmpty = (value: Json): boolean => {
  if (typeof value !== "object" || value === null) return value === "" || value === 0 || value === false || value === null;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
};

const build = <F extends Fields>(doc: string, make: () => F, strict: boolean): Shape<Values<F>> => {
  const fields = lazy(make);
  const write = (value: Values<F>): JsonObject => {
    const out: Record<string, Json> = {};
    const all: Fields = fields();
    for (const name in all) {
      if (all[name] === undefined) continue;
      const { presence, write } = all[name];
      const given: unknown = value[name];
      if (given === undefined || (given === "" && presence === "filled")) continue;
      const member = write(given as never);
      if (member === undefined || (presence === "filled" && isEmpty(member))) continue;
      out[name] = member;
    }
    return out;
  };
  // The casts of this layer: valibot infers from literal entries, which a table of shapes is not.
  return { doc, presence: "always", reading: objectReading(fields, strict) as unknown as Reads<Values<F>>, write, fields };
};

/** How an object is read. The schema says what does not fit, and where; as a part of another it goes the quick way first, too. */
function objectReading(fields: () => Fields, strict: boolean): Reading<v.GenericSchema> {
  let byMembers: ((given: unknown) => unknown) | undefined;
  const read = (given: unknown): unknown => (byMembers ??= quickObject(fields(), strict))(given);
  return reading(() => objectSchema(fields(), strict, read), { read, zero: ANEW });
}

function objectSchema(fields: Fields, strict: boolean, read: (given: unknown) => unknown): v.GenericSchema {
  const whole = lazy(() => {
    const entries = Object.fromEntries(Object.entries(fields).map(([name, { reading }]) => [name, reading.schema()]));
    // valibot takes a list for an object and would find members on its prototype.
    return v.pipe(
      v.custom<Record<string, unknown>>(isObject, OBJECT_WORDS),
      strict ? v.strictObject(entries) : v.object(entries),
    ) as v.GenericSchema;
  });
  return Object.assign(v.custom(isObject, OBJECT_WORDS), {
    type: strict ? "strict_object" : "object",
    "~run"(dataset: v.UnknownDataset, config: v.Config<v.BaseIssue<unknown>>): v.OutputDataset<unknown, v.BaseIssue<unknown>> {
      const value = read(dataset.value);
      return value === DOUBT ? whole()["~run"](dataset, config) : { typed: true, value };
    },
  }) as v.GenericSchema;
}

/** An object of known members; others are dropped. The members are made when one is first wanted: most programs meet few of all shapes. */
export const object = <F extends Fields>(doc: string, fields: () => F): Shape<Values<F>> => build(doc, fields, false);

/** An object of known members; others are refused. */
export const strict = <F extends Fields>(doc: string, fields: () => F): Shape<Values<F>> => build(doc, fields, true);

/** The same member, written only when it is not empty. */
export const filled = <T>(shape: Shape<T>): Shape<T> => ({ ...shape, presence: "filled" });

/** An object member whose members all have their zero values when it is absent. */
export const orZero = <T>(shape: Shape<T>): Shape<T> => ({ ...shape, reading: orEmpty(shape.reading) });

/** An object member that may be absent (undefined); an empty one that is there stays. */
export const present = <T>(shape: Shape<T>): Shape<T | undefined> => ({
  ...shape,
  presence: "present",
  reading: orUndefined(shape.reading),
  write: (value) => value === undefined ? undefined : shape.write(value),
});

// The same without leave to be absent or null.
const inner = <T>({ reading }: Shape<T>): Reads<T> => reading.given ?? reading;

/** The same member, but absent and null are refused, as the formats of others have it. */
export const given = <T>(shape: Shape<T>): Shape<T> => ({ ...shape, reading: inner(shape) });

/** A member that may be absent (undefined) and then stays so; null is refused. */
export const optional = <T>(shape: Shape<T>): Shape<T | undefined> => ({
  ...shape,
  presence: "present",
  reading: orNothing(inner(shape)),
  write: (value) => value === undefined ? undefined : shape.write(value),
});

/** The same member, given and only with values that are `accepted`; `keywords` say so in JSON Schema, `wanted` in words. */
export const refined = <T>(
  shape: Shape<T>,
  keywords: NonNullable<AnyShape["keywords"]>,
  accepted: (value: T) => boolean,
  wanted: string,
): Shape<T> => {
  const schema = () => v.pipe(inner(shape).schema(), v.check(accepted, wanted)) as Schema<T>;
  return { ...shape, keywords: { ...shape.keywords, ...keywords }, reading: reading(schema, { zero: ANEW }) };
};

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
  { reading }: Pick<Shape<T>, "reading">,
  json: Json,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly misfit: Misfit } => {
  const value = reading.read(json);
  if (value !== DOUBT) return { ok: true, value: value as T };
  const read = v.safeParse(reading.schema(), json, { abortEarly: true });
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
