// The frames of MCP on a stream of lines, both generations: what a line is, as far as a gate has to know. The bytes of a frame are never
// made anew; only the answers of the gate itself are written here.
import { markLength, utf8 } from "../base/bytes.ts";
import { type Json, type JsonObject, readJson } from "../base/json.ts";
import { isJsonObject } from "../base/json_value.ts";
import { isBlankLine } from "../base/lines.ts";
import { metaOf } from "./protocol.ts";
import { type FrameId, isId, isSure, sureId } from "./frame_id.ts";

export type { FrameId } from "./frame_id.ts";

/** Errors of JSON-RPC that the gate answers with. */
export const RPC = { parse: -32700, request: -32600, params: -32602, internal: -32603 } as const;

/** A line that a client sent. */
export type ClientFrame =
  | { readonly kind: "blank" }
  | { readonly kind: "request"; readonly id: FrameId; readonly method: string; readonly params: JsonObject }
  | { readonly kind: "notification"; readonly method: string; readonly params: JsonObject }
  /** The answer to a request of the server, or of the gate. */
  | { readonly kind: "answer"; readonly id: FrameId | undefined; readonly result: Json | undefined }
  /** Nothing that a gate may let through: another reader might see something else in it; `id` where it is a request beyond doubt. */
  | { readonly kind: "refused"; readonly code: number; readonly words: string; readonly id?: FrameId };

/** A line that a server sent. */
export type ServerFrame =
  | {
    readonly kind: "answer";
    readonly id: FrameId;
    readonly result: JsonObject | undefined;
    /** The whole of it, as it was read. */
    readonly frame: JsonObject;
    /** Whether half characters stand in it, read as U+FFFD: its client may see them otherwise. */
    readonly replaced?: true;
  }
  /** A request or notification of the server, an error that is about no request, or a line that holds no frame at all. */
  | { readonly kind: "other"; readonly method: string }
  /** A frame that cannot be read without doubt; `id` where it is known all the same. */
  | { readonly kind: "unreadable"; readonly id?: FrameId };

const refused = (code: number, words: string): ClientFrame => ({ kind: "refused", code, words });

/** What a line of a client is, read strictly: what the gate cannot read without doubt does not get through. */
export function clientFrame(line: Uint8Array): ClientFrame {
  const frame = frameOf(line);
  const id = frame.kind === "refused" ? sureId(line) : undefined;
  return frame.kind !== "refused" || id === undefined ? frame : { ...frame, id };
}

// Programs that cut texts leave halves of characters, as escapes. Every reader finds the same members around them; only what they are
// is in doubt, so that nothing which the gate goes by may hold one. All else is read strictly.
function halvesReplaced(line: Uint8Array): Json | undefined {
  const read = readJson(line, "frame", { text: "replace_escapes" });
  return read.ok ? read.value : undefined;
}

/** Requests and notifications whose members the gate goes by. */
const LOOKED_INTO = /^(?:tools\/call|initialize|notifications\/cancelled|tasks\/.*)$/;

function isSureOf(frame: ClientFrame): boolean {
  switch (frame.kind) {
    case "request":
      return isSure(frame.id) && isSure(frame.method) && !LOOKED_INTO.test(frame.method);
    case "notification":
      return isSure(frame.method) && !LOOKED_INTO.test(frame.method);
    case "answer":
      return frame.id !== undefined && isSure(frame.id);
    default:
      return false;
  }
}

function frameOf(line: Uint8Array): ClientFrame {
  if (isBlankLine(line)) return { kind: "blank" };
  const read = readJson(line, "frame");
  if (read.ok) return frameIn(read.value);
  const replaced = halvesReplaced(line);
  const frame = replaced === undefined ? undefined : frameIn(replaced);
  return frame !== undefined && isSureOf(frame) ? frame : refused(RPC.parse, read.fault.message);
}

function frameIn(value: Json): ClientFrame {
  if (!isJsonObject(value)) return refused(RPC.request, "A frame must be one object: batches do not pass");
  const { id, method, params } = value;
  const answers = Object.hasOwn(value, "result") || Object.hasOwn(value, "error");
  if (method === undefined) {
    return answers
      ? { kind: "answer", id: isId(id) ? id : undefined, result: value["result"] }
      : refused(RPC.request, "A frame must be a request or an answer");
  }
  if (typeof method !== "string" || answers) return refused(RPC.request, "A frame must be either a request or an answer");
  const given = params ?? {};
  if (!isJsonObject(given)) return refused(RPC.request, `Member "params" must be an object`);
  if (!Object.hasOwn(value, "id")) return { kind: "notification", method, params: given };
  if (!isId(id)) return refused(RPC.request, `Member "id" must be text or a whole number`);
  return { kind: "request", id, method, params: given };
}

