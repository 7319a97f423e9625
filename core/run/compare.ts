// Which records of one kind differ between two runpacks (spec 01, section 7.4, rule 2), found in one walk of each side. Texts of the
// left side, and of what differs on the right, are held outside of the heap of objects until the walk is over.
import { type Differences, differences, isEqual, isShapedAlike } from "../base/json_diff.ts";
import type { Json } from "../base/json.ts";
import { valueOfCompact } from "../base/json_parse.ts";
import { numberList } from "../base/number_list.ts";
import { type Numbering, numbering } from "../base/numbering.ts";
import { ok, type Result } from "../base/result.ts";
import { byBytes } from "../base/text.ts";
import { type TextStore, textStore } from "../base/text_store.ts";
import { MOST_CHANGES, MOST_POINTERS } from "./diff_report.ts";
import type { Records } from "./scan.ts";

/** Where the records that count for an id stand, by index from 0; undefined on a side that has none. */
export type Pair = { readonly left: number | undefined; readonly right: number | undefined };

/** An id whose records differ, and the members that do where both sides have it. */
export type Divergence = Pair & Differences & {
  readonly intent_id: string;
  /** Position of its call, from 1; infinite for a result without one. */
  readonly step: number;
  /** Whether members are there on one side alone, or of another kind, where both sides have it. */
  readonly reshaped: boolean;
};

/** What differs in one kind of record. Texts are sorted by bytes. */
export type Comparison = {
  /** How many ids differ in all, and the first of them: by step, then by id. */
  readonly total: number;
  readonly first: readonly Divergence[];
  readonly leftOnly: readonly string[];
  readonly rightOnly: readonly string[];
  /** Where the records of an id stand, by its number. */
  find(id: number): Pair;
  /** What the records of an id are remembered by. */
  labels(intent_id: string): { readonly left: string | undefined; readonly right: string | undefined };
};

/** How one kind of record is compared. */
export type Kind<T> = {
  readonly left: Records<T>;
  readonly right: Records<T>;
  /** What of a record is compared, beside its id: values in the order of `names`, of which the last may be left out. */
  readonly compared: (record: T) => readonly Json[];
  readonly names: readonly string[];
  /** What a record is remembered by, if by anything; few records should have one of their own. */
  readonly label?: (record: T) => string;
  /** The step of an id, by its number, whose own records stand at `own`. */
  readonly stepOf: (id: number, own: Pair) => number;
};

/** What the comparisons of one diff share: numbers of ids and labels, and room for the texts of one kind at a time. */
export type Workspace = {
  readonly ids: Numbering;
  readonly labels: Numbering;
  readonly lefts: TextStore;
  readonly rights: TextStore;
};

/** An empty workspace. */
export const workspace = (): Workspace => ({
  ids: numbering(),
  labels: numbering(),
  lefts: textStore(),
  rights: textStore(),
});

/** The earlier of two positions, counted from 1; infinite where there is neither. */
export const stepOfPair = ({ left = Infinity, right = Infinity }: Pair): number => Math.min(left, right) + 1;

// Texts of the right side that are held at first: enough for what is told, unless both sides are in quite another order.
const HELD = 10 * MOST_CHANGES;

