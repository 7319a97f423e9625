// How documents are read that fit, as nearly all do: what a schema reads, by a quicker way where there is one, and what is absent by what
// is known of it. What does not fit is left to the schema, which tells what is wrong with it and where, and is not made before: a program
// that decides one call would make hundreds of them for nothing.
import { inOrder } from "./in_order.ts";
import { lazy } from "./lazy.ts";
import { template } from "./template.ts";

/** A schema, as far as it reads: valibot's way of saying what became of a value. */
export interface Reader {
  "~run"(dataset: { value: unknown }, config: object): { readonly value: unknown; readonly issues?: unknown };
}

/** Where only the schema knows whether a value fits. */
export const DOUBT = Symbol("in doubt");

/**
 * What a value is read as that is not null, or DOUBT, which is for what the schema refuses. Of an absent one it is asked only where that
 * has to be read anew each time.
 */
export type Quick = (value: unknown) => unknown;

/** What no object may share: each absent member is read anew. */
export const ANEW = Symbol("an absent member is to be read anew each time");

/** How a value is read. */
export type Reading<S extends Reader = Reader> = {
  /** The schema: made when something does not fit, or for who wants to know all of it. Most programs meet neither. */
  readonly schema: () => S;
  /** The quick way; where there is none, that of the schema. */
  readonly read: Quick;
  /** What an absent value is read as; ANEW too where it is refused. */
  readonly zero: unknown;
  /** The same without leave to be absent or null, where it has leave for one of them. */
  readonly given: Reading<S> | undefined;
};

/** A reading by the schema that `make` makes, with what is known without it. */
export function reading<S extends Reader>(
  make: () => S,
  { zero, read, given }: { readonly zero: unknown; readonly read?: Quick; readonly given?: Reading<S> },
): Reading<S> {
  const schema = lazy(make);
  return { schema, read: read ?? ((value) => bySchema(schema(), value)), zero, given };
}

const bySchema = (schema: Reader, value: unknown): unknown => {
  const read = schema["~run"]({ value }, {});
  return read.issues === undefined ? read.value : DOUBT;
};

// Whether null stands for something is the schema's business.
const readAny = ({ schema, read }: Reading, value: unknown): unknown =>
  value === null || value === undefined ? bySchema(schema(), value) : read(value);

/** Reads a list of what a reading reads. */
export function quickList(item: Reading): (values: unknown) => readonly unknown[] | typeof DOUBT {
  return (values) => {
    if (!Array.isArray(values)) return DOUBT;
    const out: unknown[] = [];
    for (let i = 0; i < values.length; i++) {
      const fit = readAny(item, values[i]);
      if (fit === DOUBT) return DOUBT;
      out.push(fit);
    }
    return out;
  };
}

/** The empty list, one for all. */
const NONE: readonly unknown[] = Object.freeze([]);

// What can be handed out to all is a scalar, undefined or the empty list.
const shared = (zero: unknown): unknown => {
  if (typeof zero !== "object" || zero === null) return zero;
  return Array.isArray(zero) && zero.length === 0 ? NONE : ANEW;
};

/** Whether a value is an object that is no list. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A member by its name. */
type Member = { readonly name: string; readonly reading: Reading };

/** Reads an object member by member, each by its own reading. In a strict one there is nothing beside them. */
export function quickObject(fields: Readonly<Record<string, { readonly reading: Reading }>>, strict: boolean): Quick {
  const known = new Map<string, Member>();
  const zeros: [name: string, zero: unknown][] = [];
  const anew: Member[] = [];
  for (const name in fields) { // one loop: a program that ends soon makes many of these tables and reads one object by each
    if (fields[name] === undefined) continue;
    const { reading } = fields[name];
    const member = { name, reading };
    const zero = shared(reading.zero);
    known.set(name, member);
    zeros.push([name, zero === ANEW ? undefined : zero]);
    if (zero === ANEW) anew.push(member);
  }
  const memberAt = inOrder(known);
  const empty = template(zeros);
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
      const fit = readAny(member.reading, value);
      if (fit === DOUBT) return DOUBT;
      out[name] = fit;
    }
    for (const { name, reading } of anew) {
      if (given[name] !== undefined) continue;
      const fit = reading.read(undefined);
      if (fit === DOUBT) return DOUBT;
      out[name] = fit;
    }
    return out;
  };
}
