// A session of `gait mcp wrap` on standard streams, from its start to its seal: what cannot be gated is never started.
import { ERRORS, type ExitName } from "../../core/base/errors.ts";
import { digestOf } from "../../core/base/digest.ts";
import { lineFeed } from "../../core/base/lines.ts";
import type { Fault } from "../../core/base/result.ts";
import { clientFrame } from "../../core/mcp/frames.ts";
import { sessionLabels } from "../../core/mcp/session_labels.ts";
import { openBoundary } from "../boundary.ts";
import { safeLine } from "../safe_text.ts";
import { faultLine } from "./call.ts";
import { inboxOf } from "./inbox.ts";
import { sealLeftovers } from "./leftovers.ts";
import { pinsOf } from "./pins.ts";
import type { WrapPorts } from "./ports.ts";
import { sessionRecords } from "./records.ts";
import { relay } from "./relay.ts";
import { resultGate } from "./result_gate.ts";
import type { WrapSettings } from "./settings.ts";

/** Runs a session to its end, and says how the program ends. */
export async function wrapSession(settings: WrapSettings, ports: WrapPorts): Promise<ExitName> {
  const boundary = openBoundary(settings.boundary, ports);
  const ready = await boundary.ready();
  if (!ready.ok) return await refuseAll(ready.fault, settings, ports);
  const pins = pinsOf(settings, ports);
  const pinned = await pins.ready();
  if (!pinned.ok) return await refuseAll(pinned.fault, settings, ports);
  const results = resultGate(settings, ports);
  const ruled = await results.ready();
  if (!ruled.ok) return await refuseAll(ruled.fault, settings, ports);
  const told = ports.peer.told(); // first: nobody else would end the program
  const peer = await ports.peer.start(settings.command, { hidden: settings.hidden });
  if (!peer.ok) return await refuseAll({ ...peer.fault, exit: "dependency" }, settings, ports);
  const leftovers = sealLeftovers(settings, ready.value, ports); // the server takes longer to be there
  const server = { program: settings.command[0] ?? "", command_digest: digestOf(ports.host.crypto, settings.command) };
  const records = sessionRecords(settings, server, ready.value, ports);
  const { session_id, journal } = records;
  const deciding = {
    settings,
    session_id,
    boundary,
    pins,
    inbox: inboxOf(settings, ports),
    results,
    labels: sessionLabels(),
    journal,
    ports,
  };
  const { why, faults } = await relay(deciding, peer.value, told);

  const left: Fault[] = [...faults];
  const sealed = await records.end(why);
  if (!sealed.ok) left.push(sealed.fault);
  else if (sealed.value !== "") say(`session sealed: ${sealed.value}`, ports);
  if (why === "server_ended") {
    left.push({
      code: "process_failed",
      message: `Cannot go on: "${settings.command[0]}" ended by itself`,
      exit: "dependency",
    });
  }
  await leftovers;
  for (const fault of left) say(fault.message, ports);
  await ports.log.flush();
  const [first] = left;
  return first === undefined ? "ok" : first.exit ?? ERRORS[first.code].exit;
}

const say = (words: string, { log }: Pick<WrapPorts, "log">): void => log.line(safeLine(`gait mcp wrap: ${words}`));

// Nothing can be gated: whoever asks first is told so, in the form of the protocol, and nothing was started.
async function refuseAll(fault: Fault, { most }: WrapSettings, ports: WrapPorts): Promise<ExitName> {
  say(fault.message, ports);
  let told = false;
  const lines: Uint8Array[] = [];
  const feed = lineFeed(most, (line) => void lines.push(line.slice()), "skip");
  while (!told) {
    const piece = await ports.input.next();
    if (!piece.ok || piece.value === undefined) break;
    feed.push(piece.value);
    for (const line of lines.splice(0)) {
      const frame = clientFrame(line);
      if (frame.kind !== "request") continue;
      await ports.output.write(faultLine(frame.id, fault));
      told = true;
    }
  }
  await ports.log.flush();
  return fault.exit ?? ERRORS[fault.code].exit;
}
