// The address of an MCP server of Streamable HTTP, as a flag names it.
import { fail, ok, type Result } from "../core/base/result.ts";

/** The parts of an address. */
export type UpstreamAddress = { readonly origin: string; readonly path: string; readonly query: string };

/** The address of a server; one with credentials in it is refused. Fault `flag_value`, which quotes no credentials. */
export function upstreamAddress(given: string): Result<UpstreamAddress> {
  const url = /^https?:\/\//i.test(given) && URL.canParse(given) ? new URL(given) : undefined;
  if (url !== undefined && (url.username !== "" || url.password !== "")) {
    return fail("flag_value", `Cannot use the address of --upstream on "${url.origin}": wanted is one without credentials`);
  }
  return url === undefined || url.hash !== ""
    ? fail("flag_value", `Cannot read value "${given}" of --upstream: wanted is an address such as https://example.com/mcp`)
    : ok({ origin: url.origin, path: url.pathname, query: url.search.slice(1) });
}

/** All that is told of a server by its address, and what a lock holds the digest of: a query may hold secrets. */
export const lockedAddress = ({ origin, path }: UpstreamAddress): string => `${origin}${path}`;

/** Where requests go. */
export const upstreamUrl = (address: UpstreamAddress): string =>
  `${lockedAddress(address)}${address.query === "" ? "" : `?${address.query}`}`;
