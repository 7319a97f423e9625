// Who may ask, in the order of the contract (spec 05, section 3.2): from where, how, with what token, with what kind of body. All of it
// is known from the head of a request; its body is not read before.
import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { utf8 } from "../../core/base/bytes.ts";
import type { Crypto } from "../../core/base/host.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { lower, trim } from "../../core/base/text.ts";
import type { HttpRequest } from "../http/message.ts";
import { hostOf, isLoopback } from "./reach.ts";
import type { ServeSettings } from "./settings.ts";

/** What of a request tells who asks. */
export type Asking = Pick<HttpRequest, "method" | "header">;

/**
 * On a place of this machine alone: refuses names and pages of others, so that no page in a browser gets in by a name that its owner
 * turns on this machine. Fault `host_refused`.
 */
export function checkOrigin({ header }: Asking, { local, reach }: Pick<ServeSettings, "local" | "reach">): Result<void> {
  if (!local) return ok(undefined);
  const own = (authority: string): boolean => {
    const host = hostOf(authority);
    return host !== undefined && (isLoopback(host) || (reach.kind === "tcp" && host === lower(reach.host)));
  };
  // Nobody's name leads to a socket of the file system, so any name will do there.
  const host = header("host") ?? "";
  if (reach.kind === "tcp" && !own(host)) {
    return fail("host_refused", `Cannot answer for host "${host}": expected the name that the server listens on`);
  }
  const origin = header("origin");
  if (origin === undefined) return ok(undefined);
  return origin.startsWith("http://") && own(origin.slice("http://".length))
    ? ok(undefined)
    : fail("host_refused", `Cannot answer a page of "${origin}": expected one of this machine`);
}

/** Whether the method is the one of the path. Fault `method_refused`. */
export const checkMethod = ({ method }: Asking, wanted: string): Result<void> =>
  method === wanted ? ok(undefined) : fail("method_refused", `Cannot use method "${method}" here: expected ${wanted}`);

/** Whether what a header field shows is the token; it takes as long whatever is shown. */
export function isToken(shown: string, token: string, crypto: Crypto): boolean {
  // By digests, so that not even the length of the token shows.
  const same = timingSafeEqual(crypto.sha256(latin(shown)), crypto.sha256(utf8(token)));
  return same && shown !== "";
}

const BEARER = "Bearer ";

/** Whether the token is there, where one is wanted. Fault `credentials_refused`. */
export function checkToken({ header }: Asking, token: string | undefined, crypto: Crypto): Result<void> {
  if (token === undefined) return ok(undefined);
  const given = header("authorization") ?? "";
  const shown = given.startsWith(BEARER) ? trim(given.slice(BEARER.length)) : "";
  return isToken(shown, token, crypto) ? ok(undefined) : fail(
    "credentials_refused",
    "Cannot answer without the token: expected Authorization: Bearer and the token of the server",
  );
}

// Header fields are bytes of one character each; a token that is not plain ASCII comes as UTF-8.
const latin = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const QUOTED = String.raw`"(?:[\t !#-[\]-~]|\\[\t -~])*"`;
const PARAMETER = String.raw`;[\t ]*(${TOKEN})=(${TOKEN}|${QUOTED})[\t ]*`;
const TYPE = new RegExp(`^application/json[\\t ]*(?:${PARAMETER})*;?$`, "i");

// Whoever reads the body by another character set reads another body. A name that begins like that of the set is one in another spelling.
function isUtf8(type: string): boolean {
  const sets = [...type.matchAll(new RegExp(PARAMETER, "g"))].filter(([, name = ""]) => lower(name).startsWith("charset"));
  return sets.every(([, name = "", value = ""]) => lower(name) === "charset" && /^(?:utf-8|"utf-8")$/i.test(value)) &&
    sets.length <= 1;
}

/** Whether the body is plain JSON in UTF-8, as its sender says. Fault `media_type_refused`. */
export function checkType({ header }: Asking): Result<void> {
  const type = header("content-type");
  if (type === undefined || !TYPE.test(type) || !isUtf8(type)) {
    const found = type === undefined ? "none" : `"${type}"`;
    return fail(
      "media_type_refused",
      `Cannot read the body: expected Content-Type: application/json, in UTF-8, found ${found}`,
    );
  }
  const encoding = header("content-encoding");
  return encoding === undefined || lower(encoding) === "identity"
    ? ok(undefined)
    : fail("media_type_refused", `Cannot read the body: expected no Content-Encoding, found "${encoding}"`);
}
