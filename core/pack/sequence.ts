// The order of a journal's records as digests: each record's own, and the head that binds all of them in their order.
import type { Crypto } from "../base/host.ts";
import { hex } from "../base/bytes.ts";

/** The head of no records. */
export const NO_HEAD = "";

/** The head after one more record. */
export const nextHead = (crypto: Crypto, head: string, record: string): string => crypto.sha256Text(`${head}:${record}`);

/** The head of records in their order, by their digests. */
export function headOf(crypto: Crypto, records: Iterable<string>): string {
  let head = NO_HEAD;
  for (const record of records) head = nextHead(crypto, head, record);
  return head;
}

/** The digest of a record: of its line without LF. */
export const lineDigest = (crypto: Crypto, line: Uint8Array): string => hex(crypto.sha256(line));

/** How many differences are told one by one. */
const MOST_TOLD = 20;

/** What became of the records of a journal, in sentences that name them by number; empty when nothing did. Both lists are digests. */
export function sequenceErrors(sealed: readonly string[], found: readonly string[]): readonly string[] {
  const errors = differences(sealed, found);
  const more = errors.length - MOST_TOLD;
  return more > 0 ? [...errors.slice(0, MOST_TOLD), `${more} more differences`] : errors;
}

const span = (first: number, last: number): string => first === last ? `record ${first}` : `records ${first} to ${last}`;

const are = (first: number, last: number): string => first === last ? "is" : "are";

function differences(sealed: readonly string[], found: readonly string[]): readonly string[] {
  const places = matched(sealed, found);
  const kept = longestRise(places);
  const inOrder = new Set(kept);
  const seen = new Set(places.filter((place) => place !== undefined));
  const errors: string[] = [];
  let [before, line] = [-1, -1];
  for (const next of [...kept, found.length]) {
    const upTo = next === found.length ? sealed.length : places[next] ?? sealed.length;
    const lost = range(before + 1, upTo).filter((place) => !seen.has(place));
    const strange = range(line + 1, next).filter((place) => places[place] === undefined);
    errors.push(...gap(lost, strange, sealed, next === found.length));
    errors.push(
      ...range(line + 1, next).flatMap((place) => {
        const moved = places[place];
        return moved === undefined || inOrder.has(place)
          ? []
          : [`record ${moved + 1} is out of order: it stands on line ${place + 1}`];
      }),
    );
    [before, line] = [upTo, next];
  }
  return errors;
}

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

/** Between two records that stand where they belong: what is lost there, what is strange there. Places count from 0. */
function gap(
  lost: readonly number[],
  strange: readonly number[],
  sealed: readonly string[],
  atEnd: boolean,
): readonly string[] {
  if (lost.length > 0 && lost.length === strange.length) {
    return runs(lost).map(([a, b]) => `${span(a + 1, b + 1)} ${was(a, b)} changed`);
  }
  return [
    ...runs(lost).map(([a, b]) =>
      atEnd && b === sealed.length - 1 && strange.length === 0
        ? `${span(a + 1, b + 1)} ${are(a, b)} missing at the end: the journal was cut short`
        : `${span(a + 1, b + 1)} ${are(a, b)} missing`
    ),
    ...runs(strange).map(([a, b]) =>
      a === b
        ? `line ${a + 1} was put in: it is none of the sealed records`
        : `lines ${a + 1} to ${b + 1} were put in: they are none of the sealed records`
    ),
  ];
}

const was = (first: number, last: number): string => first === last ? "was" : "were";

/** Stretches of numbers without gaps: first and last of each. */
function runs(numbers: readonly number[]): readonly (readonly [number, number])[] {
  const all: [number, number][] = [];
  for (const number of numbers) {
    const last = all.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else all.push([number, number]);
  }
  return all;
}

/** The place of each found record among the sealed ones; of equal records the first goes with the first. */
function matched(sealed: readonly string[], found: readonly string[]): readonly (number | undefined)[] {
  const places = new Map<string, number[]>();
  for (const [place, digest] of sealed.entries()) {
    const list = places.get(digest);
    if (list === undefined) places.set(digest, [place]);
    else list.push(place);
  }
  const next = new Map<string, number>();
  return found.map((digest) => {
    const at = next.get(digest) ?? 0;
    next.set(digest, at + 1);
    return places.get(digest)?.[at];
  });
}

/** The indexes of a longest run of rising places, from first to last: what stands in its order. */
function longestRise(places: readonly (number | undefined)[]): readonly number[] {
  const ends: number[] = []; // the index with the smallest place that ends a run of each length
  const before = new Map<number, number>();
  for (const [index, place] of places.entries()) {
    if (place === undefined) continue;
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = low + high >>> 1;
      if ((places[ends[middle] ?? -1] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    const last = ends[low - 1];
    if (last !== undefined) before.set(index, last);
    ends[low] = index;
  }
  const rise: number[] = [];
  for (let at = ends.at(-1); at !== undefined; at = before.get(at)) rise.push(at);
  return rise.reverse();
}
