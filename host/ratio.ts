// How much DEFLATE can give, so that a false size in an archive does not make a host allocate what cannot come.

// Two bits are the shortest match, 258 bytes the longest.
const BYTES_PER_BYTE = 4 * 258;

/** The most bytes that `inputLength` bytes of DEFLATE can give, and no more than `limit`. */
export const mostOutput = (inputLength: number, limit: number): number => Math.min(limit, BYTES_PER_BYTE * inputLength);
