// Numbers for texts, so that lists about many texts can be lists of numbers.

/** Texts by number, from 0 in the order in which they came first. */
export type Numbering = {
  /** The number of a text, which gets the next one when it is new. */
  of(text: string): number;
  /** The number of a text, or undefined when it has none. */
  find(text: string): number | undefined;
  /** The text of a number; empty for one that was not given out. */
  text(number: number): string;
  /** How many numbers were given out. */
  count(): number;
};

/** A numbering without texts. */
export function numbering(): Numbering {
  const numbers = new Map<string, number>();
  const texts: string[] = [];
  return {
    of(text) {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, texts.length);
      return texts.push(text) - 1;
    },
    find: (text) => numbers.get(text),
    text: (number) => texts[number] ?? "",
    count: () => texts.length,
  };
}
