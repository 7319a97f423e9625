// Text for a terminal of 80 columns.

/** How wide a line of text may be. */
export const COLUMNS = 80;

/**
 * Words in lines of at most 80 columns: the first begins with `head`, the others with as many spaces. A word that is longer
 * than a line has one of its own and is left whole, so that it can be copied. No words give no lines.
 */
export function wrapped(head: string, words: readonly string[]): string[] {
  const indent = " ".repeat(head.length);
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line === "") line = `${head}${word}`;
    else if (line.length + 1 + word.length <= COLUMNS) line = `${line} ${word}`;
    else {
      lines.push(line);
      line = `${indent}${word}`;
    }
  }
  return line === "" ? lines : [...lines, line];
}
