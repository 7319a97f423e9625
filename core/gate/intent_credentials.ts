// Credentials that stand where references to them belong (spec 02, section 4.2, rule 2): told by the name of the member and by
// the look of the text. No message ever shows the text.
import { utf8 } from "../base/bytes.ts";
import { isHex64, lower, trim } from "../base/text.ts";

const SUGGESTIVE = /token|secret|api[_-]?key|access[_-]?key|password|credential/;

// What such a name says of a credential without being one.
const ABOUT = /_(?:refs?|digests?|hash|issuer|source|type|ttl|ttl_seconds|ids?|names?|scopes?)$/;

/** Whether the name of a member suggests that it holds a credential. */
export const suggestsCredential = (name: string): boolean => {
  const key = lower(trim(name));
  return SUGGESTIVE.test(key) && !ABOUT.test(key);
};

const REFERENCE = /^(?:env|stub|cmd|ref|sha256):/i;
const ISSUED = /^(?:ghp_|gho_|github_pat_|sk-|AKIA|ASIA)/;
const LEAST_BYTES = 16;

/** Whether a trimmed text looks like a credential, and not like a reference or a digest. */
export const looksLikeCredential = (text: string): boolean => {
  if (text === "" || REFERENCE.test(text) || isHex64(lower(text))) return false;
  if (ISSUED.test(text)) return true;
  return utf8(text).length >= LEAST_BYTES && !/[ \t\r\n]/.test(text) && /[A-Za-z]/.test(text) && /[0-9]/.test(text);
};
