// A recording as an MCP server: which recordings can be played, how their tools are declared, and what each line of a client is answered
// with.
import type { Crypto } from "../base/host.ts";
import type { JsonObject } from "../base/json_value.ts";
import { ok, type Result } from "../base/result.ts";
import { normalPayload } from "../gate/intent_payload.ts";
import { type Answering, answering } from "../mcp/answering.ts";
import type { Bodies } from "../regress/serve_bodies.ts";
import { playback, type PlayOrder, type PlayProgress, type PlayState } from "../regress/serve_play.ts";
import { type Recording, recordingOf } from "../regress/serve_recording.ts";
import type { Runpack } from "../run/open.ts";
import { planReplay } from "../run/replay.ts";
import type { McpLock } from "../schema/mcp_lock.ts";

/** A recording that is played to one client. */
export type PlayedServer = Answering & {
  /** Whether the client has asked for more than who is there: some clients start a server only to learn that. */
  readonly begun: () => boolean;
  readonly progress: () => PlayProgress;
  readonly state: () => PlayState;
};

// What the gate records of arguments is the digest of their normal form; whether it would let them through is no question here.
const gateForm = (args: JsonObject): JsonObject => normalPayload(args, "", { first: undefined });

/** A recording of a run. Fault `replay_impossible` for one that has an id twice. */
export function playable(crypto: Crypto, run: Runpack, bodies: Bodies): Result<Recording> {
  const plan = planReplay(crypto, run);
  return plan.ok ? ok(recordingOf(crypto, run.records, bodies, gateForm)) : plan;
}

const PERMISSIVE: JsonObject = { type: "object" };

/** The tools of a recording as their server has declared them when it was locked; others take anything. */
function declaredTools({ tools }: Recording, lock: McpLock | undefined): readonly JsonObject[] {
  const locked = new Map((lock?.servers ?? []).flatMap((server) => server.tools.map((tool) => [tool.name, tool.definition])));
  return tools.map((name) => locked.get(name) ?? { name, inputSchema: PERMISSIVE });
}

/** Begins before the first line of a client. */
export function playedServer(
  crypto: Crypto,
  recording: Recording,
  { order, lock, version }: { readonly order: PlayOrder; readonly lock: McpLock | undefined; readonly version: string },
): PlayedServer {
  const play = playback(crypto, recording, order);
  let begun = false;
  const tools = declaredTools(recording, lock);
  const server = answering({
    info: { name: "gait-regress-serve", version },
    instructions: `A recording is played back: run ${recording.run_id}`,
    list() {
      begun = true;
      return tools;
    },
    call(tool, args) {
      begun = true;
      return play.call(tool, args);
    },
  });
  return { ...server, begun: () => begun, progress: play.progress, state: play.state };
}
