// Event logs: the documents against the published schemas, the names of commands, and that trouble stays with the log.
import { type Schema, Validator } from "@cfworker/json-schema";
import type { ExitName } from "../../core/base/errors.ts";
import { adoptionEvent, commandText, events, type Invocation, operationalEvent, settings } from "../../cli/telemetry.ts";
import { assert, assertEquals } from "../assert.ts";
import { shared } from "../shared.ts";

const ABOUT: Invocation = {
  command: "verify",
  producer_version: "1.2.3",
  correlation_id: "c".repeat(24),
  environment: { os: "linux", arch: "amd64" },
};
const MOMENT = { created_at: "2026-01-02T03:04:05.6Z", elapsed_ms: 17 };
const EXITS: readonly ExitName[] = [
  ...["ok", "internal", "verification", "blocked", "approval"] as const,
  ...["regression", "usage", "dependency", "unsafe"] as const,
];

const validator = (name: string): Validator | undefined => {
  const path = shared(`schemas/v1/scout/${name}.schema.json`);
  if (path === undefined) return undefined;
  const schema: Schema = JSON.parse(Deno.readTextFileSync(path));
  return new Validator(schema, "2020-12", false);
};

Deno.test("telemetry: events of every exit fit the published schemas, and nothing else does", () => {
  const adoption = validator("adoption_event");
  const operational = validator("operational_event");
  if (adoption === undefined || operational === undefined) return;
  for (const exit of EXITS) {
    const documents = [
      [adoption, adoptionEvent(ABOUT, "nightly", exit, MOMENT)],
      [adoption, adoptionEvent({ ...ABOUT, command: "regress run" }, "", exit, MOMENT)],
      [operational, operationalEvent(ABOUT, exit, MOMENT)],
      [operational, operationalEvent(ABOUT, undefined, MOMENT)],
    ] as const;
    for (const [schema, document] of documents) {
      const { valid, errors } = schema.validate(document);
      assert(valid, `${JSON.stringify(document)} ${JSON.stringify(errors)}`);
      assert(!schema.validate({ ...document, exit_code: -1 }).valid, "the schema is in force");
    }
  }
});

Deno.test("telemetry: the documents, member by member", () => {
  assertEquals(adoptionEvent(ABOUT, "nightly", "ok", MOMENT), {
    schema_id: "gait.scout.adoption_event",
    schema_version: "1.0.0",
    created_at: "2026-01-02T03:04:05.6Z",
    producer_version: "1.2.3",
    command: "verify",
    workflow_id: "nightly",
    success: true,
    exit_code: 0,
    elapsed_ms: 17,
    milestones: ["A2"],
    environment: { os: "linux", arch: "amd64" },
  });
  const failed = adoptionEvent(ABOUT, "", "verification", MOMENT);
  assertEquals(["workflow_id" in failed, "milestones" in failed, failed.success, failed.exit_code], [false, false, false, 2]);
  assertEquals(operationalEvent(ABOUT, "regression", MOMENT), {
    schema_id: "gait.scout.operational_event",
    schema_version: "1.0.0",
    created_at: "2026-01-02T03:04:05.6Z",
    producer_version: "1.2.3",
    correlation_id: "c".repeat(24),
    command: "verify",
    phase: "end",
    exit_code: 5,
    error_category: "internal_failure",
    retryable: false,
    elapsed_ms: 17,
    environment: { os: "linux", arch: "amd64" },
  });
  const { phase, exit_code, error_category, elapsed_ms } = operationalEvent(ABOUT, undefined, MOMENT);
  assertEquals([phase, exit_code, error_category, elapsed_ms], ["start", 0, "none", 0]);
});

Deno.test("telemetry: a command is named by one word, or two for the groups that the spec lists", () => {
  const names: readonly (readonly [readonly string[], string])[] = [
    [[], "version"],
    [["-v"], "version"],
    [["--version", "x"], "version"],
    [["--help"], "help"],
    [["-h"], "help"],
    [["help", "run"], "help"],
    [["--explain"], "explain"],
    [["run", "session", "append"], "run session"],
    [["run", "--json"], "run"],
    [["run", " "], "run"],
    [[" keys ", " init "], "keys init"],
    [["keys"], "keys"],
    [["verify", "chain"], "verify"],
    [["trace", "verify"], "trace"],
    [["demo", "x"], "demo"],
    [["bogus", "word"], "bogus"],
    [["regress", "run"], "regress run"],
    [["constructor"], "constructor"],
    [[""], "unknown"],
  ];
  for (const [argv, name] of names) assertEquals(commandText(argv), name, argv.join(" "));
});

