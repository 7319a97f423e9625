// Between a client and a server on streams of lines: what one says reaches the other as it is, but for calls, which leave only when they
// were decided and recorded. Nobody is left waiting, whatever the other end does.
import type { JsonObject } from "../../core/base/json_value.ts";
import type { Fault } from "../../core/base/result.ts";
import { lineFeed } from "../../core/base/lines.ts";
import { type CallStatus, type Open, openExchange } from "../../core/mcp/exchange.ts";
import { clientFrame, errorLine, RPC } from "../../core/mcp/frames.ts";
import type { RunningPeer } from "../../core/ports.ts";
import { decideCall, type Deciding } from "./call.ts";
import { outcomes, unrecordedLine, watchdog, WHY_NONE } from "./outcomes.ts";
import { questions } from "./questions.ts";
import { passResult } from "./results.ts";

/** How long the server may take to end by itself once its input has ended, and once it was told to; in milliseconds. */
const QUIET_END = 1_000;
const TOLD_END = 500;

/** How many lines of a client are worked on at a time; further ones are not read. */
const MOST_AT_WORK = 256;

const LF = 0x0a;

/** Why a session ends. */
export type Why = "client_closed" | "client_gone" | "server_ended" | "signalled";

/** What a session came to: `faults` are those that kept a call from being decided or recorded. */
export type Relayed = { readonly why: Why; readonly faults: readonly Fault[] };

/** A line with its break, and without. */
type Line = { readonly whole: Uint8Array; readonly line: Uint8Array };

// A copy: the bytes of a feed are only lent.
function copied(line: Uint8Array): Line {
  const whole = new Uint8Array(line.length + 1);
  whole.set(line);
  whole[line.length] = LF;
  return { whole, line: whole.subarray(0, line.length) };
}

