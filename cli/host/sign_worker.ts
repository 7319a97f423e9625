// The thread of side_signer.ts: it gets a seed and a port, and answers each message of digests on that port by their signatures.
import { nodeHost } from "../../host/node.ts";
import { signAll } from "../../core/base/sign_many.ts";

addEventListener("message", (first) => {
  if (!(first instanceof MessageEvent)) return;
  const [port] = first.ports;
  const sign = nodeHost.crypto.signer(first.data);
  port?.addEventListener("message", async ({ data }: MessageEvent) => port.postMessage(await signAll(sign, data)));
  port?.start();
});
