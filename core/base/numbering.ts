// Numbers for texts, so that lists about many texts can be lists of numbers.

/** Texts by number, from 0 in the order in which they came first. */
export type Numbering = {
  /** The number of a text, which gets the next one when it is new. */
  of(text: string): number;
  /** The number of a text, or undefined when it has none. */
  find(text: string): number | undefined;
  /** All texts with their numbers, in order. (A list of them, to find a text by its number, would double the room.) */
  all(): Iterable<readonly [text: string, number: number]>;
};

/** A numbering without texts. */
export function numbering(): Numbering {
  const numbers = new Map<string, number>();
  return {
    of(text) {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, numbers.size);
      return numbers.size - 1;
    },
    find: (text) => numbers.get(text),
    all: () => numbers,
  };
}
