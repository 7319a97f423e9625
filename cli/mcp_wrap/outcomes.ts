// What becomes of calls that left: written down, and waited for no longer than a while.
import { sha256Hex } from "../../core/base/digest.ts";
import type { Fault } from "../../core/base/result.ts";
import { type CallStatus, type Exchange, isEndless, type Open } from "../../core/mcp/exchange.ts";
import { answerBytes } from "../../core/base/answer_bytes.ts";
import { errorLine, type FrameId, RPC } from "../../core/mcp/frames.ts";
import type { Deciding } from "./call.ts";
import type { WrapPorts } from "./ports.ts";
import type { Examined, PassedResult } from "./results.ts";
import { shortened } from "./shortened.ts";

/** How often open requests are looked at that may have waited too long, in milliseconds. */
const WATCH = 250;

type Told = "timed_out" | "unreadable" | "too_large" | "not_sent";

/** Why a request gets no answer that counts, in words for its sender. */
export const WHY_NONE: Readonly<Record<Told, string> & Partial<Record<CallStatus, string>>> = {
  timed_out: "the server has not answered in time",
  unreadable: "the server has answered with a frame that cannot be read",
  too_large: "the server has answered with a frame that is too large",
  not_sent: "the request has not left the gate",
};

/** What is told in the place of a result that nobody could write down. */
export const unrecordedLine = (id: FrameId): Uint8Array =>
  errorLine(id, RPC.internal, "gait: the result could not be recorded", {
    fault: "record_failed",
    reason_codes: ["mcp_result_unrecorded"],
  });

const UNTOUCHED = { effect: "", rules: [], labels: [] } as const;

/** What came of a call. */
type Came = {
  readonly frame?: Uint8Array | undefined;
  /** The part of it that answers, where it can be read. */
  readonly answer?: () => Uint8Array | undefined;
  readonly reason_codes?: readonly string[];
  readonly examined?: Examined | undefined;
};

/** Writes down what became of calls, and keeps the faults on the way. */
export function outcomes({ journal, ports: { host: { crypto } } }: Deciding) {
  const faults: Fault[] = [];
  const failed = (fault: Fault): void => {
    if (!faults.some(({ code }) => code === fault.code)) faults.push(fault);
  };
  const digest = (frame: Uint8Array | undefined): string => frame === undefined ? "" : sha256Hex(crypto, frame);
  async function ended(
    { call }: Open,
    status: CallStatus,
    { frame, answer = () => undefined, reason_codes = [], examined = UNTOUCHED }: Came,
  ): Promise<boolean> {
    if (call === undefined) return true;
    const digests = { frame_digest: digest(frame), result_digest: digest(answer()) };
    const result = { call: call.number, status, ...digests, bytes: frame?.length ?? 0, reason_codes, ...examined };
    const recorded = await journal.append({ record_type: "result", result }, "system");
    if (!recorded.ok) failed(recorded.fault);
    return recorded.ok;
  }
  async function stray(from: "client" | "server", words: string, frame?: Uint8Array): Promise<void> {
    const recorded = await journal.append(
      { record_type: "stray", stray: { from, words: shortened(crypto, words), frame_digest: digest(frame) } },
      "system",
    );
    if (!recorded.ok) failed(recorded.fault);
  }
  return {
    faults,
    failed,
    /** False when it could not be recorded: then the result does not count. */
    settled: (open: Open, status: CallStatus, frame?: Uint8Array, reason_codes: readonly string[] = []): Promise<boolean> =>
      ended(open, status, { frame, reason_codes }),
    /** The same for an answer that came, `frame`, and what `passResult` made of it. */
    async passed(open: Open, { status, reason_codes, examined, fault }: PassedResult, frame: Uint8Array): Promise<boolean> {
      if (fault !== undefined) failed(fault);
      if (open.call === undefined && status === "blocked") {
        await stray("server", `the answer to "${open.method}" is held back: ${reason_codes.join(", ")}`, frame);
      }
      return await ended(open, status, { frame, answer: () => answerBytes(frame), reason_codes, examined });
    },
    stray,
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
  // One without an end that was taken back may never be answered.
  const waiting = (): readonly Open[] =>
    exchange.open().filter(({ sent, method, cancelled }) => sent && (cancelled || !isEndless(method)));
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
