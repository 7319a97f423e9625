// Which records of one kind differ between two runpacks (spec 01, section 7.4, rule 2), found in one walk of each side. Texts of the
// left side, and of what differs on the right, are held outside of the heap of objects until the walk is over.
import { type Differences, differences, isEqual } from "../base/json_diff.ts";
import type { Json } from "../base/json.ts";
import { numberList } from "../base/number_list.ts";
import { type Numbering, numbering } from "../base/numbering.ts";
import { ok, type Result } from "../base/result.ts";
import { byBytes } from "../base/text.ts";
import { type TextStore, textStore } from "../base/text_store.ts";
import { MOST_CHANGES, MOST_POINTERS } from "./diff_report.ts";
import type { Records } from "./scan.ts";

/** One side's record that counts for an id: its index from 0 and its label; undefined on a side that has none. */
export type Found = { readonly index: number; readonly label: string } | undefined;
export type Pair = { readonly left: Found; readonly right: Found };

/** An id whose records differ, and the members that do where both sides have it. */
export type Divergence = Pair & Differences & {
  readonly intent_id: string;
  /** Position of its call, from 1; infinite for a result without one. */
  readonly step: number;
};

/** What differs in one kind of record. Texts are sorted by bytes. */
export type Comparison = {
  /** How many ids differ in all, and the first of them: by step, then by id. */
  readonly total: number;
  readonly first: readonly Divergence[];
  readonly leftOnly: readonly string[];
  readonly rightOnly: readonly string[];
  /** The records of an id. */
  find(id: string): Pair;
};

/** How one kind of record is compared. */
export type Kind<T> = {
  readonly left: Records<T>;
  readonly right: Records<T>;
  /** What of a record is compared, beside its id: values in the order of `names`, of which the last may be left out. */
  readonly compared: (record: T) => readonly Json[];
  readonly names: readonly string[];
  /** What a record is remembered by; few records should have one of their own. */
  readonly label: (record: T) => string;
  /** The step of an id whose own records are `own`. */
  readonly stepOf: (id: string, own: Pair) => number;
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
export const stepOfPair = ({ left, right }: Pair): number => Math.min(left?.index ?? Infinity, right?.index ?? Infinity) + 1;

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
  const leftOf = (id: number): readonly Json[] => JSON.parse(lefts.get(left.index(id)));

  const held = await kind.left((record, index) => {
    left.put(ids.of(record.intent_id), index, kind.label(record));
    lefts.put(JSON.stringify(kind.compared(record)));
  });
  if (!held.ok) return held;
  const passed = await kind.right((record, index) => {
    const id = ids.of(record.intent_id);
    right.put(id, index, kind.label(record));
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
  const stepOf = (id: number): number => kind.stepOf(ids.text(id), pair(id));
  const unlike: number[] = [];
  for (let id = 0; id < ids.count(); id++) if (same.get(id) !== 1 && (left.has(id) || right.has(id))) unlike.push(id);
  unlike.sort((a, b) => {
    const [x, y] = [stepOf(a), stepOf(b)];
    return x === y ? byBytes(ids.text(a), ids.text(b)) : x < y ? -1 : 1;
  });

  const first = unlike.slice(0, MOST_CHANGES);
  const both = first.filter((id) => left.has(id) && right.has(id));
  if (both.some((id) => !rightTexts.has(id))) {
    const again = await kind.right((record, index) => {
      const id = ids.of(record.intent_id);
      if (both.includes(id) && index === right.index(id)) rightTexts.set(id, rights.put(JSON.stringify(kind.compared(record))));
    });
    if (!again.ok) return again;
  }
  const named = (values: readonly Json[]): Json => Object.fromEntries(values.map((value, i) => [kind.names[i] ?? "", value]));
  const members = (id: number): Differences => {
    const text = rightTexts.get(id);
    return both.includes(id) && text !== undefined
      ? differences(named(leftOf(id)), named(JSON.parse(rights.get(text))), MOST_POINTERS)
      : { pointers: [], more: 0 };
  };
  return ok({
    total: unlike.length,
    first: first.map((id) => ({ intent_id: ids.text(id), step: stepOf(id), ...pair(id), ...members(id) })),
    leftOnly: unlike.filter((id) => !right.has(id)).map(ids.text).sort(byBytes),
    rightOnly: unlike.filter((id) => !left.has(id)).map(ids.text).sort(byBytes),
    find: (id) => pair(ids.find(id) ?? -1),
  });
}

/** What is known of one side, by the number of the id: the index of its last record, and its label. */
const side = (labels: Numbering) => {
  const [indexes, named] = [numberList(), numberList()];
  return {
    put(id: number, index: number, label: string): void {
      indexes.set(id, index);
      named.set(id, labels.of(label));
    },
    has: (id: number): boolean => indexes.get(id) >= 0,
    index: indexes.get,
    find(id: number): Found {
      const index = indexes.get(id);
      return index < 0 ? undefined : { index, label: labels.text(named.get(id)) };
    },
  };
};
