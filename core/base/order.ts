// Orders of records: by one text after the other, and lists in such an order without repeats.
import { byBytes } from "./text.ts";

/** Negative when the first comes before the second, positive when after, 0 when they are alike. */
export type Order<T> = (a: T, b: T) => number;

/** Orders by one text after the other, each by bytes. */
export const by = <T>(...texts: readonly ((one: T) => string)[]): Order<T> => (a, b) => {
  for (const text of texts) {
    const order = byBytes(text(a), text(b));
    if (order !== 0) return order;
  }
  return 0;
};

/** Sorts, and drops what is equal to the one before. */
export const inOrder = <T>(all: readonly T[], order: Order<T>): T[] => {
  if (all.length < 2) return [...all];
  const sorted = [...all].sort(order);
  return sorted.filter((one, i) => {
    const before = sorted[i - 1];
    return i === 0 || before === undefined || order(before, one) !== 0;
  });
};
