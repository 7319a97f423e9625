// Tells a JSON text that was cut short from one that is wrong. After a crash the last line of a journal may be the first; it is
// then taken away, while the second is damage that must not be taken away.
import { fromUtf8 } from "./bytes.ts";
import { findFlaw } from "./json_scan.ts";

// What the scanner places at its beginning although it is only unfinished.
const UNFINISHED = [
  /^(?:t|tr|tru|f|fa|fal|fals|n|nu|nul)$/,
  /^\\(?:u[\da-fA-F]{0,3})?$/,
  /^\\u[dD][89abAB][\da-fA-F]{2}(?:\\(?:u(?:[dD](?:[c-fC-F][\da-fA-F]?)?)?)?)?$/,
];

/**
 * Whether bytes are the beginning of a JSON object without its end, as an interrupted write leaves them: also when zeros follow,
 * which some file systems leave for what was never written. True for bytes that are blank or zeros throughout.
 */
export const isCutShort = (bytes: Uint8Array, maxDepth = 512): boolean => {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const text = fromUtf8(bytes.subarray(0, end));
  const start = /\S/.exec(text)?.index;
  if (start === undefined) return true;
  if (text[start] !== "{") return false;
  const flaw = findFlaw(text, maxDepth);
  if (flaw === undefined) return false;
  const rest = text.slice(flaw.at);
  return rest === "" || UNFINISHED.some((form) => form.test(rest));
};