/** Compares the records of both sides by id. Of several records of one id the last counts, and their order does not matter. */
export async function compareRecords<T extends { readonly intent_id: string }>(
  kind: Kind<T>,
  { ids, labels, lefts, rights }: Workspace,
): Promise<Result<Comparison>> {
  lefts.clear();
  rights.clear();
  const [left, right] = [side(labels), side(labels)];
  const same = numberList(); // 1 where both sides agree
  const rightTexts = new Map<number, number>(); // the numbers of their texts, by id
  // Each record of the left side puts one text, so its index is the number of that.
  const leftOf = (id: number): Json => valueOfCompact(lefts.get(left.index(id)));

  const held = await kind.left((record, index) => {
    left.put(ids.of(record.intent_id), index, kind.label?.(record));
    lefts.put(JSON.stringify(kind.compared(record)));
  });
  if (!held.ok) return held;
  const passed = await kind.right((record, index) => {
    const id = ids.of(record.intent_id);
    right.put(id, index, kind.label?.(record));
    if (!left.has(id)) return;
    const values = kind.compared(record);
    const text = JSON.stringify(values);
    // Equal texts are equal records; others may still hold the same members in another order.
    const agree = lefts.holds(left.index(id), text) || isEqual(leftOf(id), values);
    same.set(id, agree ? 1 : 0);
    rightTexts.delete(id);
    if (!agree && rightTexts.size < HELD) rightTexts.set(id, rights.put(text));
  });
  if (!passed.ok) return passed;

  const pair = (id: number): Pair => ({ left: left.find(id), right: right.find(id) });
  const [leftOnly, rightOnly]: [string[], string[]] = [[], []];
  let total = 0;
  let first: Unlike[] = [];
  for (const [name, id] of ids.all()) {
    if (same.get(id) === 1 || !left.has(id) && !right.has(id)) continue;
    total++;
    if (!right.has(id)) leftOnly.push(name);
    if (!left.has(id)) rightOnly.push(name);
    first.push({ id, name, step: kind.stepOf(id, pair(id)) });
    if (first.length === 2 * MOST_CHANGES) first = first.sort(byStep).slice(0, MOST_CHANGES);
  }
  first = first.sort(byStep).slice(0, MOST_CHANGES);

  const both = new Set(first.map(({ id }) => id).filter((id) => left.has(id) && right.has(id)));
  if ([...both].some((id) => !rightTexts.has(id))) {
    const again = await kind.right((record, index) => {
      const id = ids.of(record.intent_id);
      if (both.has(id) && index === right.index(id)) rightTexts.set(id, rights.put(JSON.stringify(kind.compared(record))));
    });
    if (!again.ok) return again;
  }
  const named = (values: Json): Json =>
    Object.fromEntries(Object.values(values ?? []).map((value, i) => [kind.names[i] ?? "", value]));
  const members = (id: number): Differences & { readonly reshaped: boolean } => {
    const text = rightTexts.get(id);
    if (!both.has(id) || text === undefined) return { pointers: [], more: 0, reshaped: false };
    const [a, b] = [named(leftOf(id)), named(valueOfCompact(rights.get(text)))];
    return { ...differences(a, b, MOST_POINTERS), reshaped: !isShapedAlike(a, b) };
  };
  return ok({
    total,
    first: first.map(({ id, name, step }) => ({ intent_id: name, step, ...pair(id), ...members(id) })),
    leftOnly: leftOnly.sort(byBytes),
    rightOnly: rightOnly.sort(byBytes),
    find: pair,
    labels: (intent_id) => {
      const id = ids.find(intent_id) ?? -1;
      return { left: left.label(id), right: right.label(id) };
    },
  });
}

type Unlike = { readonly id: number; readonly name: string; readonly step: number };

const byStep = (a: Unlike, b: Unlike): number => a.step === b.step ? byBytes(a.name, b.name) : a.step < b.step ? -1 : 1;

/** What is known of one side, by the number of the id: the index of its last record, and its label. */
const side = (labels: Numbering) => {
  const [indexes, named] = [numberList(), numberList()];
  return {
    put(id: number, index: number, label?: string): void {
      indexes.set(id, index);
      if (label !== undefined) named.set(id, labels.of(label));
    },
    has: (id: number): boolean => indexes.get(id) >= 0,
    index: indexes.get,
    find(id: number): number | undefined {
      const index = indexes.get(id);
      return index < 0 ? undefined : index;
    },
    label(id: number): string | undefined {
      for (const [text, number] of labels.all()) if (number === named.get(id)) return text;
      return undefined;
    },
  };
};
