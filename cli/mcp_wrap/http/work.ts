// A request of a client, as long as somebody works on it: whatever ends it early, whoever waits for something of it has his answer.

import type { HttpReply } from "../../http/message.ts";

/** Why it is not worked on any longer: its client has gone, it took too long, or the gate ends. */
export type Stop = "gone" | "late" | "ending";

/** The work on one request. */
export interface Work {
  stopped(): Stop | undefined;
  /** Stops it; the first reason counts. */
  stop(why: Stop): void;
  /** What is to be ended when it is stopped; at once where it was already. */
  ends(close: () => void): void;
  /** Nobody works on it any more. */
  done(): void;
}

/** Works on it until its reply has ended, whatever that comes to. */
export async function worked(work: Work, act: () => Promise<HttpReply>): Promise<HttpReply> {
  let streams = false;
  try {
    const reply = await act();
    const { stream } = reply;
    if (stream === undefined) return reply;
    streams = true;
    return {
      ...reply,
      stream: async (send) => {
        try {
          return await stream(send);
        } finally {
          work.done();
        }
      },
    };
  } finally {
    if (!streams) work.done();
  }
}

/** All that is worked on in one place. */
export interface Works {
  /** Begins; `endless` is what ends only when it is told to. */
  begin(endless?: boolean): Work;
  /** Stops all of it, or only what would not end by itself. */
  stop(which: "all" | "endless"): void;
  /** Resolves when nothing is worked on. */
  idle(): Promise<void>;
}

/** No work yet. */
export function works(): Works {
  const all = new Map<Work, boolean>();
  let waiting: (() => void)[] = [];
  return {
    begin(endless = false) {
      let stopped: Stop | undefined;
      const closing: (() => void)[] = [];
      const work: Work = {
        stopped: () => stopped,
        stop(why) {
          if (stopped !== undefined || !all.has(work)) return;
          stopped = why;
          for (const close of closing) close();
        },
        ends(close) {
          if (stopped === undefined) closing.push(close);
          else close();
        },
        done() {
          all.delete(work);
          if (all.size > 0) return;
          for (const resolve of waiting) resolve();
          waiting = [];
        },
      };
      all.set(work, endless);
      return work;
    },
    stop(which) {
      for (const [work, endless] of all) if (which === "all" || endless) work.stop("ending");
    },
    idle: () => all.size === 0 ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve)),
  };
}