/** What a line of a server is. What is no frame at all passes, as it would without a gate; what may be one and is in doubt does not. */
export function serverFrame(line: Uint8Array): ServerFrame {
  const from = startOf(line);
  if (line[from] !== OPEN && line[from] !== LIST) return { kind: "other", method: "" };
  const read = readJson(line, "frame");
  if (read.ok) return serverFrameIn(read.value);
  const replaced = halvesReplaced(line);
  if (replaced !== undefined) {
    const frame = serverFrameIn(replaced);
    if (frame.kind === "answer" && isSure(frame.id)) return { ...frame, replaced: true };
    if (frame.kind === "other" && isSure(frame.method)) return frame;
  }
  // Bytes that are no text, or a mark in front: who is meant is known all the same.
  const lenient = readJson(line.subarray(from), "frame", { text: "replace" });
  const id = lenient.ok && isJsonObject(lenient.value) && lenient.value["method"] === undefined
    ? lenient.value["id"]
    : undefined;
  return isId(id) ? { kind: "unreadable", id } : { kind: "unreadable" };
}

function serverFrameIn(value: Json): ServerFrame {
  if (!isJsonObject(value)) return { kind: "unreadable" };
  const { id, method, result } = value;
  if (typeof method === "string") {
    const answers = Object.hasOwn(value, "result") || Object.hasOwn(value, "error");
    if (!answers || !Object.hasOwn(value, "id")) return { kind: "other", method };
    return isId(id) ? { kind: "unreadable", id } : { kind: "unreadable" }; // to some an answer, to others a request
  }
  if (!isId(id)) return Object.hasOwn(value, "error") ? { kind: "other", method: "" } : { kind: "unreadable" };
  return { kind: "answer", id, result: isJsonObject(result) ? result : undefined, frame: value };
}

/** Where a frame would begin: some readers skip more than JSON does, control characters and byte order marks among it. */
function startOf(line: Uint8Array): number {
  let at = 0;
  for (;;) {
    const mark = markLength(line, at);
    if (mark > 0) at += mark;
    else if ((line[at] ?? OPEN) <= 0x20) at++;
    else return at;
  }
}

const OPEN = 0x7b;
const LIST = 0x5b;

/** Whether a request is one of the stateless generation, which says its version in every request. */
export const isModern = (params: JsonObject): boolean => metaOf(params, "version") !== undefined;

/** The line of a frame that the gate makes. */
export const frameLine = (value: JsonObject): Uint8Array<ArrayBuffer> => utf8(`${JSON.stringify(value)}\n`);

/** The line of an error; `id` is null where nobody knows what it answers. */
export const errorLine = (id: FrameId | null, code: number, message: string, data?: JsonObject): Uint8Array<ArrayBuffer> =>
  frameLine({ jsonrpc: "2.0", id, error: { code, message, ...(data === undefined ? {} : { data }) } });

/** What a call came to that does not go ahead. */
export type Stopped = {
  readonly verdict: string;
  readonly reason_codes: readonly string[];
  /** What is to be told beside: sentences. */
  readonly notes: readonly string[];
  /** Members that programs may read, below `gait`. */
  readonly facts: JsonObject;
};

/** The line that tells a client that a call does not go ahead: a result of the tool that is an error, so that the model can react. */
export function stoppedLine(
  id: FrameId,
  modern: boolean,
  { verdict, reason_codes, notes, facts }: Stopped,
): Uint8Array<ArrayBuffer> {
  const reasons = reason_codes.length === 0 ? "" : `: ${reason_codes.join(", ")}`;
  const text = [`gait: ${verdict}${reasons}`, ...notes].join("\n");
  return frameLine({
    jsonrpc: "2.0",
    id,
    result: {
      ...(modern ? { resultType: "complete" } : {}),
      content: [{ type: "text", text }],
      isError: true,
      _meta: { "dev.gait/decision": { verdict, reason_codes, ...facts } },
    },
  });
}
