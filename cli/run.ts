// One invocation from its words to its output and exit, on whatever host it is given: the driver that `main.ts` calls on
// the real machine and the tests in memory. It alone catches what is thrown: a throw is a bug.
import type { ExitName } from "../core/base/errors.ts";
import { lazy } from "../core/base/lazy.ts";
import { type Fault, ok, type Result } from "../core/base/result.ts";
import { safeLine } from "../core/base/safe_text.ts";
import { trim } from "../core/base/text.ts";
import { PortFault, type Ports } from "../core/ports.ts";
import { allOf, type OwnDocument, type Program, type Records, refusalOf } from "./command.ts";
import { wantsJson } from "./flags.ts";
import { jsonLine, renderAnswer, type Rendered, renderFault, type View } from "./render.ts";
import { type Plan, route } from "./route.ts";

/** The event logs around one invocation. They never fail the command: what goes wrong with them stays with them. */
export interface Events {
  start(): Promise<void>;
  /** `code` is the number that the program ends with where another program gave it. */
  end(exit: ExitName, code?: number): Promise<void>;
}

/** What an invocation needs of the outside. */
export type World = {
  readonly program: Program;
  /** Whether stdout is a terminal that wants colour. */
  readonly colour: boolean;
  /** SHA-256 of a text, in lowercase hex. */
  sha256Text(text: string): string;
  /** The ports, made when a command is about to run. */
  ports(needs: readonly (keyof Ports)[]): Promise<Ports>;
  /** Writes to stdout at once; false when nobody reads it any more. Throws `PortFault` when it cannot be written. */
  say(text: string): Promise<boolean>;
  /** Gives up, for good, all power that `needs` does not ask for. A fault where the host does not obey. */
  restrict(needs: readonly (keyof Ports)[]): Result<void>;
  readonly events?: Events;
};

/** What to write and how to end; `err` is for stderr: the trace of a bug, or words beside a document that is all of stdout. */
export type Reply = Rendered & { readonly err?: string };

/** Runs one command line (the arguments without the program's name). Never throws. */
export async function run(argv: readonly string[], world: World): Promise<Reply> {
  const id = lazy(() => correlationId(argv, world.sha256Text));
  const viewAs = (json: boolean): View => ({ json, colour: world.colour, correlation_id: json ? id() : "" });
  let view: View = { json: wantsJson(argv), colour: world.colour, correlation_id: "" };
  let reply: Reply;
  let refusing: number | undefined; // the one exit code of whatever is not well
  let silent = false; // whether standard output is somebody else's
  let spoken = false; // whether the command, or its document, had the last word
  try {
    view = viewAs(view.json);
    const plan = await route(argv, world.program);
    const document = plan.kind === "run" ? plan.command.document : plan.kind === "refuse" ? plan.document : undefined;
    refusing = document?.code;
    silent = (plan.kind === "run" ? plan.command.silent : plan.kind === "refuse" ? plan.silent : undefined) === true;
    if (plan.json !== view.json) view = viewAs(plan.json);
    if (document !== undefined) await import("./own_document.ts"); // from source it may not be there to be read afterwards
    const power = world.restrict(plan.kind === "run" ? plan.command.needed(plan.values) : []); // its module is loaded, no input is read
    await world.events?.start();
    reply = power.ok ? await perform(plan, id, world, view) : renderFault("gait", power.fault, view);
    spoken = power.ok;
  } catch (thrown) {
    reply = thrown instanceof PortFault ? renderFault("gait", thrown.fault, view) : bugReply(thrown, view);
  }
  if (refusing !== undefined) reply = refused(reply, refusing, spoken);
  if (silent && reply.exit !== "ok") reply = { ...reply, out: "", err: `${reply.out}${reply.err ?? ""}` };
  await world.events?.end(reply.exit, reply.code);
  return reply;
}

