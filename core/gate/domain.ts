// The domain of a host or a URL (spec 02, section 4.3). Values are read by the grammar of RFC 3986, not by the URL class of a browser,
// which would mend them; what other readers make of the same text is told apart, so that none of them can be used to get past a list.
import { lower, trim } from "../base/text.ts";

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

// What programs that fetch take for the beginning of an authority: any number of slashes, of either kind.
const WEB = /^(?:https?|wss?|ftp):[/\\]*/i;

/** The host that a program that mends URLs, as browsers do, would turn to. */
const mendedHost = (value: string): string => {
  const url = value.replace(/[\t\n\r]/g, "");
  const web = WEB.exec(url)?.[0];
  const authority = web === undefined ? AUTHORITY.exec(url)?.[1] : /^[^/\\?#]*/.exec(url.slice(web.length))?.[0];
  return hostOf(authority ?? "");
};

const BARE_IPV6 = /^[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/;

/**
 * All domains that a reader may find in a target of this kind, likewise: that of `inferDomain`, and that of programs which take
 * other letter cases, slashes, users and addresses than the grammar does. More than one means that the text is not what it seems.
 */
export function domainReadings(kind: string, value: string): readonly string[] {
  if (kind !== "url" && kind !== "host") return [];
  const mended = kind === "url" || value.includes("//")
    ? value
    : BARE_IPV6.test(value)
    ? `http://[${value}]`
    : `http://${value}`;
  return [...new Set([inferDomain(kind, value), lower(trim(mendedHost(mended)))])].filter((domain) => domain !== "");
}
