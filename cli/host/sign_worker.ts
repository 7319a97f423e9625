// The thread of side_signer.ts: it gets a key and a port, and answers each message of texts on that port by the signed lines, in the
// order of the messages.
import { digestSigner } from "../../core/base/sign.ts";
import { signedLines } from "../../core/base/signed_lines.ts";
import { nodeHost } from "../../host/node.ts";

addEventListener("message", (first) => {
  if (!(first instanceof MessageEvent)) return;
  const [port] = first.ports;
  const { crypto } = nodeHost;
  const sign = digestSigner(crypto, first.data);
  let before = Promise.resolve();
  port?.addEventListener("message", ({ data }: MessageEvent) => {
    // One after the other: messages that have waited together come in together, and a shorter one would be done first.
    before = before.then(async () => {
      const lines = await signedLines(crypto, sign, data);
      port.postMessage(lines, [lines.buffer]);
    });
  });
  port?.start();
});
