// A gate before a server of Streamable HTTP, from its start to its end: what cannot be gated is refused before anybody is answered.
import { ERRORS, type ExitName } from "../../../core/base/errors.ts";
import { type Fault, ok, type Result } from "../../../core/base/result.ts";
import type { Listener } from "../../../core/ports.ts";
import { openBoundary } from "../../boundary.ts";
import type { Records } from "../../command.ts";
import { LIMITS } from "../../http/connection.ts";
import { type HttpServer, serveHttp } from "../../http/server.ts";
import { watchBy } from "../../http/watch.ts";
import { safeLine } from "../../safe_text.ts";
import { sealLeftovers } from "../leftovers.ts";
import { pinsOf } from "../pins.ts";
import { resultGate } from "../result_gate.ts";
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
  const boundary = openBoundary(settings.boundary, ports);
  const ready = await boundary.ready();
  if (!ready.ok) return ready;
  const [pins, results] = [pinsOf(settings, ports), resultGate(settings, ports)];
  const pinned = await pins.ready();
  if (!pinned.ok) return pinned;
  const ruled = await results.ready();
  if (!ruled.ok) return ruled;
  const listener = await ports.listen.open(place.reach, { alone: false });
  if (!listener.ok) return listener;
  const told = ports.listen.told(); // from now on nobody ends it without its knowing
  const watch = watchBy(ports.timer);
  const sweeping = watch.run();
  const gate = openGate({ settings, place, ports, boundary, ready: ready.value, pins, results, watch });
  // How long an answer may take is told by --call-timeout, and by the client.
  const limits = { ...LIMITS, answer: Infinity };
  const server = serveHttp(listener.value, answering(gate), { most: MOST_CONNECTIONS, limits }, ports.timer);
  const { origin, path } = place.upstream;
  say(`listening on ${listener.value.address}, before ${origin}${path}`, ports);
  const leftovers = sealLeftovers(settings, ready.value, ports);
  const stopped = async (): Promise<ExitName> => {
    await told;
    const exit = await end(gate, listener.value, server);
    watch.stop();
    await Promise.all([sweeping, leftovers]);
    await ports.log.flush();
    return exit;
  };
  return ok({ records: untilTold(stopped) });
}

async function* untilTold(stopped: () => Promise<ExitName>): Records["records"] {
  yield* [];
  return ok(await stopped());
}

const say = (words: string, { log }: Pick<GatePorts, "log">): void => log.line(safeLine(`gait mcp wrap: ${words}`));

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
  const [first]: readonly Fault[] = faults;
  return first === undefined ? "ok" : first.exit ?? ERRORS[first.code].exit;
}
