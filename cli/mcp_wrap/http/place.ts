// Where the gate stands between clients and a server of Streamable HTTP: what the flags say of either side.
import { fail, ok, type Result } from "../../../core/base/result.ts";
import { trim } from "../../../core/base/text.ts";
import type { Ports, Reach } from "../../../core/ports.ts";
import { text } from "../../flag_forms.ts";
import { type UpstreamAddress, upstreamAddress } from "../../mcp_upstream.ts";
import { reachOf } from "../../serve/reach.ts";

/** The flags. */
export const PLACE_FLAGS = {
  upstream: text("Stand before the MCP server at this address, in the place of starting one", "url"),
  listen: text("Where its clients reach the gate then, such as 127.0.0.1:8788; port 0 lets the system choose", "host:port"),
  "auth-token-env": text("Variable that holds what requests must bear as Gait-Token; needed beyond this machine", "NAME"),
} as const;

/** Both sides of the gate. */
export type Place = {
  /** The server: the origin, and the path that is served on both sides. */
  readonly upstream: UpstreamAddress;
  readonly reach: Reach;
  /** Whether only this machine can reach the gate. */
  readonly local: boolean;
  /** What requests must bear; undefined when nothing. */
  readonly token: string | undefined;
};

type Given = {
  readonly upstream: string | undefined;
  readonly listen: string | undefined;
  readonly "auth-token-env": string | undefined;
  readonly positionals: readonly string[];
};

/** The place that flags name; undefined where a program is to be started. Faults `usage`, `missing_argument`, `flag_value`, `key_source`. */
export function placeOf(given: Given, env: Ports["env"]): Result<Place | undefined> {
  const { upstream = "", listen = "", "auth-token-env": variable = "", positionals: [program] } = given;
  if (upstream === "") {
    const other = listen === "" ? variable === "" ? "" : "auth-token-env" : "listen";
    if (other !== "") {
      return fail("usage", `Cannot use --${other} without --upstream: clients of a program are on standard input`);
    }
    return program === undefined
      ? fail("missing_argument", "Cannot wrap: expected -- and the command of a server, or --upstream and its address")
      : ok(undefined);
  }
  if (program !== undefined) {
    return fail(
      "usage",
      `Cannot stand before "${upstream}" and start "${program}": expected --upstream or a command, not both`,
    );
  }
  if (listen === "") return fail("missing_argument", "Cannot wrap with --upstream: expected --listen, such as 127.0.0.1:8788");
  const server = upstreamAddress(upstream);
  if (!server.ok) return server;
  const at = reachOf("", { text: listen, by: "--listen", file: undefined });
  if (!at.ok) return at;
  const token = variable === "" ? undefined : trim(env.get(variable) ?? "");
  if (token === "") return fail("key_source", `Cannot load the token: variable "${variable}" is not set or blank`);
  if (!at.value.local && token === undefined) {
    return fail("flag_value", `Cannot listen on "${listen}": anything but this machine alone needs --auth-token-env`);
  }
  return ok({ upstream: server.value, ...at.value, token });
}
