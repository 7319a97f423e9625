// What an archive may be at most, for the writer and the reader alike (spec 01, section 9), and why each number is safe.

/** Most bytes of content that one entry may hold: 100 MiB. */
export const MAX_ENTRY_BYTES = 100 * 2 ** 20;

/**
 * Most bytes that an entry may take inside the archive. Deflate adds at most an eighth (an encoder that knows only the fixed
 * code); whatever takes more is padding.
 */
export const MAX_PACKED_BYTES = MAX_ENTRY_BYTES + MAX_ENTRY_BYTES / 8;

/** Most bytes of an archive that is written: its offsets are those of zip without zip64. */
export const MAX_WRITTEN_BYTES = 2 ** 32 - 2;

/** Most entries of an archive, with or without zip64. */
export const MAX_ENTRIES = 65_535;

/** Most bytes of central directory that are read. */
export const MAX_DIRECTORY_BYTES = 32 * 2 ** 20;

/**
 * Deflate cannot do better than 258 bytes in 2 bits: a declared ratio above 1032 is a lie about the size, and every ratio below
 * it is one that repeated lines reach honestly.
 */
export const MAX_RATIO = 1032;

// An archive of any size may be inflated as far as ten times itself, a small one as far as ten full entries and some.
const TOTAL_BYTES = 2 ** 30;
const TOTAL_RATIO = 10;

/** Most bytes that all entries together may declare, for an archive of `archiveBytes`. */
export const maxTotalBytes = (archiveBytes: number): number => Math.max(TOTAL_BYTES, TOTAL_RATIO * archiveBytes);
