// What belongs together of a client's requests: a session of the older generation, or all that belongs to no session. Each has records of
// its own, and ends with its seal.
import { sha256Hex } from "../../../core/base/digest.ts";
import type { Result } from "../../../core/base/result.ts";
import { type Exchange, type Open, openExchange, type Shared } from "../../../core/mcp/exchange.ts";
import type { FrameId } from "../../../core/mcp/frames.ts";
import { BODIES } from "../../../core/mcp/line_frames.ts";
import type { Watch, Watched } from "../../http/watch.ts";
import type { Deciding } from "../call.ts";
import { outcomes } from "../outcomes.ts";
import { type Questions, questions } from "../questions.ts";
import type { SessionRecords } from "../records.ts";
import type { Why } from "../relay.ts";
import { type Works, works } from "./work.ts";

/** How many answers are remembered for clients that take a stream up again. */
const MOST_TOLD = 256;

/** A conversation. */
export interface Conversation {
  /** What the server calls the session; empty for what belongs to none. */
  readonly id: string;
  readonly known: Shared;
  readonly deciding: Deciding;
  readonly notes: ReturnType<typeof outcomes>;
  readonly works: Works;
  /** Set for a session. */
  readonly questions: Questions | undefined;
  /** The state that a request is read with: that of the session, or one of its own. */
  exchange(): Exchange;
  /** Keeps a request open whose client may take its stream up again. */
  keep(open: Open): void;
  /** Whether it is kept open. */
  kept(open: Open): boolean;
  /** It was answered. */
  drop(open: Open): void;
  /** Remembers what an answer came to: the same frame passes again, as it did, on a stream that is taken up again. */
  told(id: FrameId, frame: Uint8Array, line: Uint8Array): void;
  /** What it came to. */
  again(id: FrameId, frame: Uint8Array): Uint8Array | undefined;
  /** Ends all work on it, writes its last record and seals it: the path of the runpack, blank where nothing was recorded. */
  end(why: Why): Promise<Result<string>>;
}

/** What a conversation is made of; `exchange` is given for a session. */
export type Made = {
  readonly id: string;
  readonly known: Shared;
  readonly exchange: Exchange | undefined;
  readonly deciding: Deciding;
  readonly records: SessionRecords;
  readonly watch: Watch;
};

/** A conversation that begins. */
export function conversation({ id, known, exchange, deciding, records, watch }: Made): Conversation {
  const { settings: { patience }, ports } = deciding;
  const notes = outcomes(deciding);
  const own = works();
  const asking = exchange === undefined ? undefined : questions(exchange, patience, ports);
  const keeping = new Map<Open, Watched>();
  const said = new Map<string, { readonly digest: string; readonly line: Uint8Array | undefined }>();
  const digest = (frame: Uint8Array): string => sha256Hex(ports.host.crypto, frame);
  const drop = (open: Open): void => {
    keeping.get(open)?.drop();
    keeping.delete(open);
  };
  const giveUp = async (open: Open, status: "timed_out" | "unanswered"): Promise<void> => {
    drop(open);
    exchange?.close(open.id);
    await notes.settled(open, open.cancelled ? "cancelled" : status, undefined, [`mcp_result_${status}`]);
  };
  return {
    id,
    known,
    deciding,
    notes,
    works: own,
    questions: asking,
    exchange: () => exchange ?? openExchange(known, BODIES),
    keep(open) {
      const row = watch.add();
      keeping.set(open, row);
      row.until(patience, () => void giveUp(open, "timed_out"));
    },
    kept: (open) => keeping.has(open),
    drop,
    told(of, frame, line) {
      const key = JSON.stringify(of);
      said.delete(key);
      said.set(key, { digest: digest(frame), line: line === frame ? undefined : line });
      const [oldest] = said.size > MOST_TOLD ? said.keys() : [];
      if (oldest !== undefined) said.delete(oldest);
    },
    again(of, frame) {
      const before = said.get(JSON.stringify(of));
      return before?.digest === digest(frame) ? before.line ?? frame : undefined;
    },
    async end(why) {
      asking?.drop();
      own.stop("all");
      await own.idle();
      for (const open of exchange?.open() ?? []) if (open.sent) await giveUp(open, "unanswered");
      return await records.end(why);
    },
  };
}
