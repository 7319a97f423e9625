// `gait kill-switch add`: stops calls, whatever the policy says, until the entry is disabled or over.
import { addEntry, endTime } from "../../core/gate/kill_switch_state.ts";
import { TARGET_KINDS } from "../../core/schema/gate_words.ts";
import { command } from "../command.ts";
import { answerChange, STATE_FLAG, stoppedLines } from "../kill_switch_command.ts";

const selector = (doc: string, value: string) => ({ kind: "text", doc, value }) as const;

export default command({
  path: ["kill-switch", "add"],
  summary: "Stop calls at once, whatever the policy says",
  explain:
    "Adds an entry to the kill switch: every call that fits all of its selectors is blocked until the entry is disabled or over.",
  flags: {
    ...STATE_FLAG,
    "entry-id": selector("Id of the entry; alone, without a selector, it stops every call", "id"),
    "agent-id": selector("Stop this agent", "id"),
    identity: selector("Stop who calls by this identity", "name"),
    "tool-name": selector("Stop this tool, also as a step of a script", "name"),
    "target-kind": { kind: "choice", doc: "Stop calls with a target of this kind", values: TARGET_KINDS, fold: true },
    "target-value": selector("Stop calls with a target of this value", "text"),
    environment: selector("Stop calls in this environment", "name"),
    "path-prefixes": selector("Stop calls that touch one of these paths or what is below", "a,b"),
    "workspace-prefixes": selector("Stop calls in one of these workspaces or below", "a,b"),
    reason: { kind: "text", doc: "Why" },
    actor: { kind: "text", doc: "Who stops it", value: "name" },
    "expires-at": { kind: "text", doc: "When the entry ends by itself; never unless given", value: "time" },
  },
  examples: [
    "gait kill-switch add --entry-id everything --reason incident-7",
    "gait kill-switch add --tool-name db.drop --environment prod --actor ann",
  ],
  needs: ["state", "clock", "host"],
  async run({ state, ...given }, ports, program) {
    const end = given["expires-at"] ? endTime(given["expires-at"]) : undefined;
    if (end?.ok === false) return end;
    const draft = {
      entry_id: given["entry-id"] ?? "",
      agent_id: given["agent-id"] ?? "",
      identity: given.identity ?? "",
      tool_name: given["tool-name"] ?? "",
      target_kind: given["target-kind"] ?? "",
      target_value: given["target-value"] ?? "",
      environment: given.environment ?? "",
      path_prefixes: (given["path-prefixes"] ?? "").split(","),
      workspace_prefixes: (given["workspace-prefixes"] ?? "").split(","),
      reason: given.reason ?? "",
      actor: given.actor ?? "",
      ...(end === undefined ? {} : { expires_at: end.value }),
    };
    return await answerChange(
      "add",
      state,
      {
        make: true,
        change: (before, stamp) => addEntry(ports.host.crypto, before, draft, stamp),
      },
      ports,
      program,
    );
  },
  lines: stoppedLines,
});
