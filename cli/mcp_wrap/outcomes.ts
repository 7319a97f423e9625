// What becomes of calls that left: written down, and waited for no longer than a while.
import { sha256Hex } from "../../core/base/digest.ts";
import type { Fault } from "../../core/base/result.ts";
import type { CallStatus, Exchange, Open } from "../../core/mcp/exchange.ts";
import type { Deciding } from "./call.ts";
import type { WrapPorts } from "./ports.ts";

/** How often open requests are looked at that may have waited too long, in milliseconds. */
const WATCH = 250;

/** Writes down what became of calls, and keeps the faults on the way. */
export function outcomes({ journal, ports: { host: { crypto } } }: Deciding) {
  const faults: Fault[] = [];
  const failed = (fault: Fault): void => {
    if (!faults.some(({ code }) => code === fault.code)) faults.push(fault);
  };
  const digest = (frame: Uint8Array | undefined): string => frame === undefined ? "" : sha256Hex(crypto, frame);
  return {
    faults,
    failed,
    /** False when it could not be recorded: then the result does not count. */
    async settled({ call }: Open, status: CallStatus, frame?: Uint8Array, reason_codes: readonly string[] = []) {
      if (call === undefined) return true;
      const result = { call: call.number, status, frame_digest: digest(frame), bytes: frame?.length ?? 0, reason_codes };
      const recorded = await journal.append({ record_type: "result", result }, "system");
      if (!recorded.ok) failed(recorded.fault);
      return recorded.ok;
    },
    async stray(from: "client" | "server", words: string, frame?: Uint8Array): Promise<void> {
      const recorded = await journal.append(
        { record_type: "stray", stray: { from, words, frame_digest: digest(frame) } },
        "system",
      );
      if (!recorded.ok) failed(recorded.fault);
    },
  };
}

/** Looks at open requests while there are any. One that hangs: whoever waits is told, and an answer that comes later does not count. */
export function watchdog(
  exchange: Exchange,
  patience: number,
  { timer }: Pick<WrapPorts, "timer">,
  late: (open: readonly Open[]) => Promise<void>,
): () => void {
  const since = new WeakMap<Open, number>();
  let watching = false;
  const waiting = (): readonly Open[] => exchange.open().filter(({ sent }) => sent);
  async function watch(): Promise<void> {
    watching = true;
    for (let open = waiting(); open.length > 0; open = waiting()) {
      const now = timer.elapsed();
      for (const one of open) if (!since.has(one)) since.set(one, now);
      const over = open.filter((one) => now - (since.get(one) ?? now) >= patience);
      if (over.length > 0) await late(over);
      await timer.sleep(Math.min(WATCH, patience));
    }
    watching = false;
  }
  return () => {
    if (!watching) void watch();
  };
}
