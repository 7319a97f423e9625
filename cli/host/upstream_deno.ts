// A server that gait stands before, by the runtime's own HTTP: it keeps connections, and knows TLS and the certificates of the system.
import { fail, ok, type Result } from "../../core/base/result.ts";
import type { SentRequest, Upstream, UpstreamAnswer } from "../../core/ports.ts";

/** The port. */
export const denoUpstream: Upstream = {
  send({ method, url, headers, body }): SentRequest {
    const control = new AbortController();
    const lost = (words: string) => fail("network_failed", `Cannot reach "${originOf(url)}": ${words}`);
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
    async function ask(): Promise<Result<UpstreamAnswer>> {
      const response = await quietly(() =>
        fetch(url, {
          method,
          // The runtime would take an encoded body apart; asked for none, a server sends it as it is.
          headers: { ...headers, "accept-encoding": "identity" },
          body: body === undefined ? null : new Uint8Array(body),
          redirect: "manual",
          signal: control.signal,
        })
      );
      if (response === undefined) return lost("nobody answers there");
      reader = response.body?.getReader();
      if (control.signal.aborted) leave();
      return ok({
        status: response.status,
        headers: [...response.headers],
        async read() {
          const piece = await quietly(async () => reader === undefined ? { value: undefined } : await reader.read());
          return piece === undefined || control.signal.aborted ? lost("its answer was cut short") : ok(piece.value);
        },
      });
    }
    // To abort alone leaves one waiting who has begun to read at that moment.
    function leave(): void {
      void quietly(async () => await reader?.cancel());
    }
    return {
      answer: ask(),
      close() {
        control.abort();
        leave();
      },
    };
  },
};

// What the runtime says of a network that fails has no stable form: it is told as one thing.
async function quietly<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch {
    return undefined;
  }
}

// What follows the origin may hold secrets.
const originOf = (url: string): string => URL.canParse(url) ? new URL(url).origin : "";
