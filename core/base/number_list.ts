// A growing list of whole numbers outside of the heap of objects: millions of them cost four bytes each and no collection.

/** A list of 32-bit whole numbers. What was never set is -1. */
export type NumberList = {
  get(at: number): number;
  /** Sets any place from 0 up; the list grows to hold it. */
  set(at: number, value: number): void;
};

/** An empty list. */
export function numberList(): NumberList {
  let held = new Int32Array(1024).fill(-1);
  return {
    get: (at) => held[at] ?? -1,
    set(at, value) {
      if (at >= held.length) {
        const larger = new Int32Array(Math.max(2 * held.length, at + 1)).fill(-1, held.length);
        larger.set(held);
        held = larger;
      }
      held[at] = value;
    },
  };
}
