// The program: the one file that reads the command line and the variables of gait's own, writes the streams and ends the
// process. Everything that not every command uses is loaded when it is wanted; that is what keeps `gait version` quick.
import { utf8 } from "../core/base/bytes.ts";
import { safeLine } from "../core/base/safe_text.ts";
import { trim } from "../core/base/text.ts";
import { PortFault } from "../core/ports.ts";
import { nodeHost } from "../host/node.ts";
import { COMMANDS } from "./commands.gen.ts";
import { denoPorts, NO_ACTING, NO_SERVING, now, platform } from "./host/deno.ts";
import { kept, restrict } from "./power.ts";
import { progressLine } from "./progress.ts";
import { EXIT, numberOf } from "./render.ts";
import { correlationId, type Events, run } from "./run.ts";
import { VERSION } from "./version.ts";

// A compiled program has all power at its start, and to ask whether it has takes 0.2 ms.
const allowed = (what: Deno.PermissionDescriptor): boolean =>
  Deno.build.standalone || Deno.permissions.querySync(what).state === "granted";

// Variables are read before the power to read them is given up; one that may not be read counts as unset.
const own = (variable: string): string | undefined => allowed({ name: "env", variable }) ? Deno.env.get(variable) : undefined;

const home = own(Deno.build.os === "windows" ? "USERPROFILE" : "HOME") || undefined; // an empty one is none

// The running system by the name that it gives itself at its start: a lock whose holder died on it is known as such at once. Where
// the name may not be read, such a lock waits for the end of its time.
function runningSystem(): string {
  if (Deno.build.os !== "linux" || !allowed({ name: "read" })) return "";
  try {
    return Deno.readTextFileSync("/proc/sys/kernel/random/boot_id").replace("\n", "");
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotCapable || thrown instanceof Deno.errors.NotFound) return "";
    throw thrown;
  }
}
let kernel = ""; // read only for commands that take locks, while the program has the power to: afterwards it may not look into /proc
const logs = ["GAIT_ADOPTION_LOG", "GAIT_OPERATIONAL_LOG"].some((name) => trim(own(name) ?? "") !== "");
const notes: string[] = [];

const progress = progressLine({
  terminal: Deno.stderr.isTerminal(),
  write: (text) => void write(Deno.stderr, text),
  milliseconds: () => performance.now(),
});

async function eventLogs(): Promise<Events | undefined> {
  const { commandText, events, settings } = await import("./telemetry.ts");
  const on = settings(own);
  if (on === undefined) return undefined;
  const { appendLocked, rewrite } = await import("./host/log_files.ts");
  const about = {
    command: commandText(Deno.args),
    producer_version: VERSION,
    correlation_id: correlationId(Deno.args, nodeHost.crypto.sha256Text),
    environment: platform(),
  };
  return events(on, about, {
    append: (path, text) => appendLocked(path, text),
    rewrite,
    moment: () => ({ created_at: now(), elapsed_ms: Math.floor(performance.now()) }),
    warn: (line) => void notes.push(`${safeLine(line)}\n`),
  });
}

// Writes all of it. A reader that has gone away is no fault of ours; anything else that keeps the answer back is one.
async function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): Promise<"written" | "gone" | "failed"> {
  const bytes = utf8(text);
  for (let done = 0; done < bytes.length;) {
    try {
      done += stream.writeSync(bytes.subarray(done));
    } catch (thrown) {
      if (thrown instanceof Deno.errors.BrokenPipe) return "gone";
      if (!(thrown instanceof Deno.errors.WouldBlock)) return "failed";
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  return "written";
}

const said = (bytes: Uint8Array): Promise<number> => Deno.stderr.write(bytes);

const printed = (bytes: Uint8Array): Promise<number> => Deno.stdout.write(bytes);

const UNWRITTEN = "cannot write the answer to standard output";

const observed = logs ? await eventLogs() : undefined;
const reply = await run(Deno.args, {
  program: { version: VERSION, commands: COMMANDS },
  colour: Deno.stdout.isTerminal() && (own("NO_COLOR") ?? "") === "",
  sha256Text: nodeHost.crypto.sha256Text,
  async ports(needs) {
    const acts = needs.some((need) => need in NO_ACTING);
    if (!acts) return denoPorts(home, progress, NO_ACTING);
    const serving = needs.some((need) => need in NO_SERVING)
      ? (await import("./host/serving_deno.ts")).denoServing(said)
      : undefined;
    const { denoActing } = await import("./host/deno_acting.ts");
    return denoPorts(home, progress, denoActing(kernel, serving), printed);
  },
  async say(text) {
    const came = await write(Deno.stdout, text);
    if (came === "failed") throw new PortFault({ code: "write_failed", message: UNWRITTEN });
    return came === "written";
  },
  restrict(needs) {
    if (needs.includes("lock") || needs.includes("state")) kernel = runningSystem();
    return restrict(kept(needs, logs), (name) => Deno.permissions.revokeSync({ name }));
  },
  ...(observed === undefined ? {} : { events: observed }),
});
progress.end();
const answered = await write(Deno.stdout, reply.out) !== "failed";
await write(Deno.stderr, `${answered ? "" : `gait: ${UNWRITTEN}\n`}${reply.err ?? ""}${notes.join("")}`);
Deno.exit(answered ? numberOf(reply) : reply.failing ?? EXIT.internal);
