// What deciding calls takes: who asks, what his server says, and all that a session or a gate decides with.
import type { JsonObject } from "../../core/base/json_value.ts";
import type { Reported } from "../../core/mcp/reported.ts";
import type { SessionLabels } from "../../core/mcp/session_labels.ts";
import type { ToolDefinition } from "../../core/mcp/tool_list.ts";
import type { Boundary } from "../boundary.ts";
import type { Inbox } from "./inbox.ts";
import type { WrapJournal } from "./journal.ts";
import type { Pins } from "./pins.ts";
import type { WrapPorts } from "./ports.ts";
import type { ResultGate } from "./result_gate.ts";
import type { WrapSettings } from "./settings.ts";

/** The client of a call, as far as the gate can speak with it. */
export type ClientVoice = {
  /** Who asks, as the transport knows it; empty where it does not. What a client is asked is bound to it. */
  readonly principal: string;
  /**
   * Asks the user of a client of the older generation (`elicitation/create`): the params go out, what comes back is the `result` of its
   * answer; undefined where it did not answer with one. Absent where the client did not declare the capability, or nothing reaches it.
   */
  readonly elicit?: (params: JsonObject) => Promise<JsonObject | undefined>;
  /** How the tool and its server are declared by now: somebody who is asked takes his time. What was told at first where it is absent. */
  readonly current?: () => Declared;
};

/** What a server says of itself and of a tool; undefined where it has not. */
export type Declared = { readonly tool: ToolDefinition | undefined; readonly reported: Reported | undefined };

/** What deciding calls takes. */
export type Deciding = {
  readonly settings: WrapSettings;
  readonly session_id: string;
  readonly boundary: Boundary;
  readonly pins: Pins;
  readonly inbox: Inbox;
  readonly results: ResultGate;
  /** What the session has read; one for each session. */
  readonly labels: SessionLabels;
  readonly journal: Pick<WrapJournal, "append">;
  readonly ports: WrapPorts;
};
