// Key text that lands in the wrong place of a command line must not be printed back or logged.

const HIDDEN = "(what may be key text)";

// Runs of base64 (or its URL-safe form) as long as a private key; or ending in the padding of a seed or a public key, or cut short in a message. Digests are
// hexadecimal and paths have dots or many slashes, so both stay.
const LONG = /[A-Za-z0-9+/_-]{86,}={0,2}|[A-Za-z0-9+/_-]{42,}(?:={1,2}|\.\.\.)/g;

const looksRandom = (run: string): boolean =>
  /[A-Z]/.test(run) && /[a-z]/.test(run) && /[0-9]/.test(run) && run.split("/").length <= 9;

/** The same text without what may be key text. */
export const masked = (text: string): string => text.replace(LONG, (run) => looksRandom(run) ? HIDDEN : run);
