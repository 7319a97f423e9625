// Time limits of many connections by one clock that never goes back: a sweep now and then ends what is over its time. No timer for each
// connection, so that ten thousand of them cost next to nothing.
import type { Ports } from "../../core/ports.ts";

/** Something that may take only so long. */
export interface Watched {
  /** From now on it may take so many milliseconds; then `expire` is called, once. */
  until(milliseconds: number, expire: () => void): void;
  /** It is watched no more. */
  drop(): void;
}

/** A watch over many. */
export interface Watch {
  add(): Watched;
  /** Sweeps until it is stopped. */
  run(): Promise<void>;
  /** Ends what is over its time now. */
  sweep(): void;
  stop(): void;
}

/** How long a sweep waits for the next one: limits are kept to within this. */
export const SWEEP = 250;

type Row = { deadline: number; expire: () => void };

/** A watch that goes by a timer. */
export function watchBy(timer: Ports["timer"]): Watch {
  const rows = new Set<Row>();
  let stopped = false;
  const sweep = (): void => {
    const now = timer.elapsed();
    for (const row of rows) {
      if (now < row.deadline) continue;
      row.deadline = Infinity;
      row.expire();
    }
  };
  return {
    add() {
      const row: Row = { deadline: Infinity, expire: () => {} };
      rows.add(row);
      return {
        until(milliseconds, expire) {
          row.deadline = timer.elapsed() + milliseconds;
          row.expire = expire;
        },
        drop: () => void rows.delete(row),
      };
    },
    async run() {
      while (!stopped) {
        await timer.sleep(SWEEP);
        sweep();
      }
    },
    sweep,
    stop: () => void (stopped = true),
  };
}
