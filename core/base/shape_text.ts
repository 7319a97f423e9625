// The canonical text of a document straight from its shape, for what is written by the thousand. Only what is not yet in canonical
// order is copied, and the engine prints all of it in one go: to make the document first takes twice as long, and so does it to put
// the text together piece by piece.
import { canonicalCopy, canonicalText, printed } from "./canonical.ts";
import { inOrder } from "./in_order.ts";
import type { Json } from "./json_value.ts";
import { lazy } from "./lazy.ts";
import { type AnyShape, type Shape, writeShape } from "./shape.ts";
import { template } from "./template.ts";

/** Where only `canonicalText` knows how it is printed. */
const DOUBT = Symbol("in doubt");

/** What JSON.stringify is to print for a value: members in canonical order, those that are undefined are left out; or DOUBT. */
type Arranger = (value: unknown) => unknown;

/** How many texts of a shape are made the long way: to make its arrangers costs more, and most programs write one document and end. */
const FEW = 4;

/** What is known of a shape: how many texts of it were asked for, and how it is arranged, once that is made. */
type Known = { asked: number; arrange: Arranger | undefined };

const known = new WeakMap<AnyShape, Known>();

function knownOf(shape: AnyShape): Known {
  const before = known.get(shape);
  if (before !== undefined) return before;
  const made = { asked: 0, arrange: undefined };
  known.set(shape, made);
  return made;
}

/** The same as `canonicalText(writeShape(shape, value))`. */
export const shapeText = <T>(shape: Shape<T>, value: T): string => {
  if (shape.fields === undefined) throw new TypeError("not the shape of a document");
  const one = knownOf(shape);
  const arranged = one.asked < FEW ? DOUBT : arrangerOf(shape, one)(value);
  if (one.asked < FEW) one.asked++;
  const text = arranged === DOUBT ? undefined : printed(arranged as Json);
  return text ?? canonicalText(writeShape(shape, value));
};

const arrangerOf = (shape: AnyShape, one = knownOf(shape)): Arranger => one.arrange ??= arranger(shape);

const asItIs: Arranger = (value) => value;
const leaf: Arranger = (value) => typeof value === "number" && !Number.isFinite(value) ? DOUBT : value;

function arranger({ fields, items, scalar, write }: AnyShape): Arranger {
  const written: Arranger = (value) => {
    const json = write(value as never);
    return json === undefined ? undefined : canonicalCopy(json) ?? DOUBT;
  };
  if (fields !== undefined) return members(fields);
  if (items !== undefined) return list(arrangerOf(items), written);
  return scalar === undefined ? written : scalar === "text" ? asItIs : leaf;
}

function list(arrange: Arranger, written: Arranger): Arranger {
  return (values) => {
    if (!Array.isArray(values)) return written(values); // a map, or null
    if (arrange === asItIs) return values;
    let copy: unknown[] | undefined; // a whole one: lists that grow are of kinds for which an engine makes this code over and over again
    for (let i = 0; i < values.length; i++) {
      const item = arrange(values[i]);
      if (item === DOUBT) return DOUBT;
      if (item === values[i]) continue;
      copy ??= [...values];
      copy[i] = item;
    }
    return copy ?? values;
  };
}

type Members = Readonly<Record<string, unknown>>;

function isEmpty(arranged: unknown): boolean {
  if (typeof arranged !== "object") return arranged === "" || arranged === 0 || arranged === false;
  if (arranged === null) return true;
  if (Array.isArray(arranged)) return arranged.length === 0;
  for (const name in arranged) if ((arranged as Members)[name] !== undefined) return false;
  return true;
}

/** What is done with the members of a name. */
type Step = {
  readonly name: string;
  /** Its place in canonical order, from 0. */
  readonly at: number;
  readonly filled: boolean;
  /** Whether it is text, which is as it is to be. */
  readonly text: boolean;
  arrange: Arranger;
};

function stepOf(name: string, at: number, field: AnyShape): Step {
  const step: Step = {
    name,
    at,
    filled: field.presence === "filled",
    text: field.scalar === "text",
    // Made when the member is first met: most documents hold few of those that they could.
    arrange: (member) => (step.arrange = arrangerOf(field))(member),
  };
  return step;
}

/** What no document has. */
const LEFT_OUT: Step = { name: "", at: -1, filled: false, text: false, arrange: () => undefined };

function members(fields: NonNullable<AnyShape["fields"]>): Arranger {
  const plan = lazy(() => {
    // In canonical order: by UTF-16 code units, as RFC 8785 has it.
    const known = Object.entries(fields()).sort(([a], [b]) => a < b ? -1 : 1);
    return {
      stepAt: inOrder(new Map(known.map(([name, field], at) => [name, stepOf(name, at, field)]))),
      blank: lazy(() => template(known.map(([name]) => [name, undefined]))), // most documents are never copied
    };
  });

  /** A copy with the members that come before one, which are as they are to be. */
  const copyUntil = (end: string, given: Members): Record<string, unknown> => {
    const copy = plan().blank()();
    for (const name in given) {
      if (given[name] === undefined) continue;
      if (name === end) break;
      copy[name] = given[name];
    }
    return copy;
  };

  return (value) => {
    if (value === undefined) return undefined;
    const given = value as Members;
    const { stepAt } = plan();
    let copy: Record<string, unknown> | undefined;
    let last = -1;
    let at = 0;
    // Along the members that are there: engines do that twenty times as fast as asking for one name after the other.
    for (const name in given) {
      if (given[name] === undefined) continue;
      const member = given[name];
      const step = stepAt(name, at++) ?? LEFT_OUT;
      const made = step.filled && member === "" ? undefined : step.text ? member : step.arrange(member);
      if (made === DOUBT) return DOUBT;
      const kept = made !== undefined && (step.text || !step.filled || !isEmpty(made));
      if (copy === undefined && kept && made === member && step.at > last) {
        last = step.at;
        continue;
      }
      copy ??= copyUntil(name, given);
      if (kept) copy[name] = made;
    }
    return copy ?? given;
  };
}
