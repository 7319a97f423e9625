// Domains in the two spellings in which they are compared (decision 2): as given, and as a resolver would take them.
import { lower } from "../base/text.ts";
import { isKnownText } from "../base/unicode.ts";
import type { Target } from "../schema/intent.ts";
import { domainReadings, escapesDecoded, isReference, upToUnseen, withoutUnseen } from "./domain.ts";
import type { Forms } from "./path_forms.ts";
import { punycode } from "./punycode.ts";

const MAX_LABEL = 63;

// Longer than any address is in any spelling that resolvers take.
const MAX_ADDRESS = 64;

const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

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

// A part of an IPv4 address: decimal, octal behind `0`, hexadecimal behind `0x`.
const numberOf = (part: string): number =>
  /^0x[0-9a-f]*$/.test(part)
    ? Number.parseInt(`0${part.slice(2)}`, 16)
    : /^0[0-7]*$/.test(part)
    ? Number.parseInt(part, 8)
    : /^[1-9][0-9]*$/.test(part)
    ? Number.parseInt(part, 10)
    : NaN;

// The value of an IPv4 address in any spelling that resolvers take: up to four parts, of which the last fills what the others leave.
function ipv4(text: string): number | undefined {
  if (text.length > MAX_ADDRESS || !/^[0-9]/.test(text)) return undefined;
  const numbers = text.split(".").map(numberOf);
  const last = numbers.pop() ?? NaN;
  if (numbers.length > 3 || !numbers.every((number) => number < 256) || !(last < 256 ** (4 - numbers.length))) return undefined;
  return numbers.reduce((sum, number, i) => sum + number * 256 ** (3 - i), last);
}

const dotted = (value: number): string => [24, 16, 8, 0].map((bits) => value >>> bits & 255).join(".");

const words = (text: string): number[] =>
  text === "" ? [] : text.split(":").flatMap((part) => {
    if (/^[0-9a-f]{1,4}$/.test(part)) return [Number.parseInt(part, 16)];
    const value = part.includes(".") ? ipv4(part) : undefined;
    return value === undefined ? [NaN] : [value >>> 16, value & 0xffff];
  });

// The eight words of an IPv6 address, whatever its zone.
function ipv6(text: string): readonly number[] | undefined {
  if (text.length > MAX_ADDRESS || !text.includes(":")) return undefined;
  const [head = "", tail, ...more] = (text.split("%", 1)[0] ?? "").split("::");
  const first = words(head);
  const rest = words(tail ?? "");
  const gap = 8 - first.length - rest.length;
  if (more.length > 0 || (tail === undefined ? gap !== 0 : gap < 1)) return undefined;
  const all = [...first, ...Array<number>(gap).fill(0), ...rest];
  return all.some(Number.isNaN) ? undefined : all;
}

// RFC 5952: the longest run of zeros is `::`, the first of those that are equally long.
function shortest(all: readonly number[]): string {
  const text = `:${all.map((word) => word.toString(16)).join(":")}:`;
  const [run = ""] = (text.match(/:(?:0:){2,}/g) ?? []).sort((a, b) => b.length - a.length);
  return (run === "" ? text : text.replace(run, "::")).replace(/^:(?!:)|(?<!:):$/g, "");
}

// An address in its usual spelling, and an IPv4 address as such where it is mapped to IPv6; other names as they are.
function usualAddress(name: string): string {
  const four = ipv4(name);
  if (four !== undefined) return dotted(four);
  const six = ipv6(name);
  if (six === undefined) return name;
  const [a = 0, b = 0] = six.slice(6);
  return six.slice(0, 5).every((word) => word === 0) && six[5] === 0xffff ? dotted(a * 65536 + b) : shortest(six);
}

/** A name without trailing dots. */
export const withoutEndDots = (name: string): string => {
  let end = name.length;
  while (name.charAt(end - 1) === ".") end--;
  return name.slice(0, end);
};

// The host in a text whose escapes and look-alikes are what they stand for: it may end with a slash, and have a user before it and a port
// behind it. A port that was written as such stays: lists may name it.
function hostWithin(text: string, written: string): string {
  const [authority = ""] = text.split(/[/?#\\]/, 1);
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  return text !== written && /^[^:]*:[0-9]*$/.test(host) ? host.slice(0, host.indexOf(":")) : host;
}

/**
 * A domain in lowercase as given, and as readers may take it: percent-decoded, in ASCII, up to the first control character or blank, the
 * host of what is then a URL, without trailing dots, an address in its usual spelling.
 */
export function domainForms(domain: string): Forms {
  const ascii = asciiDomain(upToUnseen(escapesDecoded(domain))); // which may make blanks and slashes of what looks like them
  return { raw: domain, cleaned: usualAddress(withoutEndDots(hostWithin(upToUnseen(ascii), domain))) };
}

/** A pattern of domains in lowercase, likewise, but that `?` and all else in it stays. */
export const cleanedPattern = (pattern: string): string => usualAddress(withoutEndDots(asciiDomain(escapesDecoded(pattern))));

/** Every domain that a target may lead to: the one that it declares, and those that a reader may find in its value. Usually it is one. */
export const domainsOf = ({ kind, value, endpoint_domain }: Target): readonly string[] =>
  [...new Set([...withoutUnseen(endpoint_domain), ...domainReadings(kind, value)])].filter((domain) => domain !== "");

/** Whether a target has no domain and needs none: a URL that is a path beside another one. */
export const needsNoDomain = ({ kind, value, endpoint_domain }: Target): boolean =>
  endpoint_domain === "" && isReference(kind, value);

/** Whether nobody can tell where a target leads: it uses the network and has no domain, or readers disagree about its value. */
export const isDoubtful = ({ kind, value, endpoint_class, endpoint_domain }: Target): boolean =>
  (kind === "url" || kind === "host") &&
  (endpoint_domain === "" && endpoint_class.startsWith("net.") || domainReadings(kind, value).length > 1);
