// Which header fields pass the gate: all but those that are about one connection alone, that the gate sets itself, or that would lead a
// client past it.
import { lower, trim } from "../../../core/base/text.ts";

/** The field that bears the token of the gate; it is for the gate alone. */
export const TOKEN_FIELD = "gait-token";

/** The field that names a session. */
export const SESSION_FIELD = "mcp-session-id";

/** The same without a session. */
export const withoutSession = (fields: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map([...fields].filter(([name]) => name !== SESSION_FIELD));

/** About one connection (RFC 9110, section 7.6.1), or about how a body is framed there. */
const HOP = [
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Fields that the other side of a connection says are about it alone. */
const named = (connection: string | undefined): readonly string[] =>
  (connection ?? "").split(",").map((name) => lower(trim(name)));

/** What of a client's fields the server gets; it is asked for bodies that are not encoded, since they are read. */
export function toServer(fields: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const left = new Set([...HOP, ...named(fields.get("connection")), "host", "accept-encoding", TOKEN_FIELD]);
  return Object.fromEntries([...fields].filter(([name]) => !left.has(name)));
}

/** What of a server's fields the client gets; the type of the body is told apart. */
export function toClient(fields: readonly (readonly [string, string])[]): Readonly<Record<string, string | readonly string[]>> {
  const connection = fields.find(([name]) => name === "connection")?.[1];
  const left = new Set([...HOP, ...named(connection), "content-encoding", "content-type", "alt-svc"]);
  const kept = new Map<string, string | readonly string[]>();
  for (const [name, value] of fields) {
    if (left.has(name)) continue;
    const before = kept.get(name);
    kept.set(name, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(kept);
}

/** A field of a server's answer. */
export const fieldOf = (fields: readonly (readonly [string, string])[], name: string): string =>
  fields.find(([one]) => one === name)?.[1] ?? "";

/** The type of a body, without what is said beside it. */
export const typeOf = (value: string): string => lower(trim(value.split(";")[0] ?? ""));
