// What two ends of MCP owe each other: the requests of the client that are open, and what each line that comes means for them. Knows no
// policy and no clock; whoever asks acts.
import { isJsonObject, type Json, type JsonObject } from "../base/json_value.ts";
import { trim } from "../base/text.ts";
import { type ClientSays, clientSays, saysInRequest, SILENT } from "./elicit.ts";
import { type FrameId, isModern, RPC } from "./frames.ts";
import { LINES, type Reading } from "./line_frames.ts";
import { CALL, LIST } from "./protocol.ts";
import { type Reported, reportedIn } from "./reported.ts";
import { type ToolList, toolList } from "./tool_list.ts";

/** A call as a client asks for it. */
export type AskedCall = {
  readonly id: FrameId;
  /** The number of the call in this session, from 1. */
  readonly number: number;
  readonly tool: string;
  readonly args: JsonObject;
  readonly modern: boolean;
  /** What its client says of itself. */
  readonly client: ClientSays;
  /** What it brings along where it follows an answer `input_required`. */
  readonly input: {
    readonly responses: JsonObject | undefined;
    readonly state: string | undefined;
  };
  /** The frame that it came in. */
  readonly frame: Uint8Array;
};

/** A request of the client that was not answered yet. */
export type Open = {
  readonly id: FrameId;
  readonly method: string;
  /** Set for a call. */
  readonly call: AskedCall | undefined;
  /** The task that it asks about. */
  readonly task?: string | undefined;
  /** Whether the server has it: a call is held back until it is decided. */
  sent: boolean;
  cancelled: boolean;
};

/** What is to be done with a line of the client. */
export type ClientStep =
  /** As it is; `cancelled` is a request that it takes back. */
  | { readonly do: "pass"; readonly cancelled?: FrameId }
  /** It answers a question of the gate, and is not for the server. */
  | { readonly do: "answered"; readonly id: FrameId; readonly result: Json | undefined }
  | { readonly do: "decide"; readonly call: AskedCall }
  /** It does not get through, and its sender is told. */
  | { readonly do: "refuse"; readonly id: FrameId | null; readonly code: number; readonly words: string };

/** How a call ended, as far as the protocol tells. */
export type CallStatus =
  | "ok"
  | "tool_error"
  | "error"
  | "input_required"
  | "task"
  /** A rule for results holds it back. */
  | "blocked"
  | "unreadable"
  | "too_large"
  | "cancelled"
  | "unanswered"
  | "not_sent"
  | "timed_out";

/** What is to be done with a line of the server. */
export type ServerStep =
  /** As it is; `answered` where it answers a request, and how: `frame` is the answer as it was read. */
  | { readonly do: "pass"; readonly answered: undefined; readonly status: "ok" }
  | { readonly do: "pass"; readonly answered: Open; readonly status: CallStatus; readonly frame: JsonObject }
  /** It answers nothing that is open: twice, too early, or nobody. */
  | { readonly do: "drop"; readonly words: string }
  /** It cannot be passed on; those that may wait for it are told. */
  | { readonly do: "fail"; readonly open: readonly Open[]; readonly status: "unreadable" | "too_large" };

/** The state of one session. */
export interface Exchange {
  readonly tools: ToolList;
  /** What the server has called itself; undefined before it has. */
  reported(): Reported | undefined;
  /** What the client has said of itself when it greeted; a call says what counts for it. */
  client(): ClientSays;
  /** Says that the gate asks the client something itself, under an id that nobody else uses. */
  asks(id: string): void;
  fromClient(line: Uint8Array): ClientStep;
  /** A line over the limit never gets through. */
  tooLongFromClient(): ClientStep;
  /** Says that a call leaves for the server. */
  sent(id: FrameId): void;
  /** Says that the gate answers a request itself; gives it where it was open. */
  close(id: FrameId): Open | undefined;
  /** `may` says which open requests the line can be about, where lines come over more than one way. */
  fromServer(line: Uint8Array, may?: (open: Open) => boolean): ServerStep;
  tooLongFromServer(may?: (open: Open) => boolean): ServerStep;
  /** All that is open, oldest first. */
  open(): readonly Open[];
}

/** What is known of a server and counted over all that belongs together, though its requests come each on its own. */
export type Shared = {
  readonly tools: ToolList;
  /** What the server has called itself. */
  reported: Reported | undefined;
  /** How many calls there were. */
  calls: number;
};

/** Nothing is known yet. */
export const shared = (): Shared => ({ tools: toolList(), reported: undefined, calls: 0 });

const keyOf = (id: FrameId): string => JSON.stringify(id);

// Each decision writes it down; the protocol wants no more than 128.
const LONGEST_NAME = 1_024;

const ANY = (): boolean => true;

