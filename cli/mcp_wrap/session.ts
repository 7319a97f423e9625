// A session of `gait mcp wrap` on standard streams, from its start to its seal: what cannot be gated is never started.
import { digestOf } from "../../core/base/digest.ts";
import { envelope } from "../../core/base/envelope.ts";
import type { ExitName } from "../../core/base/errors.ts";
import { lineFeed } from "../../core/base/lines.ts";
import type { Fault } from "../../core/base/result.ts";
import { clientFrame } from "../../core/mcp/frames.ts";
import { sessionLabels } from "../../core/mcp/session_labels.ts";
import { faultLine } from "./call.ts";
import { openGated } from "./gated.ts";
import { inboxOf } from "./inbox.ts";
import { sealLeftovers } from "./leftovers.ts";
import type { WrapPorts } from "./ports.ts";
import { sessionRecords } from "./records.ts";
import { relay } from "./relay.ts";
import { say } from "./say.ts";
import type { WrapSettings } from "./settings.ts";

/** Runs a session to its end, and says how the program ends. */
export async function wrapSession(settings: WrapSettings, ports: WrapPorts): Promise<ExitName> {
  const gated = await openGated(settings, ports);
  if (!gated.ok) return await refuseAll(gated.fault, settings, ports);
  const { boundary, ready, pins, results } = gated.value;
  const told = ports.peer.told(); // first: nobody else would end the program
  const peer = await ports.peer.start(settings.command, { hidden: settings.hidden });
  if (!peer.ok) return await refuseAll({ ...peer.fault, exit: "dependency" }, settings, ports);
  const leftovers = sealLeftovers(settings, ready, ports); // the server takes longer to be there
  const server = { program: settings.command[0] ?? "", command_digest: digestOf(ports.host.crypto, settings.command) };
  const records = sessionRecords(settings, server, ready, ports);
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
  for (const { message } of left) say(message, ports);
  await ports.log.flush();
  const [first] = left;
  return first === undefined ? "ok" : envelope(first).exit;
}

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
  return envelope(fault).exit;
}
