// `gait run session append`: adds one decision to the journal of a session.
import { fail, ok } from "../../core/base/result.ts";
import { writeShape } from "../../core/base/shape.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { VERDICTS } from "../../core/schema/trace.ts";
import { SessionEventShape } from "../../core/schema/session.ts";
import { command } from "../command.ts";
import { answerLines, JOURNAL_FLAG, onSession } from "../session_command.ts";
import { SESSION_NEEDS } from "../session_files.ts";
import { openSession } from "../session_writer.ts";

type Appended = { readonly event: JsonObject };

const id = (what: string) => ({ kind: "text", doc: `Id of the ${what}`, value: "id" }) as const;
const digest = (what: string) => ({ kind: "text", doc: `Digest of the ${what}`, value: "hex" }) as const;
const codes = (doc: string) => ({ kind: "text", doc, value: "a,b" }) as const;

export default command({
  path: ["run", "session", "append"],
  summary: "Add a decision to a session",
  explain: "Adds one decision about a tool call to the journal of a session and returns when it is on the disk.",
  flags: {
    ...JOURNAL_FLAG,
    tool: { kind: "text", doc: "The tool", required: true, value: "name" },
    verdict: { kind: "choice", doc: "What was decided", values: VERDICTS, fold: true },
    "intent-id": id("intent"),
    "trace-id": id("trace"),
    "trace-path": { kind: "text", doc: "Where the trace is", value: "file", complete: "path" },
    "intent-digest": digest("intent"),
    "policy-digest": digest("policy"),
    "reason-codes": codes("Why, separated by commas"),
    violations: codes("What was violated, separated by commas"),
  },
  examples: ["gait run session append --journal s.jsonl --tool mail.send --verdict allow"],
  refusal: { operation: "append" },
  needs: SESSION_NEEDS,
  run: ({ journal, tool, ...values }, ports, { version }) =>
    onSession<Appended>("append", journal, async (paths) => {
      if (values.verdict === undefined) {
        return fail("missing_argument", `Cannot run without flag "--verdict": give ${VERDICTS.join(", ")}`);
      }
      const writer = await openSession(paths, ports, version, "each");
      if (!writer.ok) return writer;
      const event = await writer.value.append({
        tool_name: tool,
        verdict: values.verdict,
        intent_id: values["intent-id"] ?? "",
        trace_id: values["trace-id"] ?? "",
        trace_path: values["trace-path"] ?? "",
        intent_digest: values["intent-digest"] ?? "",
        policy_digest: values["policy-digest"] ?? "",
        reason_codes: (values["reason-codes"] ?? "").split(","),
        violations: (values.violations ?? "").split(","),
      });
      await writer.value.close();
      const warnings = writer.value.notes();
      return event.ok ? ok({ answer: { event: writeShape(SessionEventShape, event.value) }, warnings }) : event;
    }),
  lines: (data) =>
    answerLines(
      data,
      ({ event }) => `session_id=${event.session_id} sequence=${event.sequence} verdict=${event.verdict} tool=redacted`,
    ),
});
