// `gait regress serve`: a recording is played back to one client on standard streams, until it ends; what it came to is told on standard
// error, by a report and by the exit code.
import { envelope } from "../core/base/envelope.ts";
import type { ExitName } from "../core/base/errors.ts";
import { lineFeed } from "../core/base/lines.ts";
import { type Fault, ok, type Result } from "../core/base/result.ts";
import { safeLine } from "../core/base/safe_text.ts";
import { playable, type PlayedServer, playedServer } from "../core/flow/regress_serve.ts";
import { type Answering, refusing } from "../core/mcp/answering.ts";
import { LOCK_LIMIT, readLock } from "../core/mcp/lock.ts";
import { type Bodies, readBodies } from "../core/regress/serve_bodies.ts";
import type { PlayOrder } from "../core/regress/serve_play.ts";
import { divergenceLines, endLines, lackLines, passes, playbackBytes, type Playing } from "../core/regress/serve_report.ts";
import type { McpLock } from "../core/schema/mcp_lock.ts";
import type { Ports } from "../core/ports.ts";
import { checkOutputs, takenBy } from "./output_paths.ts";
import { regressSource } from "./regress_source.ts";
import { RUNPACK_LIMIT } from "./regress_suite.ts";
import { resolveRunpack } from "./runpacks.ts";

/** What is to be played; blank paths are none. */
export type ServeValues = {
  readonly from: string;
  readonly checkpoint: string;
  readonly order: PlayOrder;
  readonly results: string;
  readonly lock: string;
  readonly report: string;
};

/** The ports that it takes. */
export const SERVE_NEEDS = ["files", "store", "input", "output", "log", "machine", "host"] as const;

type ServePorts = Pick<Ports, typeof SERVE_NEEDS[number]>;

/** Most bytes of a line; a longer one is refused. */
const MOST_LINE = 64 * 2 ** 20;

type Ready = { readonly playing: Playing; readonly server: PlayedServer; readonly warnings: readonly string[] };

/** Plays a recording to its client, and says how the program ends. */
export async function serveRecording(values: ServeValues, ports: ServePorts, version: string): Promise<ExitName> {
  const say = (lines: readonly string[]): void => {
    for (const line of lines) ports.log.line(safeLine(`gait regress serve: ${line}`));
  };
  const ready = await open(values, ports, version);
  if (!ready.ok) {
    const { fault } = ready;
    say([fault.message]);
    const { exit, members: { remedy } } = envelope(fault);
    await converse(refusing(`gait: ${fault.message}`, { fault: fault.code, remedy }), ports);
    await ports.log.flush();
    return exit;
  }
  const { playing, server, warnings } = ready.value;
  say(warnings);
  say(lackLines(playing.recording));
  let told = 0;
  let unwritten: Fault | undefined;
  const save = async (ended: boolean): Promise<void> => {
    if (values.report === "" || !server.begun()) return;
    const written = await ports.store.write(values.report, playbackBytes(playing, server.state(), ended), "replace");
    unwritten = written.ok ? undefined : written.fault;
  };
  let calls = -1;
  await converse(server, ports, async () => {
    const progress = server.progress();
    say(progress.divergences.slice(told).flatMap(divergenceLines));
    told = progress.divergences.length;
    // Some clients kill the server that they are done with: what it came to so far is then there.
    if (calls !== progress.calls) await save(false);
    calls = progress.calls;
  });
  await save(true);
  const state = server.state();
  if (server.begun()) say(endLines(playing, state));
  if (unwritten !== undefined) say([unwritten.message]);
  await ports.log.flush();
  if (unwritten !== undefined) return envelope(unwritten).exit;
  return !server.begun() || passes(state, values.order) ? "ok" : "regression";
}

/** Answers a client until it ends; `after` is done when what has come at once is answered. */
async function converse(
  server: Answering,
  { input, output }: Pick<Ports, "input" | "output">,
  after: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const answers: Uint8Array[] = [];
  const feed = lineFeed(MOST_LINE, (line) => {
    const answer = line.length > MOST_LINE ? server.tooLong() : server.answer(line);
    if (answer !== undefined) answers.push(answer);
  }, "skip");
  for (;;) {
    const piece = await input.next();
    if (!piece.ok || piece.value === undefined) return; // what no line break has ended is no frame
    feed.push(piece.value);
    for (const answer of answers.splice(0)) if (!await output.write(answer)) return;
    await after();
  }
}

async function open(values: ServeValues, ports: ServePorts, version: string): Promise<Result<Ready>> {
  const { from, checkpoint, order, results } = values;
  const { host: { crypto } } = ports;
  const source = await regressSource(from, checkpoint, ports);
  if (!source.ok) return source;
  const bodies = await bodiesAt(results, ports);
  if (!bodies.ok) return bodies;
  const lock = await lockAt(values.lock, ports);
  if (!lock.ok) return lock;
  const apart = await checkReport(values, ports);
  if (!apart.ok) return apart;
  const recording = playable(crypto, source.value.run, bodies.value);
  if (!recording.ok) return recording;
  const playing: Playing = { recording: recording.value, name: from, order, version };
  const server = playedServer(crypto, recording.value, { order, lock: lock.value, version });
  return ok({ playing, server, warnings: source.value.warnings });
}

async function checkReport({ from, results, lock, report }: ServeValues, ports: ServePorts): Promise<Result<void>> {
  if (report === "") return ok(undefined);
  const path = await resolveRunpack(from, ports);
  if (!path.ok) return path;
  const taken = await takenBy({ read: [path.value, results, lock], shared: [] }, ports.files);
  return await checkOutputs([["the report", report]], taken, ports.files);
}

async function bodiesAt(path: string, { files, host }: ServePorts): Promise<Result<Bodies>> {
  if (path === "") return ok(new Map());
  const bytes = await files.read(path, RUNPACK_LIMIT);
  return bytes.ok ? readBodies(host.crypto, bytes.value, path) : bytes;
}

async function lockAt(path: string, { files, host }: ServePorts): Promise<Result<McpLock | undefined>> {
  if (path === "") return ok(undefined);
  const bytes = await files.read(path, LOCK_LIMIT);
  return bytes.ok ? readLock(host.crypto, bytes.value, path) : bytes;
}