function refused(reply: Reply, code: number, spoken: boolean): Reply {
  if (reply.exit === "ok") return { ...reply, failing: code };
  return { ...reply, ...(spoken ? {} : { out: "", err: `${reply.out}${reply.err ?? ""}` }), code, failing: code };
}

/** 24 hex digits, the same for the same command line (spec 01, section 3.3); the program counts as `gait`. */
export const correlationId = (argv: readonly string[], sha256Text: World["sha256Text"]): string =>
  sha256Text(["gait", ...argv].map(trim).join("\x1f")).slice(0, 24);

async function perform(plan: Plan, id: () => string, world: World, view: View): Promise<Reply> {
  switch (plan.kind) {
    case "run": {
      const { command, values } = plan;
      const name = command.path.join(" ");
      const invocation = { ...world.program, json: view.json, correlationId: id };
      const result = await command.execute(values, await world.ports(command.needs), invocation);
      const { document, verdict = false } = command;
      if (!result.ok && document !== undefined) return await ownRefusal(name, result.fault, document, world, view);
      if (!result.ok) return renderFault(name, result.fault, view, refusalOf(command, []), command.refusalAlways);
      if (document !== undefined && !("records" in result.value)) {
        return (await import("./own_document.ts")).ownAnswer(name, result.value, view, verdict, document);
      }
      return "records" in result.value
        ? await sayAll(name, result.value, world, { ...view, json: true, correlation_id: id() })
        : renderAnswer(name, result.value, view, verdict);
    }
    case "explain":
      return say("explain", [plan.sentence], view);
    case "help": {
      const { usageOf, usageOfGroup } = await import("./help.ts");
      const commands = allOf(world.program.commands);
      const { command, group } = plan;
      return say("usage", command === undefined ? usageOfGroup(group, commands) : usageOf(command, commands), view);
    }
    case "refuse": {
      const { name, fault, usage, extra, always, document } = plan;
      if (document !== undefined) return await ownRefusal(name, fault, document, world, view);
      const refusal = renderFault(name, fault, view, extra, always);
      if (view.json || usage === undefined) return refusal;
      const { usageOf, usageOfGroup } = await import("./help.ts");
      const commands = allOf(world.program.commands);
      const lines = "flags" in usage ? usageOf(usage, commands) : usageOfGroup(usage, commands);
      return { ...refusal, out: `${refusal.out}\n${lines.join("\n")}\n` };
    }
    default:
      return never(plan);
  }
}

const ownRefusal = async (name: string, fault: Fault, document: OwnDocument, world: World, view: View): Promise<Reply> =>
  (await import("./own_document.ts")).ownFault(name, fault, view, document, world.program.version);

// The next record is asked for when the last one is written, so a slow reader slows the work down and nothing piles up.
async function sayAll(name: string, { records }: Records, { say }: World, view: View): Promise<Reply> {
  try {
    let next = await records.next(true);
    while (next.done !== true) next = await records.next(await say(next.value));
    return next.value.ok ? { exit: next.value.value, out: "" } : renderFault(name, next.value.fault, view);
  } finally {
    await records.return(ok("internal")); // it closes what it has open; does nothing after the end
  }
}

const say = (member: string, lines: readonly string[], { json, correlation_id }: View): Reply => ({
  exit: "ok",
  out: json ? jsonLine({ ok: true, [member]: lines.join("\n"), correlation_id }, []) : `${lines.join("\n")}\n`,
});

const bugReply = (bug: unknown, view: View): Reply => {
  const words = bug instanceof Error ? `${bug.name}: ${bug.message}` : String(bug);
  const fault: Fault = { code: "internal", message: `Cannot finish the command: a bug in gait (${words})` };
  const trace = bug instanceof Error ? bug.stack ?? "" : "";
  return { ...renderFault("gait", fault, view), err: trace.split("\n").map((line) => `${safeLine(line)}\n`).join("") };
};

const never = (plan: never): never => {
  throw new Error(`unknown plan: ${JSON.stringify(plan)}`);
};
