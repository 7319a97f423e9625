// How documents are read that fit, as nearly all do: what a schema reads, by a quicker way where there is one, and what it reads what is
// absent as, found out once. What does not fit is left to the schema, which tells what is wrong with it and where.
import { inOrder } from "./in_order.ts";
import { template } from "./template.ts";

/** A schema, as far as it reads: valibot's way of saying what became of a value. */
export interface Reader {
  "~run"(dataset: { value: unknown }, config: object): { readonly value: unknown; readonly issues?: unknown };
}

/** Where only the schema knows whether a value fits. */
export const DOUBT = Symbol("in doubt");

/** What a value is read as, or DOUBT. */
export type Quick = (value: unknown) => unknown;

const quicks = new WeakMap<Reader, Quick>();

/** The schema, which `read` does the work of where that is not in doubt. */
export const quick = <S extends Reader>(read: Quick, schema: S): S => {
  quicks.set(schema, read);
  return schema;
};

const bySchema = (schema: Reader, value: unknown): unknown => {
  const read = schema["~run"]({ value }, {});
  return read.issues === undefined ? read.value : DOUBT;
};

/** The quick way of a schema; of one that has none, the schema itself. */
export const quickOf = (schema: Reader): Quick => quicks.get(schema) ?? ((value) => bySchema(schema, value));

/** Reads a list of what a schema reads. */
export function quickList(schema: Reader): (values: unknown) => readonly unknown[] | typeof DOUBT {
  const item = quickOf(schema);
  return (values) => {
    if (!Array.isArray(values)) return DOUBT;
    const out: unknown[] = [];
    for (let i = 0; i < values.length; i++) {
      const read = item(values[i]);
      if (read === DOUBT) return DOUBT;
      out.push(read);
    }
    return out;
  };
}

const ABSENT = Symbol("an absent member is to be read anew each time");

/** The empty list, one for all. */
const NONE: readonly unknown[] = Object.freeze([]);

// What can be handed out to all is a scalar, undefined or the empty list.
const shared = (zero: unknown): unknown => {
  if (typeof zero !== "object" || zero === null) return zero;
  return Array.isArray(zero) && zero.length === 0 ? NONE : ABSENT;
};

// What an absent member is read as, by its schema: told where the schema is made, else found out once.
const zeros = new WeakMap<Reader, unknown>();

/** The schema, which reads what is absent as `zero`. */
export const absentAs = <S extends Reader>(zero: unknown, schema: S): S => {
  zeros.set(schema, shared(zero));
  return schema;
};

/** What an absent member is read as, if that can be shared. */
function zeroOf(schema: Reader): unknown {
  if (zeros.has(schema)) return zeros.get(schema);
  const { value, issues } = schema["~run"]({ value: undefined }, {});
  const zero = issues === undefined ? shared(value) : ABSENT;
  zeros.set(schema, zero);
  return zero;
}

/** Whether a value is an object that is no list. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads an object member by member, each by its own schema. In a strict one there is nothing beside them. */
export function quickObject(members: Iterable<readonly [name: string, schema: Reader]>, strict: boolean): Quick {
  const known = Array.from(members, ([name, schema]) => ({ name, schema, read: quickOf(schema), zero: zeroOf(schema) }));
  const memberAt = inOrder(new Map(known.map((member) => [member.name, member])));
  const empty = template(known.map(({ name, zero }) => [name, zero === ABSENT ? undefined : zero]));
  const anew = known.filter(({ zero }) => zero === ABSENT);
  return (given) => {
    if (!isObject(given)) return DOUBT;
    const out = empty();
    let at = 0;
    for (const name in given) {
      if (given[name] === undefined && !strict) continue;
      const value = given[name];
      const member = memberAt(name, at++);
      if (member === undefined && strict) return DOUBT;
      if (member === undefined || value === undefined) continue;
      const fit = value === null ? bySchema(member.schema, null) : member.read(value);
      if (fit === DOUBT) return DOUBT;
      out[name] = fit;
    }
    for (const { name, schema } of anew) {
      if (given[name] !== undefined) continue;
      const fit = bySchema(schema, undefined);
      if (fit === DOUBT) return DOUBT;
      out[name] = fit;
    }
    return out;
  };
}
