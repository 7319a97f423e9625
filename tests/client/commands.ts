// Gates of the real commands on a machine in memory: of a program that is run for each call, and of a server.
import { utf8 } from "../../core/base/bytes.ts";
import { serverGate, type ServerRequest } from "../../core/client/server.ts";
import { subprocessGate, type SubprocessSettings } from "../../core/client/subprocess.ts";
import type { Gate } from "../../core/client/types.ts";
import { machine, PRIVATE_KEY, type Setup } from "../cli/commands_world.ts";
import { serving } from "../cli/serve/world.ts";
import { crypto, POLICY, TRUST } from "./world.ts";

/** The timers of the platform. */
export const timers = { AbortController, setTimeout, clearTimeout };

/** A gate of the real command on a machine in memory, a fresh one for each call. */
export const byCommand = (settings: Partial<SubprocessSettings> = {}, setup: Setup = {}): Gate =>
  subprocessGate({
    crypto,
    ...timers,
    async run([, ...argv], stdin) {
      const files = { "policy.yaml": POLICY, "trust.json": TRUST, "key": PRIVATE_KEY, ...setup.files };
      const [code, out] = await machine({ ...setup, files, input: [stdin] }).raw(...argv);
      return { code, stdout: utf8(out) };
    },
  }, { gait: ["gait"], policy: "policy.yaml", ...settings });

type ServeFlags = Parameters<typeof serving>[0];

/** A gate of a server that runs in memory, what it answers in each of its forms, and its end. */
export async function byServer(flags: ServeFlags = {}, more: Readonly<Record<string, string>> = {}) {
  const files = { "policy.yaml": POLICY, "trust.json": TRUST, ...more };
  const world = await serving({ policy: "policy.yaml", ...flags }, { files, env: { TOKEN: "secret" } });
  const send = async (path: string, { headers, body }: Pick<ServerRequest<unknown>, "headers" | "body">): Promise<Response> => {
    const reply = await world.send("POST", path, headers, body);
    return new Response(reply.body, { status: reply.status, headers: [...reply.headers] });
  };
  const fetch = (url: string, request: ServerRequest<unknown>) => send(new URL(url).pathname, request);
  const gate = (token?: string): Gate =>
    serverGate({ crypto, fetch, ...timers }, {
      url: "http://127.0.0.1:8787",
      ...(token === undefined ? {} : { token }),
    });
  return { gate, send, end: world.end };
}