/** Passes lines on until one end has gone or gait is told to end; the server has ended then, and every call has its record. */
export async function relay(deciding: Deciding, peer: RunningPeer, told: Promise<unknown>): Promise<Relayed> {
  const { settings: { most, patience }, ports } = deciding;
  const exchange = openExchange();
  const notes = outcomes(deciding);
  const asking = questions(exchange, patience, ports);
  let over = false;
  let finish: (why: Why) => void = () => {};
  const ending = new Promise<Why>((resolve) => finish = resolve);
  const end = (why: Why): void => {
    over = true;
    asking.drop();
    finish(why);
  };
  let saying: Promise<void> = Promise.resolve(); // one line at a time, whoever says it
  const tell = (line: Uint8Array): Promise<void> =>
    saying = saying.then(async () => {
      if (!await ports.output.write(line)) end("client_gone");
    });
  // Nobody will answer these any more, or their answers do not count.
  const giveUp = async (
    some: readonly Open[],
    status: CallStatus,
    { words = WHY_NONE[status] ?? "the server has ended", frame }: { readonly words?: string; readonly frame?: Uint8Array } =
      {},
  ): Promise<void> => {
    for (const open of some) {
      exchange.close(open.id);
      const reasons = [`mcp_result_${status}`];
      if (open.sent) {
        await notes.settled(open, open.cancelled && status === "unanswered" ? "cancelled" : status, frame, reasons);
      }
      if (!open.cancelled) await tell(errorLine(open.id, RPC.internal, `gait: ${words}`, { reason_codes: reasons }));
    }
  };
  const watch = watchdog(exchange, patience, ports, (late) => giveUp(late, "timed_out"));

  /**
   * What may leave for the server: the line, unless a call of it was stopped. Begun at once, so that calls are decided side by side;
   * `aside` is told of one that waits for somebody to answer.
   */
  async function allowed(given: Line | undefined, aside: () => void): Promise<Line | undefined> {
    const step = given === undefined ? exchange.tooLongFromClient() : exchange.fromClient(given.line);
    switch (step.do) {
      case "pass":
        if (step.cancelled !== undefined) asking.drop(step.cancelled);
        return given;
      case "answered":
        if (!asking.answered(step.id, step.result)) await notes.stray("client", "nobody waits for this answer", given?.line);
        return undefined;
      case "refuse":
        await notes.stray("client", step.words, given?.line);
        await tell(errorLine(step.id, step.code, `gait: ${step.words}`));
        return undefined;
      case "decide": {
        const { call } = step;
        const current = () => ({ tool: exchange.tools.find(call.tool), reported: exchange.reported() });
        const { tool, reported } = current();
        const elicit = (params: JsonObject): Promise<JsonObject | undefined> => {
          aside();
          return asking.ask(call.id, params, tell);
        };
        const asks = !call.modern && call.client.asks && asking.free();
        const voice = { principal: "", current, ...(asks ? { elicit } : {}) };
        const decided = await decideCall(call, tool, reported, voice, deciding);
        if (decided.kind === "leave") {
          exchange.sent(call.id);
          return decided.line === undefined ? given : copied(decided.line);
        }
        if (decided.fault !== undefined) notes.failed(decided.fault);
        if (exchange.close(call.id)?.cancelled !== true) await tell(decided.line);
        return undefined;
      }
      default:
        return step satisfies never;
    }
  }

  async function leave(given: Line | undefined): Promise<void> {
    if (given === undefined) return;
    watch();
    if (!over && await peer.write(given.whole)) return;
    const frame = clientFrame(given.line);
    const open = frame.kind === "request" ? exchange.close(frame.id) : undefined;
    if (open !== undefined) await giveUp([open], "not_sent", { words: "the server takes no more" });
  }

  let leaving: Promise<void> = Promise.resolve(); // in the order in which they came
  let atWork = 0;
  const waiting = new Set<Promise<void>>(); // for somebody to answer
  function take(line: Uint8Array): void {
    if (over) return;
    let aside: () => void = () => {};
    const stepped = new Promise<"aside">((resolve) => aside = () => resolve("aside"));
    const begun = allowed(line.length <= most ? copied(line) : undefined, aside);
    atWork++;
    leaving = leaving.then(async () => {
      const given = await Promise.race([begun, stepped]);
      atWork--;
      if (given !== "aside") return await leave(given);
      // The others go on; it leaves behind those that came by the time of the answer.
      const later = begun.then((line) => leaving = leaving.then(() => leave(line))).then(() => void waiting.delete(later));
      waiting.add(later);
    });
  }

  async function clientPump(): Promise<void> {
    const feed = lineFeed(most, take, "skip");
    for (;;) {
      const piece = await ports.input.next();
      if (!piece.ok || piece.value === undefined || over) break;
      feed.push(piece.value);
      if (atWork > MOST_AT_WORK) await leaving;
    }
    asking.drop(); // nobody is left who could answer
    // What was not ended by a line break is no frame, and does not pass. A server that does not read holds nobody up.
    await Promise.race([leaving, ports.timer.sleep(QUIET_END)]);
    end("client_closed");
  }

  async function fromServer(given: Line | undefined): Promise<void> {
    const step = given === undefined ? exchange.tooLongFromServer() : exchange.fromServer(given.line);
    switch (step.do) {
      case "pass": {
        if (given === undefined) return;
        if (step.answered === undefined) return await tell(given.whole);
        const { answered, status, frame } = step;
        const passed = await passResult(answered, status, given.line, deciding, frame);
        if (!await notes.passed(answered, passed, given.line)) {
          return await tell(unrecordedLine(answered.id));
        }
        return await tell(passed.line === given.line ? given.whole : copied(passed.line).whole);
      }
      case "drop":
        return await notes.stray("server", step.words, given?.line);
      case "fail":
        if (step.open.length === 0) await notes.stray("server", WHY_NONE[step.status], given?.line);
        return await giveUp(step.open, step.status, given === undefined ? {} : { frame: given.line });
      default:
        return step satisfies never;
    }
  }

  async function serverPump(): Promise<void> {
    const lines: (Line | undefined)[] = [];
    const feed = lineFeed(most, (line) => void lines.push(line.length <= most ? copied(line) : undefined), "skip");
    for (;;) {
      const piece = await peer.read();
      if (piece === undefined) break;
      feed.push(piece);
      for (const line of lines.splice(0)) await fromServer(line);
    }
    end("server_ended");
  }

  const server = serverPump();
  void clientPump();
  void told.then(() => end("signalled"));
  const why = await ending;
  if (why === "client_closed") {
    await Promise.race([peer.finish().then(() => server), ports.timer.sleep(QUIET_END)]);
  }
  await peer.end(TOLD_END);
  await server;
  await leaving;
  await Promise.all(waiting);
  await giveUp(exchange.open(), "unanswered");
  await saying;
  return { why, faults: notes.faults };
}
