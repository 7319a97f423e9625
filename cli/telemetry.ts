// The event logs of spec 01, section 3.4: which events one invocation writes, and what stands in them. Pure but for the two
// ways to write that are handed in. A log that cannot be written never changes how the command ends.
import { masked } from "./secrets.ts";
import type { ExitName } from "../core/base/errors.ts";
import { trim } from "../core/base/text.ts";
import { categoryOf, EXIT } from "./render.ts";
import type { Events } from "./run.ts";

/** The variables that switch logs on. */
export const VARIABLES = [
  "GAIT_ADOPTION_LOG",
  "GAIT_ADOPTION_WORKFLOW",
  "GAIT_OPERATIONAL_LOG",
  "GAIT_TELEMETRY_HEALTH_PATH",
  "GAIT_TELEMETRY_WARN",
] as const;

/** Their values, trimmed; empty when unset. */
export type Settings = Readonly<Record<typeof VARIABLES[number], string>>;

/** Reads the settings; undefined when no log is on. */
export function settings(get: (name: string) => string | undefined): Settings | undefined {
  const of = (name: typeof VARIABLES[number]): string => trim(get(name) ?? "");
  if (of("GAIT_ADOPTION_LOG") === "" && of("GAIT_OPERATIONAL_LOG") === "") return undefined;
  return {
    GAIT_ADOPTION_LOG: of("GAIT_ADOPTION_LOG"),
    GAIT_ADOPTION_WORKFLOW: of("GAIT_ADOPTION_WORKFLOW"),
    GAIT_OPERATIONAL_LOG: of("GAIT_OPERATIONAL_LOG"),
    GAIT_TELEMETRY_HEALTH_PATH: of("GAIT_TELEMETRY_HEALTH_PATH"),
    GAIT_TELEMETRY_WARN: of("GAIT_TELEMETRY_WARN"),
  };
}

const GROUPS = new Set(
  ("approve-script capture check contract enforce gate init keys list-scripts policy regress run job pack report scout guard " +
    "incident registry gateway mcp voice doctor delegate test ui").split(" "),
);

const SPELLINGS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["-v", "--v", "-version", "--version"].map((word) => [word, "version"])),
  ...Object.fromEntries(["-h", "--h", "-help", "--help"].map((word) => [word, "help"])),
  "--explain": "explain",
};

/** How the logs name the command of a command line: one word, or two for the groups that the spec lists. */
export function commandText(argv: readonly string[]): string {
  if (argv.length === 0) return "version";
  const [first = "", second = ""] = argv.map((word) => masked(trim(word)));
  if (Object.hasOwn(SPELLINGS, first)) return SPELLINGS[first] ?? first;
  if (first === "") return "unknown"; // a blank name is no name
  return GROUPS.has(first) && second !== "" && !second.startsWith("-") ? `${first} ${second}` : first;
}

/** What all events of an invocation share. */
export type Invocation = {
  readonly command: string;
  readonly producer_version: string;
  readonly correlation_id: string;
  readonly environment: { readonly os: string; readonly arch: string };
};

/** When an event happened, and how long after the start of the program in whole milliseconds. */
export type Moment = { readonly created_at: string; readonly elapsed_ms: number };

const MILESTONES: Readonly<Record<string, readonly string[]>> = {
  "demo": ["A1"],
  "verify": ["A2"],
  "regress init": ["A3"],
  "regress run": ["A4"],
  // They do the same as the commands above, one after the other.
  "regress bootstrap": ["A3", "A4"],
  "tour": ["A1", "A2", "A3", "A4"],
};

/** The adoption event of an invocation that ended so; `code` is the number, where another program gave it. */
export function adoptionEvent(
  about: Invocation,
  workflow: string,
  exit: ExitName,
  { created_at, elapsed_ms }: Moment,
  code: number = EXIT[exit],
) {
  const milestones = exit === "ok" ? MILESTONES[about.command] : undefined;
  return {
    schema_id: "gait.scout.adoption_event",
    schema_version: "1.0.0",
    created_at,
    producer_version: about.producer_version,
    command: about.command,
    ...(workflow === "" ? {} : { workflow_id: workflow }),
    success: exit === "ok",
    exit_code: code,
    elapsed_ms,
    ...(milestones === undefined ? {} : { milestones }),
    environment: about.environment,
  };
}

/** The operational event of a start (`exit` undefined) or an end. */
export function operationalEvent(
  about: Invocation,
  exit: ExitName | undefined,
  { created_at, elapsed_ms }: Moment,
  code: number = EXIT[exit ?? "ok"],
) {
  const category = categoryOf(exit ?? "ok");
  return {
    schema_id: "gait.scout.operational_event",
    schema_version: "1.0.0",
    created_at,
    producer_version: about.producer_version,
    correlation_id: about.correlation_id,
    command: about.command,
    phase: exit === undefined ? "start" : "end",
    exit_code: code,
    error_category: category,
    retryable: category === "state_contention" || category === "network_transient",
    elapsed_ms: exit === undefined ? 0 : elapsed_ms,
    environment: about.environment,
  };
}

/** A log stream, as the health file names it. */
export type Stream = "adoption" | "operational_start" | "operational_end";

type Tally = { attempts: number; success: number; failed: number };

/** The ways out: each gives why it failed, or undefined. `append` is exclusive among processes, `rewrite` atomic. */
export type LogFiles = {
  append(path: string, text: string): Promise<string | undefined>;
  rewrite(path: string, text: string): Promise<string | undefined>;
};

/** What the logs need of the outside. */
export type Outside = LogFiles & { moment(): Moment; warn(line: string): void };

/** The logs of one invocation. */
export function events(on: Settings, about: Invocation, outside: Outside): Events {
  const none = (): Tally => ({ attempts: 0, success: 0, failed: 0 });
  const streams: Record<Stream, Tally> = { adoption: none(), operational_start: none(), operational_end: none() };
  const warn = (what: string, path: string, why: string) => {
    if (on.GAIT_TELEMETRY_WARN.toLowerCase() !== "off") outside.warn(`gait: cannot write the ${what} "${path}": ${why}`);
  };
  const log = async (stream: Stream, path: string, event: object) => {
    const why = await outside.append(path, `${JSON.stringify(event)}\n`);
    streams[stream].attempts++;
    if (why === undefined) streams[stream].success++;
    else {
      streams[stream].failed++;
      warn(stream === "adoption" ? "adoption log" : "operational log", path, why);
    }
    const healthPath = on.GAIT_TELEMETRY_HEALTH_PATH;
    if (healthPath === "") return;
    const health = {
      schema_id: "gait.scout.telemetry_health",
      schema_version: "1.0.0",
      created_at: outside.moment().created_at,
      producer_version: about.producer_version,
      streams,
    };
    const trouble = await outside.rewrite(healthPath, `${JSON.stringify(health, undefined, 2)}\n`);
    if (trouble !== undefined) warn("telemetry health file", healthPath, trouble);
  };
  const operational = on.GAIT_OPERATIONAL_LOG;
  const adoption = on.GAIT_ADOPTION_LOG;
  return {
    async start() {
      if (operational === "") return;
      await log("operational_start", operational, operationalEvent(about, undefined, outside.moment()));
    },
    async end(exit, code) {
      const moment = outside.moment();
      if (operational !== "") await log("operational_end", operational, operationalEvent(about, exit, moment, code));
      if (adoption !== "") {
        await log("adoption", adoption, adoptionEvent(about, on.GAIT_ADOPTION_WORKFLOW, exit, moment, code));
      }
    },
  };
}
