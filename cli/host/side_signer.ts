// A second thread that signs, by a Web Worker: it has the program's permissions and gets the key once, in memory.
import type { SigningKey } from "../../core/base/sign.ts";
import type { SideSigner } from "../../core/ports.ts";

// The bundle holds the thread's program under the same name.
const PROGRAM = import.meta.url.endsWith(".ts") ? "./sign_worker.ts" : "./sign_worker.js";

/** Starts the thread. */
export function sideSigner({ seed, keyId }: SigningKey): SideSigner {
  const worker = new Worker(new URL(PROGRAM, import.meta.url), { type: "module" });
  const { port1: mine, port2: its } = new MessageChannel();
  let waiting: ((lines: Uint8Array | undefined) => void)[] = [];
  let lost = false;
  const lose = (): void => {
    lost = true;
    const all = waiting;
    waiting = [];
    for (const answer of all) answer(undefined);
  };
  worker.addEventListener("error", (event) => {
    event.preventDefault(); // it is answered for: the caller signs in place
    lose();
  });
  mine.addEventListener(
    "message",
    ({ data }: MessageEvent) => waiting.shift()?.(data instanceof Uint8Array ? data : undefined),
  );
  mine.start();
  worker.postMessage({ seed, keyId }, [its]);
  return {
    sign: (texts) =>
      lost ? Promise.resolve(undefined) : new Promise((answer) => {
        waiting.push(answer);
        mine.postMessage(texts); // copied: they are signed here where the thread is lost
      }),
    close() {
      lose();
      mine.close();
      worker.terminate();
    },
  };
}
