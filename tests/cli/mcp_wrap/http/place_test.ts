// What the flags say of where the gate stands; what cannot be meant is refused before anything is opened.
import wrap from "../../../../cli/commands/mcp_wrap.ts";
import { parse } from "../../../../cli/flags.ts";
import { placeOf } from "../../../../cli/mcp_wrap/http/place.ts";
import { wrapSettings, type WrapValues } from "../../../../cli/mcp_wrap/settings.ts";
import { assertEquals, assertFault, assertOk } from "../../../assert.ts";

const env = { get: (name: string) => name === "TOKEN" ? "secret" : name === "BLANK" ? " " : undefined };

const place = (...argv: readonly string[]) => {
  const { values } = assertOk(parse(wrap.flags, wrap.positionals, ["--policy", "p", ...argv]));
  const given: Partial<WrapValues> = Object(values);
  const { upstream, listen, positionals = [] } = given;
  return placeOf({ upstream, listen, positionals, "auth-token-env": given["auth-token-env"] }, env);
};

const UP = ["--upstream", "https://example.com/a/mcp?k=v"];
const LISTEN = ["--listen", "127.0.0.1:0"];

Deno.test("wrap place: a server of HTTP, a program, and both sides of the gate", () => {
  assertEquals(assertOk(place("--", "server", "--upstream")), undefined);
  assertEquals(assertOk(place(...UP, ...LISTEN)), {
    upstream: { origin: "https://example.com", path: "/a/mcp", query: "k=v" },
    reach: { kind: "tcp", host: "127.0.0.1", port: 0 },
    local: true,
    token: undefined,
  });
  const open = assertOk(place("--upstream", "http://127.0.0.1:1", "--listen", "0.0.0.0:80", "--auth-token-env", "TOKEN"));
  assertEquals([open?.local, open?.token, open?.upstream.path], [false, "secret", "/"]);
});

Deno.test("wrap place: a lock holds for either, by the command or by the address without what may be secret", () => {
  const settled = (...argv: readonly string[]) => {
    const { values } = assertOk(parse(wrap.flags, wrap.positionals, ["--policy", "p", "--lock", "l", ...argv]));
    const { lock, command, upstream } = assertOk(wrapSettings(Object(values), "v", assertOk(place("--lock", "l", ...argv))));
    return [lock, command, upstream];
  };
  assertEquals(settled("--", "server"), ["l", ["server"], ""]);
  const [lock, , upstream] = settled("--upstream", "HTTPS://Example.com:443/a/mcp?k=v", ...LISTEN);
  assertEquals([lock, upstream], ["l", "https://example.com/a/mcp"]);
});

Deno.test("wrap place: what is refused", () => {
  assertFault(place(), "missing_argument");
  assertFault(place(...UP), "missing_argument");
  assertFault(place(...UP, ...LISTEN, "--", "server"), "usage");
  assertFault(place(...LISTEN, "--", "server"), "usage");
  assertFault(place("--auth-token-env", "TOKEN", "--", "server"), "usage");
  assertFault(place(...UP, "--listen", "0.0.0.0:80"), "flag_value");
  assertFault(place(...UP, "--listen", "here"), "flag_value");
  for (const variable of ["BLANK", "NONE"]) assertFault(place(...UP, ...LISTEN, "--auth-token-env", variable), "key_source");
  for (const url of ["example.com/mcp", "file:///mcp", "ws://h/mcp", "http://", "http://a:b@h/mcp", "http://h/mcp#x", "mcp"]) {
    assertFault(place("--upstream", url, ...LISTEN), "flag_value");
  }
});
