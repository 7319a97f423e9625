// A gate before a server of Streamable HTTP, from its start to its end: what cannot be gated is refused before anybody is answered.
import { envelope } from "../../../core/base/envelope.ts";
import type { ExitName } from "../../../core/base/errors.ts";
import { ok, type Result } from "../../../core/base/result.ts";
import type { Listener } from "../../../core/ports.ts";
import { type Records, silently } from "../../command.ts";
import { LIMITS } from "../../http/connection.ts";
import { type HttpServer, serveHttp } from "../../http/server.ts";
import { watchBy } from "../../http/watch.ts";
import { openGated } from "../gated.ts";
import { sealLeftovers } from "../leftovers.ts";
import { say } from "../say.ts";
import type { WrapSettings } from "../settings.ts";
import { type Gate, type GatePorts, openGate } from "./gate.ts";
import type { Place } from "./place.ts";
import { answering } from "./route.ts";

/** How long what is asked may take once the gate is told to end, and how long answers may take to those who are told then. */
const GRACE = 2_000;
const TELLING = 2_000;

/** The most connections at a time. */
const MOST_CONNECTIONS = 16_384;

/** Gates until it is told to end. Faults of what calls are decided with, and of listening. */
export async function wrapServer(settings: WrapSettings, place: Place, ports: GatePorts): Promise<Result<Records>> {
  const gated = await openGated(settings, ports);
  if (!gated.ok) return gated;
  const listener = await ports.listen.open(place.reach, { alone: false });
  if (!listener.ok) return listener;
  const told = ports.listen.told(); // from now on nobody ends it without its knowing
  const watch = watchBy(ports.timer);
  const sweeping = watch.run();
  const gate = openGate({ ...gated.value, settings, place, ports, watch });
  // How long an answer may take is told by --call-timeout, and by the client.
  const limits = { ...LIMITS, answer: Infinity };
  const server = serveHttp(listener.value, answering(gate), { most: MOST_CONNECTIONS, limits }, ports.timer);
  const { origin, path } = place.upstream;
  say(`listening on ${listener.value.address}, before ${origin}${path}`, ports);
  const leftovers = sealLeftovers(settings, gated.value.ready, ports);
  return ok(silently(async () => {
    await told;
    const exit = await end(gate, listener.value, server);
    watch.stop();
    await Promise.all([sweeping, leftovers]);
    await ports.log.flush();
    return exit;
  }));
}

async function end(gate: Gate, listener: Listener, server: HttpServer): Promise<ExitName> {
  const { ports } = gate;
  gate.ending = true;
  listener.close();
  for (const { works } of gate.all()) works.stop("endless");
  await Promise.race([Promise.all(gate.all().map(({ works }) => works.idle())), ports.timer.sleep(GRACE)]);
  for (const { works } of gate.all()) works.stop("all");
  await server.end(TELLING);
  const faults = await gate.end();
  for (const { message } of faults) say(message, ports);
  const [first] = faults;
  return first === undefined ? "ok" : envelope(first).exit;
}