Deno.test("telemetry: settings are trimmed, and off unless a log has a path", () => {
  const from = (variables: Record<string, string>) => settings((name) => variables[name]);
  assertEquals(from({}), undefined);
  assertEquals(from({ GAIT_ADOPTION_LOG: " \t", GAIT_TELEMETRY_HEALTH_PATH: "h" }), undefined);
  assertEquals(from({ GAIT_OPERATIONAL_LOG: " o ", GAIT_ADOPTION_WORKFLOW: " w " }), {
    GAIT_ADOPTION_LOG: "",
    GAIT_ADOPTION_WORKFLOW: "w",
    GAIT_OPERATIONAL_LOG: "o",
    GAIT_TELEMETRY_HEALTH_PATH: "",
    GAIT_TELEMETRY_WARN: "",
  });
});

const record = async (variables: Record<string, string>, broken: readonly string[] = []) => {
  const on = settings((name) => variables[name]);
  if (on === undefined) throw new Error("no log is on");
  const lines: string[] = [];
  const warnings: string[] = [];
  const health: { streams: unknown }[] = [];
  const logs = events(on, ABOUT, {
    append(path, text) {
      if (!broken.includes(path)) lines.push(`${path} ${JSON.parse(text).phase ?? "done"}`);
      return Promise.resolve(broken.includes(path) ? "the disk is full (ENOSPC)" : undefined);
    },
    rewrite(path, text) {
      health.push(JSON.parse(text));
      assert(text.startsWith('{\n  "schema_id": "gait.scout.telemetry_health",\n') && text.endsWith("\n}\n"));
      return Promise.resolve(broken.includes(path) ? "EIO" : undefined);
    },
    moment: () => MOMENT,
    warn: (line) => void warnings.push(line),
  });
  await logs.start();
  await logs.end("usage");
  return { lines, warnings, health };
};

Deno.test("telemetry: which lines an invocation writes, and what the health file counts", async () => {
  const { lines, warnings, health } = await record({ GAIT_OPERATIONAL_LOG: "op", GAIT_TELEMETRY_HEALTH_PATH: "h" });
  assertEquals([lines, warnings, health.length], [["op start", "op end"], [], 2]);
  const good = { attempts: 1, success: 1, failed: 0 };
  const none = { attempts: 0, success: 0, failed: 0 };
  assertEquals(health[0]?.streams, { adoption: none, operational_start: good, operational_end: none });
  assertEquals(health[1]?.streams, { adoption: none, operational_start: good, operational_end: good });
  assertEquals((await record({ GAIT_ADOPTION_LOG: "ad" })).lines, ["ad done"]);
  assertEquals((await record({ GAIT_ADOPTION_LOG: "l", GAIT_OPERATIONAL_LOG: "l" })).lines, ["l start", "l end", "l done"]);
});

Deno.test("telemetry: a log that cannot be written warns unless told not to, and is counted", async () => {
  const variables = { GAIT_OPERATIONAL_LOG: "op", GAIT_ADOPTION_LOG: "ad", GAIT_TELEMETRY_HEALTH_PATH: "h" };
  const { lines, warnings, health } = await record(variables, ["op", "h"]);
  const log = 'gait: cannot write the operational log "op": the disk is full (ENOSPC)';
  const file = 'gait: cannot write the telemetry health file "h": EIO';
  assertEquals([lines, warnings], [["ad done"], [log, file, log, file, file]]);
  assertEquals(health[2]?.streams, {
    adoption: { attempts: 1, success: 1, failed: 0 },
    operational_start: { attempts: 1, success: 0, failed: 1 },
    operational_end: { attempts: 1, success: 0, failed: 1 },
  });
  assertEquals((await record({ ...variables, GAIT_TELEMETRY_WARN: " OFF " }, ["op", "ad", "h"])).warnings, []);
});

Deno.test("telemetry: commands that do the steps of others reach their milestones, and only where they succeed", () => {
  const reached = (command: string, exit: "ok" | "regression") =>
    adoptionEvent({ ...ABOUT, command }, "", exit, MOMENT).milestones;
  const commands = ["demo", "verify", "regress init", "regress run", "regress bootstrap", "tour", "regress add"];
  assertEquals(commands.map((command) => reached(command, "ok")?.join() ?? "none"), [
    "A1",
    "A2",
    "A3",
    "A4",
    "A3,A4",
    "A1,A2,A3,A4",
    "none",
  ]);
  assertEquals(commands.map((command) => reached(command, "regression")).filter((found) => found !== undefined), []);
});
