// The thread of side_signer.ts: it gets a key and a port, and answers each message of texts on that port by the signed lines.
import { signedLines } from "../../core/base/signed_lines.ts";
import { nodeHost } from "../../host/node.ts";

addEventListener("message", (first) => {
  if (!(first instanceof MessageEvent)) return;
  const [port] = first.ports;
  const { seed, keyId } = first.data;
  const sign = nodeHost.crypto.signer(seed);
  port?.addEventListener("message", async ({ data }: MessageEvent) => {
    const lines = await signedLines(nodeHost.crypto, { keyId }, sign, data);
    port.postMessage(lines, [lines.buffer]);
  });
  port?.start();
});
