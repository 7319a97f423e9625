// What two ends of MCP owe each other: the requests of the client that are open, and what each line that comes means for them. Knows no
// policy and no clock; whoever asks acts.
import type { JsonObject } from "../base/json_value.ts";
import { isJsonObject } from "../base/json_value.ts";
import { trim } from "../base/text.ts";
import { clientFrame, type FrameId, isModern, RPC, serverFrame } from "./frames.ts";
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
};

/** A request of the client that was not answered yet. */
export type Open = {
  readonly id: FrameId;
  readonly method: string;
  /** Set for a call. */
  readonly call: AskedCall | undefined;
  /** Whether the server has it: a call is held back until it is decided. */
  sent: boolean;
  cancelled: boolean;
};

/** What is to be done with a line of the client. */
export type ClientStep =
  | { readonly do: "pass" }
  | { readonly do: "decide"; readonly call: AskedCall }
  /** It does not get through, and its sender is told; `call` where it may have been one. */
  | { readonly do: "refuse"; readonly id: FrameId | null; readonly code: number; readonly words: string };

/** How a call ended, as far as the protocol tells. */
export type CallStatus =
  | "ok"
  | "tool_error"
  | "error"
  | "input_required"
  | "task"
  | "unreadable"
  | "too_large"
  | "cancelled"
  | "unanswered"
  | "not_sent"
  | "timed_out";

/** What is to be done with a line of the server. */
export type ServerStep =
  /** As it is; `answered` where it answers a request, and how. */
  | { readonly do: "pass"; readonly answered: Open | undefined; readonly status: CallStatus }
  /** It answers nothing that is open: twice, too early, or nobody. */
  | { readonly do: "drop"; readonly words: string }
  /** It cannot be passed on; those that may wait for it are told. */
  | { readonly do: "fail"; readonly open: readonly Open[]; readonly status: "unreadable" | "too_large" };

/** The state of one session. */
export interface Exchange {
  readonly tools: ToolList;
  /** What the server has called itself; undefined before it has. */
  reported(): Reported | undefined;
  fromClient(line: Uint8Array): ClientStep;
  /** A line over the limit never gets through. */
  tooLongFromClient(): ClientStep;
  /** Says that a call leaves for the server. */
  sent(id: FrameId): void;
  /** Says that the gate answers a request itself; gives it where it was open. */
  close(id: FrameId): Open | undefined;
  fromServer(line: Uint8Array): ServerStep;
  tooLongFromServer(): ServerStep;
  /** All that is open, oldest first. */
  open(): readonly Open[];
}

const keyOf = (id: FrameId): string => JSON.stringify(id);

/** A new session; nothing was said yet. */
export function openExchange(): Exchange {
  const open = new Map<string, Open & { readonly first: boolean }>();
  const tools = toolList();
  let calls = 0;
  let reported: Reported | undefined;
  const refuse = (id: FrameId | null, code: number, words: string): ClientStep => ({ do: "refuse", id, code, words });
  const failed = (some: readonly Open[], status: "unreadable" | "too_large"): ServerStep => {
    for (const { id } of some) open.delete(keyOf(id));
    return { do: "fail", open: some, status };
  };
  const waiting = (): readonly Open[] => [...open.values()].filter(({ sent }) => sent);

  return {
    tools,
    reported: () => reported,
    fromClient(line) {
      const frame = clientFrame(line);
      switch (frame.kind) {
        case "blank":
        case "answer":
          return { do: "pass" };
        case "refused":
          return refuse(null, frame.code, frame.words);
        case "notification": {
          if (frame.method === CALL) return refuse(null, RPC.request, `"${CALL}" must be a request`);
          const { requestId } = frame.params;
          if (frame.method === CANCELLED && (typeof requestId === "string" || typeof requestId === "number")) {
            const meant = open.get(keyOf(requestId));
            if (meant !== undefined) meant.cancelled = true;
          }
          return { do: "pass" };
        }
        case "request": {
          const { id, method, params } = frame;
          // Its answer would be taken for that of the request which is open.
          if (open.has(keyOf(id))) return refuse(null, RPC.request, `A request with id ${JSON.stringify(id)} is open already`);
          if (method !== CALL) {
            open.set(keyOf(id), {
              id,
              method,
              call: undefined,
              sent: true,
              cancelled: false,
              first: params["cursor"] === undefined,
            });
            return { do: "pass" };
          }
          const { name: tool, arguments: args = {} } = params;
          // The policy knows names without blanks around them; the server might know another by that.
          if (typeof tool !== "string" || tool === "" || trim(tool) !== tool) {
            return refuse(id, RPC.params, `Member "/params/name" must name the tool`);
          }
          if (!isJsonObject(args)) return refuse(id, RPC.params, `Member "/params/arguments" must be an object`);
          const call: AskedCall = { id, number: ++calls, tool, args, modern: isModern(params) };
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
    fromServer(line) {
      const frame = serverFrame(line);
      switch (frame.kind) {
        case "other":
          return { do: "pass", answered: undefined, status: "ok" };
        case "unreadable": {
          if (frame.id === undefined) return failed(waiting(), "unreadable");
          const meant = open.get(keyOf(frame.id));
          return meant?.sent === true
            ? failed([meant], "unreadable")
            : { do: "drop", words: "a frame that is no text answers no request that is open" };
        }
        case "answer": {
          const meant = open.get(keyOf(frame.id));
          if (meant?.sent !== true) return { do: "drop", words: `${JSON.stringify(frame.id)} is no request that is open` };
          open.delete(keyOf(frame.id));
          if (meant.method === LIST && frame.result !== undefined) tools.learn(frame.result, meant.first);
          if (GREETINGS.includes(meant.method) && frame.result !== undefined) reported = reportedIn(frame.result);
          return { do: "pass", answered: meant, status: statusOf(frame.result) };
        }
        default:
          return frame satisfies never;
      }
    },
    tooLongFromServer: () => failed(waiting(), "too_large"),
    open: () => [...open.values()],
  };
}

const CALL = "tools/call";
const LIST = "tools/list";
const GREETINGS = ["initialize", "server/discover"];
const CANCELLED = "notifications/cancelled";

function statusOf(result: JsonObject | undefined): CallStatus {
  if (result === undefined) return "error";
  const { isError, resultType, task } = result;
  if (resultType === "input_required") return "input_required";
  if (resultType === "task" || isJsonObject(task)) return "task";
  return isError === true ? "tool_error" : "ok";
}
