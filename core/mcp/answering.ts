// Being an MCP server on a stream of lines, in both generations of the protocol: what each line of a client is answered with. It has tools
// and nothing else; what a call comes to is for others to say. Lines are read as strictly as by the gate.
import { isJsonObject, type JsonObject } from "../base/json_value.ts";
import { clientFrame, errorLine, type FrameId, frameLine, isModern, RPC } from "./frames.ts";
import { CALL, LEGACY, LIST, META, metaOf, MODERN } from "./protocol.ts";

/** What a call comes to: a result of the tool, or an error of the protocol. */
export type ToolAnswer =
  | { readonly kind: "result"; readonly result: JsonObject }
  | { readonly kind: "error"; readonly code: number; readonly message: string; readonly data?: JsonObject };

/** What is served. */
export type Served = {
  /** What the server calls itself. */
  readonly info: { readonly name: string; readonly version: string };
  readonly instructions: string;
  /** The tools as they are declared, in a stable order. */
  list(): readonly JsonObject[];
  call(tool: string, args: JsonObject): ToolAnswer;
};

/** A server. */
export interface Answering {
  /** The line that answers a line of the client; undefined where none is due. */
  answer(line: Uint8Array): Uint8Array | undefined;
  /** The same for a line that is too long to be read. */
  tooLong(): Uint8Array;
}

/** The versions of either generation, the newest last. */
const WITH_SESSIONS = ["2024-11-05", "2025-03-26", "2025-06-18", LEGACY] as const;
const WITHOUT = [MODERN] as const;

const UNKNOWN_METHOD = -32601;
const UNKNOWN_VERSION = -32022;

/** How long lists may be kept: they never change, but the next server by this name may be another. */
const KEPT = { ttlMs: 0, cacheScope: "private" } as const;

const includes = (all: readonly string[], one: string): boolean => all.includes(one);

/** A server of these tools. */
export function answering({ info, instructions, list, call }: Served): Answering {
  const resultLine = (id: FrameId, modern: boolean, result: JsonObject): Uint8Array => {
    if (!modern) return frameLine({ jsonrpc: "2.0", id, result });
    const given = result["_meta"];
    const _meta = { [META.server]: info, ...(isJsonObject(given) ? given : {}) };
    return frameLine({ jsonrpc: "2.0", id, result: { resultType: "complete", ...result, _meta } });
  };

  const called = (id: FrameId, modern: boolean, { name, arguments: args = {} }: JsonObject): Uint8Array => {
    if (typeof name !== "string" || name === "") return errorLine(id, RPC.params, `Member "/params/name" must name the tool`);
    if (!isJsonObject(args)) return errorLine(id, RPC.params, `Member "/params/arguments" must be an object`);
    const answer = call(name, args);
    return answer.kind === "result"
      ? resultLine(id, modern, answer.result)
      : errorLine(id, answer.code, answer.message, answer.data);
  };

  const requested = (id: FrameId, method: string, params: JsonObject): Uint8Array => {
    const modern = isModern(params);
    const about = { capabilities: { tools: {} }, ...(instructions === "" ? {} : { instructions }) };
    const known = modern ? ["server/discover", LIST, CALL] : ["initialize", "ping", LIST, CALL];
    if (!includes(known, method)) return errorLine(id, UNKNOWN_METHOD, `There is no method ${JSON.stringify(method)} here`);
    const fault = modern ? envelopeFault(id, params) : undefined;
    if (fault !== undefined) return fault;
    switch (method) {
      case "initialize": {
        const { protocolVersion: asked } = params;
        if (typeof asked !== "string") return errorLine(id, RPC.params, `Member "/params/protocolVersion" must be text`);
        const protocolVersion = includes(WITH_SESSIONS, asked) ? asked : LEGACY;
        return resultLine(id, modern, { protocolVersion, ...about, serverInfo: info });
      }
      case "server/discover":
        return resultLine(id, modern, { supportedVersions: WITHOUT, ...about, ...KEPT });
      case LIST:
        if (params["cursor"] !== undefined) return errorLine(id, RPC.params, "The list of tools has one page");
        return resultLine(id, modern, { tools: list(), ...(modern ? KEPT : {}) });
      case CALL:
        return called(id, modern, params);
      default:
        return resultLine(id, modern, {}); // ping
    }
  };

  return {
    answer(line) {
      const frame = clientFrame(line);
      switch (frame.kind) {
        case "blank":
        case "answer":
          return undefined;
        case "refused":
          return errorLine(null, frame.code, frame.words);
        case "notification":
          return frame.method === CALL ? errorLine(null, RPC.request, `"${CALL}" must be a request`) : undefined;
        case "request":
          return requested(frame.id, frame.method, frame.params);
        default:
          return frame satisfies never;
      }
    },
    tooLong: () => errorLine(null, RPC.request, "The frame is too large"),
  };
}

// What is wrong with what a request of the stateless generation has to say of itself.
function envelopeFault(id: FrameId, params: JsonObject): Uint8Array | undefined {
  const version = metaOf(params, "version");
  if (typeof version !== "string") return errorLine(id, RPC.params, `Member "/params/_meta/${META.version}" must be text`);
  if (!isJsonObject(metaOf(params, "capabilities"))) {
    return errorLine(id, RPC.params, `Member "/params/_meta/${META.capabilities}" must be an object`);
  }
  if (includes(WITHOUT, version)) return undefined;
  const data = { supported: WITHOUT, requested: version };
  return errorLine(id, UNKNOWN_VERSION, `Version ${JSON.stringify(version)} of the protocol is not known here`, data);
}

/** A server that cannot serve: every request is answered with why. */
export const refusing = (words: string, data: JsonObject): Answering => ({
  answer(line) {
    const frame = clientFrame(line);
    return frame.kind === "request" ? errorLine(frame.id, RPC.internal, words, data) : undefined;
  },
  tooLong: () => errorLine(null, RPC.internal, words, data),
});
