// The domain of a host or a URL (spec 02, section 4.3). Values are read by the grammar of RFC 3986, not by the URL class of a browser,
// which would mend them; what other readers make of the same text is told apart, so that none of them can be used to get past a list.
import { lower, trim } from "../base/text.ts";
import { decoded } from "./path_forms.ts";

// A scheme, or none; then what stands between the slashes and the path, the query or the fragment.
const AUTHORITY = /^(?:[A-Za-z][A-Za-z0-9+.-]*:)?\/\/([^/?#]*)/;

/** The host of an authority, without user, port and brackets. */
const hostOf = (authority: string): string => {
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  if (host.startsWith("[")) return upTo(host.slice(1), "]");
  return host.includes(":") ? host.slice(0, host.lastIndexOf(":")) : host;
};

const upTo = (text: string, end: string): string => text.includes(end) ? text.slice(0, text.indexOf(end)) : text;

/** The domain of a target of this kind, trimmed and in lowercase, as digests have it; empty when it has none. */
export function inferDomain(kind: string, value: string): string {
  if (kind === "url") return lower(trim(hostOf(AUTHORITY.exec(value)?.[1] ?? "")));
  return kind === "host" ? lower(trim(upTo(upTo(value.replace(/^https?:\/\//, ""), "/"), ":"))) : "";
}

// What programs that fetch skip before a host: any number of slashes, behind a scheme that they know or behind none.
const START = /^(?:(?:https?|wss?|ftp):\/*|\/{2,}|[a-z][a-z0-9+.-]*:\/\/)/i;

// As browsers do it: controls and blanks at both ends are dropped, tabs and line breaks everywhere, and `\` is `/`.
const mended = (value: string): string => {
  let from = 0;
  let to = value.length;
  while (from < to && value.charCodeAt(from) <= 0x20) from++;
  while (to > from && value.charCodeAt(to - 1) <= 0x20) to--;
  return value.slice(from, to).replace(/[\t\n\r]/g, "").replaceAll("\\", "/");
};

/** The host that a program that mends URLs would turn to; where no scheme is, the text begins with the host, as curl has it. */
const mendedHost = (value: string): string => {
  const url = mended(value);
  const start = START.exec(url)?.[0] ?? "";
  return hostOf(/^[^/?#]*/.exec(url.slice(start.length))?.[0] ?? "");
};

// What no host holds: some readers end the name there (a NUL, a blank), some take it out.
const UNSEEN = /[\0-\x20\x7f-\x9f]/;

/** A domain up to the first control character or blank in it. */
export const upToUnseen = (domain: string): string => {
  const at = domain.search(UNSEEN);
  return at === -1 ? domain : domain.slice(0, at);
};

/** A domain in lowercase, percent-decoded. */
export const escapesDecoded = (domain: string): string => domain.includes("%") ? lower(decoded(domain)) : domain;

/** A domain, and itself percent-decoded without the control characters and blanks in it, where there are any. */
export function withoutUnseen(domain: string): readonly string[] {
  const plain = escapesDecoded(domain);
  return UNSEEN.test(plain) ? [domain, plain.split(UNSEEN).join("")] : [domain];
}

const BARE_IPV6 = /^[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/;

/**
 * All domains that a reader may find in a target of this kind, likewise: that of `inferDomain`, and that of programs which take
 * other letter cases, slashes, users and addresses than the grammar does, need no scheme, or take out what no host holds. More than one
 * means that the text is not what it seems.
 */
export function domainReadings(kind: string, value: string): readonly string[] {
  if (kind !== "url" && kind !== "host") return [];
  const host = BARE_IPV6.test(value) ? value : mendedHost(value);
  const found = [inferDomain(kind, value), lower(trim(host))];
  return [...new Set(found.flatMap(withoutUnseen))].filter((domain) => domain !== "");
}

// A name without dots, which is no number, and more behind it. `localhost` is a host everywhere.
const REFERENCE = /^(?!localhost\/)[a-z][a-z0-9_-]*\//i;

/** Whether a URL is a path beside another URL, such as `docs/a.html`: it has no domain, and nothing that looks like one. */
export const isReference = (kind: string, value: string): boolean => kind === "url" && REFERENCE.test(value);
