// Run by process_test.ts with all permissions: listens alone, then tries to reach others, and is reached.
import { denoListen } from "../../../cli/host/listen_deno.ts";

const [inner] = [Deno.listen({ hostname: "127.0.0.1", port: 0 })];
const opened = await denoListen.open({ kind: "tcp", host: "127.0.0.1", port: 0 }, { alone: true });
if (!opened.ok) throw new Error(opened.fault.message);
const port = Number(opened.value.address.split(":")[1]);

// The one who calls is another process: this one may not.
const caller = new Deno.Command(Deno.execPath(), {
  args: [
    "eval",
    "--no-lock",
    `const c = await Deno.connect({ hostname: "127.0.0.1", port: ${port} }); await c.read(new Uint8Array(1)); c.close();`,
  ],
}).spawn();
const connection = await opened.value.accept();
await connection?.write(new Uint8Array([1]));
const { success } = await caller.status;

const attempt = async (action: () => unknown): Promise<string> => {
  try {
    await action();
    return "done";
  } catch (thrown) {
    return thrown instanceof Error ? thrown.name : "thrown";
  }
};
const reached = await attempt(() => Deno.connect({ hostname: "127.0.0.1", port: inner.addr.port }));
const listened = await attempt(() => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
await Deno.stdout.write(new TextEncoder().encode(`${success ? "answered" : "not answered"} ${reached} ${listened}\n`));
Deno.exit(0);
