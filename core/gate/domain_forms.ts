// Domains in the two spellings in which they are compared (decision 2): as given, and as a resolver would take them.
import { fromHex, fromUtf8 } from "../base/bytes.ts";
import { lower } from "../base/text.ts";
import { isKnownText } from "../base/unicode.ts";
import type { Target } from "../schema/intent.ts";
import { domainReadings } from "./domain.ts";
import type { Forms } from "./path_forms.ts";
import { punycode } from "./punycode.ts";

const MAX_LABEL = 63;

const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

const decoded = (text: string): string =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => fromUtf8(fromHex(run.replaceAll("%", "")) ?? new Uint8Array()));

// Characters that resolvers drop, and dots of other scripts.
const DROPPED = /[\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]/g;
const DOTS = /[\u3002\uff0e\uff61]/g;

// Characters that no known version of Unicode has are left as they are: runtimes would disagree. Labels too long for any name too.
const asciiLabel = (label: string): string => {
  const folded = isKnownText(label) ? lower(label.normalize("NFKC")) : label;
  return isAscii(folded) || folded.length > MAX_LABEL ? folded : `xn--${punycode(folded)}`;
};

/** A domain in ASCII, each label by itself. */
export const asciiDomain = (domain: string): string =>
  isAscii(domain) ? domain : domain.replace(DROPPED, "").replace(DOTS, ".").split(".").map(asciiLabel).join(".");

/** A domain in lowercase as given, and percent-decoded, in ASCII, without trailing dots. */
export function domainForms(domain: string): Forms {
  const plain = domain.includes("%") ? lower(decoded(domain)) : domain;
  const ascii = asciiDomain(plain);
  let end = ascii.length;
  while (ascii.charAt(end - 1) === ".") end--;
  return { raw: domain, cleaned: ascii.slice(0, end) };
}

/** Every domain that a target may lead to: the one that it declares, and those that a reader may find in its value. Usually it is one. */
export const domainsOf = ({ kind, value, endpoint_domain }: Target): readonly string[] =>
  [...new Set([endpoint_domain, ...domainReadings(kind, value)])].filter((domain) => domain !== "");
