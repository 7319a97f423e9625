// Serving from the first line to the last: opened, listening, told to end, every call that came answered, everything on the disk.
import type { ExitName } from "../../core/base/errors.ts";
import { ok, type Result } from "../../core/base/result.ts";
import { safeLine } from "../../core/base/safe_text.ts";
import type { Listener } from "../../core/ports.ts";
import type { Invocation, Records } from "../command.ts";
import { type HttpServer, serveHttp } from "../http/server.ts";
import { jsonLine } from "../render.ts";
import { answering } from "./routes.ts";
import { openService } from "./open.ts";
import type { ServePorts, Service } from "./service.ts";
import { serveSettings, type ServeValues } from "./settings.ts";

/** How long calls that came have to be answered once the server is told to end, and how long traces may take to the disk after that. */
const GRACE = 30_000;
const SETTLING = 5_000;
/** How long it is listened, once the server is told to end, for what has arrived by then. */
const LOOK = 100;

/** Serves until it is told to end. Faults of settings, of what a service opens, and of listening. */
export async function serve(
  values: ServeValues,
  ports: ServePorts,
  { version, json }: Pick<Invocation, "version" | "json">,
): Promise<Result<Records>> {
  const settings = await serveSettings(values, ports, version);
  if (!settings.ok) return settings;
  const opened = await openService(settings.value, ports);
  if (!opened.ok) return opened;
  const { service, ready } = opened.value;
  const listener = await ports.listen.open(settings.value.reach, { alone: settings.value.otlp === "" });
  if (!listener.ok) {
    await service.close(SETTLING);
    return listener;
  }
  const told = ports.listen.told(); // from now on nobody ends it without its knowing
  const server = serveHttp(listener.value, answering(service), { most: settings.value.max_connections }, ports.timer);
  const { policy, adapter, profile } = settings.value.boundary;
  const { address } = listener.value;
  const about = {
    ok: true,
    listen: address,
    policy,
    adapter,
    profile,
    policy_digest: ready.policy_digest,
    key_id: ready.key.keyId,
    key_mode: settings.value.boundary.keys.mode,
  };
  const line = json ? jsonLine(about, ["ok"]) : `${safeLine(`mcp serve: listening on ${address}, policy ${policy}`)}\n`;
  service.log("info", "listening", {
    listen: listener.value.address,
    key_id: ready.key.keyId,
    policy_digest: ready.policy_digest,
  });
  return ok({ records: untilTold(line, { service, server, listener: listener.value, told }) });
}

type Running = {
  readonly service: Service;
  readonly server: HttpServer;
  readonly listener: Listener;
  readonly told: Promise<string>;
};

// Whether somebody reads the one line that is said is no matter.
async function* untilTold(line: string, running: Running): AsyncGenerator<string, Result<ExitName>, boolean> {
  yield line;
  await end(await running.told, running);
  return ok("ok");
}

async function end(signal: string, { service, server }: Running): Promise<void> {
  service.ending = true;
  service.log("info", "ending", { signal, in_flight: service.metrics.inFlight() });
  await server.end(GRACE, LOOK);
  await service.close(SETTLING);
  service.log("info", "ended");
  await service.ports.log.flush();
}