/** A new session; nothing was said yet, but for what others know. `read` is how its frames travel. */
export function openExchange(known: Shared = shared(), read: Reading = LINES): Exchange {
  const open = new Map<string, Open & { readonly first: boolean }>();
  const { tools } = known;
  let client = SILENT;
  const own = new Set<FrameId>(); // an answer that comes late is not for the server either
  const refuse = (id: FrameId | null, code: number, words: string): ClientStep => ({ do: "refuse", id, code, words });
  const failed = (some: readonly Open[], status: "unreadable" | "too_large"): ServerStep => {
    for (const { id } of some) open.delete(keyOf(id));
    return { do: "fail", open: some, status };
  };
  const waiting = (may: (open: Open) => boolean): readonly Open[] => [...open.values()].filter((one) => one.sent && may(one));

  return {
    tools,
    reported: () => known.reported,
    client: () => client,
    asks: (id) => void own.add(id),
    fromClient(line) {
      const frame = read.client(line);
      switch (frame.kind) {
        case "blank":
          return { do: "pass" };
        case "answer":
          return frame.id !== undefined && own.has(frame.id)
            ? { do: "answered", id: frame.id, result: frame.result }
            : { do: "pass" };
        case "refused":
          // Of two answers to one request only that of the server counts.
          return refuse(frame.id === undefined || open.has(keyOf(frame.id)) ? null : frame.id, frame.code, frame.words);
        case "notification": {
          if (frame.method === CALL) return refuse(null, RPC.request, `"${CALL}" must be a request`);
          const { requestId } = frame.params;
          if (frame.method === CANCELLED && (typeof requestId === "string" || typeof requestId === "number")) {
            const meant = open.get(keyOf(requestId));
            if (meant !== undefined) {
              meant.cancelled = true;
              return { do: "pass", cancelled: requestId };
            }
          }
          return { do: "pass" };
        }
        case "request": {
          const { id, method, params } = frame;
          // Its answer would be taken for that of the request which is open.
          if (open.has(keyOf(id))) return refuse(null, RPC.request, `A request with id ${JSON.stringify(id)} is open already`);
          if (method === "initialize") client = clientSays(params["capabilities"], params["clientInfo"]);
          if (method !== CALL) {
            open.set(keyOf(id), {
              id,
              method,
              call: undefined,
              sent: true,
              cancelled: false,
              first: params["cursor"] === undefined,
              task: typeof params["taskId"] === "string" ? params["taskId"] : undefined,
            });
            return { do: "pass" };
          }
          const { name: tool, arguments: args = {} } = params;
          // The policy knows names without blanks around them; the server might know another by that.
          if (typeof tool !== "string" || tool === "" || tool.length > LONGEST_NAME || trim(tool) !== tool) {
            return refuse(id, RPC.params, `Member "/params/name" must name the tool`);
          }
          if (!isJsonObject(args)) return refuse(id, RPC.params, `Member "/params/arguments" must be an object`);
          const modern = isModern(params);
          const { inputResponses, requestState } = params;
          const input = {
            responses: isJsonObject(inputResponses) ? inputResponses : undefined,
            state: typeof requestState === "string" ? requestState : undefined,
          };
          const call: AskedCall = {
            id,
            number: ++known.calls,
            tool,
            args,
            modern,
            client: modern ? saysInRequest(params) : client,
            input,
            frame: line,
          };
          open.set(keyOf(id), { id, method, call, sent: false, cancelled: false, first: false });
          return { do: "decide", call };
        }
        default:
          return frame satisfies never;
      }
    },
    tooLongFromClient: () => refuse(null, RPC.request, "The frame is too large"),
    sent(id) {
      const meant = open.get(keyOf(id));
      if (meant !== undefined) meant.sent = true;
    },
    close(id) {
      const meant = open.get(keyOf(id));
      open.delete(keyOf(id));
      return meant;
    },
    fromServer(line, may = ANY) {
      const frame = read.server(line);
      switch (frame.kind) {
        case "other":
          return { do: "pass", answered: undefined, status: "ok" };
        case "cut":
          return { do: "drop", words: "a line that others read as several" };
        case "unreadable": {
          if (frame.id === undefined) return failed(waiting(may), "unreadable");
          const meant = open.get(keyOf(frame.id));
          return meant?.sent === true && may(meant)
            ? failed([meant], "unreadable")
            : { do: "drop", words: "a frame that cannot be read answers no request that is open" };
        }
        case "answer": {
          const meant = open.get(keyOf(frame.id));
          if (meant?.sent !== true || !may(meant)) {
            return { do: "drop", words: `${JSON.stringify(frame.id)} is no request that is open` };
          }
          // What tools and servers are called is gone by: there must be one reading of it.
          if (frame.replaced && [LIST, ...GREETINGS].includes(meant.method)) return failed([meant], "unreadable");
          open.delete(keyOf(frame.id));
          if (meant.method === LIST && frame.result !== undefined) tools.learn(frame.result, meant.first);
          if (GREETINGS.includes(meant.method) && frame.result !== undefined) known.reported = reportedIn(frame.result);
          return { do: "pass", answered: meant, status: statusOf(frame.result), frame: frame.frame };
        }
        default:
          return frame satisfies never;
      }
    },
    tooLongFromServer: (may = ANY) => failed(waiting(may), "too_large"),
    open: () => [...open.values()],
  };
}

/** Whether the answer to such a request comes only when it is ended, however long that takes. */
export const isEndless = (method: string): boolean => method === "subscriptions/listen";

const GREETINGS = ["initialize", "server/discover"];
const CANCELLED = "notifications/cancelled";

function statusOf(result: JsonObject | undefined): CallStatus {
  if (result === undefined) return "error";
  const { isError, resultType, task } = result;
  if (resultType === "input_required") return "input_required";
  if (resultType === "task" || isJsonObject(task)) return "task";
  return isError === true ? "tool_error" : "ok";
}
