// "Did you mean": the known word nearest to a mistyped one. Not @std's closest-string: that names the nearest word however
// far it is, counts two swapped letters as two mistakes, and sets aside 4 MB when it loads.

/** `, did you mean "verify"` for a word that is nearly one of `words`, else nothing. `prefix` stands before the words. */
export function closest(given: string, words: readonly string[], prefix = ""): string {
  const scored = words
    .map((word) => ({ word, mistakes: mistakes(given.toLowerCase(), word.toLowerCase(), Math.floor(word.length / 3)) }))
    .filter(({ word, mistakes }) => mistakes <= Math.floor(word.length / 3))
    .sort((a, b) => a.mistakes - b.mistakes);
  const best = scored[0];
  return best === undefined ? "" : `, did you mean "${prefix}${best.word}"`;
}

// Letters to insert, drop, change or swap with a neighbour; Infinity when the lengths alone are more than `most` apart.
function mistakes(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return Infinity;
  let older: number[] = [];
  let old = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = at(old, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(older, j - 2) + 1 : Infinity;
      row.push(Math.min(at(old, j) + 1, at(row, j - 1) + 1, change, swap));
    }
    older = old;
    old = row;
  }
  return at(old, b.length);
}

const at = (row: readonly number[], i: number): number => row[i] ?? Infinity;
