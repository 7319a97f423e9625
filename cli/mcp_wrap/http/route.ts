// Who may ask the gate, and what for: the path of the server alone, by the methods of its transport.
import { fail, type Fault, ok, type Result } from "../../../core/base/result.ts";
import { lower } from "../../../core/base/text.ts";
import { PortFault } from "../../../core/ports.ts";
import { RPC } from "../../../core/mcp/frames.ts";
import type { Answering } from "../../http/connection.ts";
import type { HttpReply, HttpRequest } from "../../http/message.ts";
import { checkOrigin, checkType, isToken } from "../../serve/guard.ts";
import { dating, statusOf } from "../../serve/reply.ts";
import { TOKEN_FIELD } from "./fields.ts";
import { say } from "../say.ts";
import type { Gate } from "./gate.ts";
import { beside, leave, listen } from "./others.ts";
import { post } from "./post.ts";
import { refusal } from "./replies.ts";

/** Where a server says who gives tokens for it (RFC 9728); clients ask for it before they may ask for anything else. */
const TOKENS = "/.well-known/oauth-protected-resource";

/** What may follow: a path that leads nowhere else, however it is read. No dots alone, nothing coded, no empty part, no parameters. */
const PLAIN = /^(?:\/(?!\.\.?(?:\/|$))[\w.~!$&'()*+,=:@-]+)*\/?$/;

const asksForTokens = (path: string, endpoint: string): boolean => {
  if (!path.startsWith(TOKENS)) return false;
  const resource = path.slice(TOKENS.length);
  return resource === endpoint || PLAIN.test(resource);
};

// Beyond this machine the token keeps pages of browsers out; those of the same place may bear it.
function checkPage({ header }: HttpRequest): Result<void> {
  const origin = header("origin");
  const host = lower(header("host") ?? "");
  return origin === undefined || [`http://${host}`, `https://${host}`].includes(lower(origin))
    ? ok(undefined)
    : fail("host_refused", `Cannot answer a page of "${origin}": expected one of this place`);
}

function admitted(request: HttpRequest, { place, ports }: Gate): Result<void> {
  const from = place.local ? checkOrigin(request, place) : checkPage(request);
  if (!from.ok) return from;
  return place.token === undefined || isToken(request.header(TOKEN_FIELD) ?? "", place.token, ports.host.crypto)
    ? ok(undefined)
    : fail("credentials_refused", "Cannot answer without the token: expected it as Gait-Token");
}

async function routed(request: HttpRequest, gate: Gate): Promise<HttpReply> {
  const { path, method } = request;
  const isEndpoint = path === gate.place.upstream.path;
  const isMeta = !isEndpoint && asksForTokens(path, gate.place.upstream.path);
  if (!isEndpoint && !(isMeta && method === "GET")) return refusal(404, null, RPC.request, "There is nothing at this path");
  if (isMeta) return await beside(request, gate);
  switch (method) {
    case "POST": {
      const type = checkType(request);
      return type.ok ? await post(request, gate) : refusal(415, null, RPC.request, type.fault.message);
    }
    case "GET":
      return await listen(request, gate);
    case "DELETE":
      return await leave(request, gate);
    case "OPTIONS":
      return await beside(request, gate);
    default: {
      const refused = refusal(405, null, RPC.request, "The transport has no such method");
      return { ...refused, headers: { ...refused.headers, allow: METHODS } };
    }
  }
}

const METHODS = "GET, POST, DELETE, OPTIONS";

/** Who answers the requests of clients. */
export function answering(gate: Gate): Answering {
  const { ports } = gate;
  const dated = dating(ports.clock.now);
  // A bug in one request must not end the others, and lets nothing through.
  const told = (thrown: unknown): Fault => {
    const words = thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown);
    say(words, ports);
    return thrown instanceof PortFault
      ? thrown.fault
      : { code: "internal", message: "Cannot answer the request: a bug in gait, which its log tells" };
  };
  const refused = (fault: Fault, status = statusOf(fault)): HttpReply => refusal(status, null, RPC.internal, fault.message);
  const safely = (reply: HttpReply): HttpReply => {
    const { stream } = reply;
    return stream === undefined ? reply : {
      ...reply,
      stream: (send) =>
        stream(send).catch((thrown) => {
          told(thrown);
          return false;
        }),
    };
  };
  return {
    async answer(request) {
      const may = admitted(request, gate);
      if (!may.ok) return dated(refused(may.fault));
      if (gate.ending) {
        return dated(refused({ code: "server_busy", message: "Cannot take requests: the gate is about to end" }));
      }
      try {
        return dated(safely(await routed(request, gate)));
      } catch (thrown) {
        return dated(refused(told(thrown)));
      }
    },
    refuse: (status, fault) => dated(refused(fault, status)),
  };
}
