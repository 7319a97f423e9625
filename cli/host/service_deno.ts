// What a service says to those who operate it, on a real machine: lines on standard error, and documents sent to other machines.
import { concatBytes, utf8 } from "../../core/base/bytes.ts";
import { fail, ok } from "../../core/base/result.ts";
import type { Log, Net } from "../../core/ports.ts";
import { errnoOf } from "./errno.ts";

/** How many bytes of lines wait at most for somebody who reads slowly. */
const MOST_WAITING = 2 ** 20;

/** How long the last lines are waited for, in milliseconds. */
const PATIENCE = 500;

/** Lines by the way to standard error. A reader that does not read holds nothing up: what does not fit is dropped and counted. */
export function denoLog(write: (bytes: Uint8Array) => Promise<number>): Log {
  let waiting: string[] = [];
  let size = 0;
  let lost = 0;
  let writing: Promise<void> | undefined;

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const bytes = utf8(waiting.join(""));
      waiting = [];
      try {
        for (let done = 0; done < bytes.length;) done += await write(bytes.subarray(done));
      } catch (thrown) {
        errnoOf(thrown); // nobody reads it any more
        lost++;
      }
      size -= bytes.length;
    }
    writing = undefined;
  }

  return {
    line(text) {
      const bytes = 3 * text.length + 1;
      if (size + bytes > MOST_WAITING) {
        lost++;
        return;
      }
      const line = `${text}\n`;
      waiting.push(line);
      size += utf8(line).length;
      writing ??= work();
    },
    dropped: () => lost,
    async flush() {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((resolve) => timer = setTimeout(resolve, PATIENCE));
      await Promise.race([writing ?? Promise.resolve(), late]);
      clearTimeout(timer);
    },
  };
}

/** Sending to other machines, without following them anywhere else. */
export const denoNet: Net = {
  async post(url, body, headers, milliseconds) {
    try {
      const answer = await fetch(url, {
        method: "POST",
        body: Uint8Array.from(body),
        headers,
        redirect: "manual",
        signal: AbortSignal.timeout(milliseconds),
      });
      return ok({ status: answer.status, body: await beginning(answer) });
    } catch (thrown) {
      const why = thrown instanceof DOMException && thrown.name === "TimeoutError"
        ? "it took too long"
        : "nobody answers there";
      return fail("network_failed", `Cannot send to "${url}": ${why}`);
    }
  },
};

const MOST_SAID = 2 ** 16;

/** How long the rest of an answer is waited for whose status is there, in milliseconds. */
const SAID_BY = 1_000;

// What came of a body that breaks off, or does not come, says less, but the status stands. Of a refusal nobody reads more.
async function beginning({ ok, body }: Response): Promise<Uint8Array> {
  if (!ok || body === null) {
    await body?.cancel();
    return new Uint8Array();
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = body.getReader();
  const late = setTimeout(() => void reader.cancel().catch(() => {}), SAID_BY); // what is waited for is then the end
  try {
    for (let next = await reader.read(); next.value !== undefined; next = await reader.read()) {
      pieces.push(next.value.subarray(0, MOST_SAID - length));
      length += next.value.length;
      if (length >= MOST_SAID) break;
    }
    await reader.cancel();
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown;
  } finally {
    clearTimeout(late);
  }
  return concatBytes(pieces);
}
