// `gait approvals list`: what waits for approval, and what became of it.
import { REQUEST_STATES } from "../../core/authority/approver_decision.ts";
import { ok } from "../../core/base/result.ts";
import { type InboxData, inboxData, LISTED } from "../approvals_data.ts";
import { INBOX_FLAG } from "../approvals_inbox.ts";
import { rowLine } from "../approvals_view.ts";
import { command } from "../command.ts";

export default command({
  path: ["approvals", "list"],
  summary: "Show what waits for approval",
  explain: "Shows the requests of an inbox: what waits and what is damaged, or those of another state.",
  flags: {
    ...INBOX_FLAG,
    state: { kind: "choice", doc: "Which ones", values: LISTED, default: "open" },
  },
  examples: ["gait approvals list", "gait approvals list --state all --json"],
  needs: ["files", "clock", "host"],
  async run({ dir, state }, ports) {
    const data = await inboxData(dir, state, ports.clock.now(), ports);
    return data.ok ? ok({ exit: "ok", data: data.value }) : data;
  },
  lines: ({ counts, set, requests, warnings }: InboxData) => [
    `approvals list: ${REQUEST_STATES.map((name) => `${counts[name] ?? 0} ${name}`).join(", ")}`,
    ...requests.map(rowLine),
    ...(set === "" ? [] : [`set: ${set}`]),
    ...warnings.map((warning) => `warning: ${warning}`),
  ],
});
