// Words of a POSIX shell.

const SAFE = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A text as one word. */
export const shellQuoted = (word: string): string => SAFE.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
