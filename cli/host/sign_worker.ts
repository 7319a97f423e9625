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
  // This host signs without waiting, so that what came first is answered first also where messages have waited together.
  port?.addEventListener("message", async ({ data }: MessageEvent) => {
    const lines = await signedLines(crypto, sign, data);
    port.postMessage(lines, [lines.buffer]);
  });
  port?.start();
});
