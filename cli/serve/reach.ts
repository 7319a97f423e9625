// Where a server can be reached, and by what names this machine alone reaches it.
import { ok, type Result } from "../../core/base/result.ts";
import { lower } from "../../core/base/text.ts";
import type { Reach } from "../../core/ports.ts";
import { type Chosen, wrongValue } from "../chosen.ts";

/** The place that is named, and whether only this machine can reach it. Faults of `wrongValue`. */
export function reachOf(socket: string, given: Chosen): Result<{ readonly reach: Reach; readonly local: boolean }> {
  if (socket !== "") return ok({ reach: { kind: "unix", path: socket }, local: true });
  const parts = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(given.text);
  const host = lower(parts?.[1] ?? parts?.[2] ?? "");
  const port = Number(parts?.[3]);
  if (parts === null || port > 65_535) {
    return wrongValue(given, "host:port, such as 127.0.0.1:8787");
  }
  return ok({ reach: { kind: "tcp", host: host === "" ? "0.0.0.0" : host, port }, local: isLoopback(host) });
}

/** Whether a host name, in lowercase, is that of the machine itself. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || /^127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(host) ||
  (host.includes(":") && /^\[::(?:1|ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4})\]$/.test(shortest(host)));

// The one spelling of an address of IPv6.
const shortest = (address: string): string => URL.parse(`http://[${address}]`)?.hostname ?? "";

/** The host of a Host field or of an origin's authority, in lowercase; undefined when it is none. */
export function hostOf(authority: string): string | undefined {
  const parts = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]\s/@]+))(?::\d{1,5})?$/.exec(authority);
  return parts === null ? undefined : lower(parts[1] ?? parts[2] ?? "");
}
