// A session of `gait mcp wrap` on standard streams, from its start to its seal: what cannot be gated is never started.
import { hex, utf8 } from "../../core/base/bytes.ts";
import { ERRORS, type ExitName } from "../../core/base/errors.ts";
import { digestOf } from "../../core/base/digest.ts";
import { publicKeyText } from "../../core/base/keys.ts";
import { lineFeed } from "../../core/base/lines.ts";
import { joinPath } from "../../core/base/paths.ts";
import type { Fault } from "../../core/base/result.ts";
import { stampOf } from "../../core/flow/boundary_names.ts";
import { clientFrame } from "../../core/mcp/frames.ts";
import { VERSION_1 } from "../../core/schema/heading.ts";
import { WRAP_SESSION_ID } from "../../core/schema/wrap_session.ts";
import { type BoundaryReady, openBoundary } from "../boundary.ts";
import { safeLine } from "../safe_text.ts";
import { faultLine } from "./call.ts";
import { wrapJournal } from "./journal.ts";
import { pinsOf } from "./pins.ts";
import type { WrapPorts } from "./ports.ts";
import { relay } from "./relay.ts";
import { sealSession } from "./seal.ts";
import type { WrapSettings } from "./settings.ts";

/** Runs a session to its end, and says how the program ends. */
export async function wrapSession(settings: WrapSettings, ports: WrapPorts): Promise<ExitName> {
  const boundary = openBoundary(settings.boundary, ports);
  const ready = await boundary.ready();
  if (!ready.ok) return await refuseAll(ready.fault, settings, ports);
  const pins = pinsOf(settings, ports);
  const pinned = await pins.ready();
  if (!pinned.ok) return await refuseAll(pinned.fault, settings, ports);
  const told = ports.peer.told(); // first: nobody else would end the program
  const peer = await ports.peer.start(settings.command, { hidden: settings.hidden });
  if (!peer.ok) return await refuseAll({ ...peer.fault, exit: "dependency" }, settings, ports);
  const made_at = ports.clock.now();
  const plain = settings.server_name.replace(/[^A-Za-z0-9_-]+/g, "_").slice(0, 40) || "mcp";
  const session_id = `wrap_${plain}_${stampOf(made_at).replace(".", "_")}_${hex(ports.random.bytes(6))}`;
  const folder = joinPath(settings.session_dir, session_id);
  const journal = wrapJournal(folder, {
    schema_id: WRAP_SESSION_ID,
    schema_version: VERSION_1,
    created_at: made_at,
    producer_version: settings.boundary.version,
    session_id,
    server_name: settings.server_name,
    program: settings.command[0] ?? "",
    command_digest: digestOf(ports.host.crypto, settings.command),
    policy: settings.boundary.policy,
    key_id: ready.value.key.keyId,
  }, ports);
  const { why, faults, calls } = await relay({ settings, session_id, boundary, pins, journal, ports }, peer.value, told);

  const left: Fault[] = [...faults];
  if (journal.begun()) {
    const ended = await journal.append({ record_type: "end", end: { why, calls } }, "disk");
    await journal.close();
    const sealed = ended.ok ? await seal(folder, settings, ready.value, ports) : ended.fault;
    if (sealed !== undefined) left.push(sealed);
  }
  if (why === "server_ended") {
    left.push({
      code: "process_failed",
      message: `Cannot go on: "${settings.command[0]}" ended by itself`,
      exit: "dependency",
    });
  }
  for (const fault of left) say(fault.message, ports);
  await ports.log.flush();
  const [first] = left;
  return first === undefined ? "ok" : first.exit ?? ERRORS[first.code].exit;
}

const say = (words: string, { log }: Pick<WrapPorts, "log">): void => log.line(safeLine(`gait mcp wrap: ${words}`));

// A key that was made for this run is gone with it: its public half stays, or nobody could check the seal.
async function seal(folder: string, { boundary: { version } }: WrapSettings, { key, dev }: BoundaryReady, ports: WrapPorts) {
  const sealed = await sealSession(folder, version, key, ports);
  if (!sealed.ok) return sealed.fault;
  say(`session sealed: ${sealed.value}`, ports);
  if (!dev) return undefined;
  const written = await ports.store.write(joinPath(folder, "signer.pub"), utf8(publicKeyText(key)), "replace");
  return written.ok ? undefined : written.fault;
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
  return fault.exit ?? ERRORS[fault.code].exit;
}
