// `gait approvals list`: what waits for approval, and what became of it.
import { REQUEST_STATES } from "../../core/authority/approver_decision.ts";
import { setDigest } from "../../core/authority/pending.ts";
import { ok } from "../../core/base/result.ts";
import { INBOX_FLAG, listInbox } from "../approvals_inbox.ts";
import { type Row, rowLine, rowOf } from "../approvals_view.ts";
import { command } from "../command.ts";

type Shown = {
  readonly ok: true;
  readonly dir: string;
  readonly counts: Readonly<Record<string, number>>;
  /** One digest for all that is pending: what `approve --all --set` is bound to. */
  readonly set: string;
  readonly requests: readonly Row[];
  readonly warnings: readonly string[];
};

export default command({
  path: ["approvals", "list"],
  summary: "Show what waits for approval",
  explain: "Shows the requests of an inbox: what waits and what is damaged, or those of another state.",
  flags: {
    ...INBOX_FLAG,
    state: { kind: "choice", doc: "Which ones", values: ["open", "all", ...REQUEST_STATES], default: "open" },
  },
  examples: ["gait approvals list", "gait approvals list --state all --json"],
  needs: ["files", "clock", "host"],
  async run({ dir, state }, ports) {
    const listed = await listInbox(dir, ports.clock.now(), rowOf, ports);
    if (!listed.ok) return listed;
    const rows = listed.value ?? [];
    const pending = rows.filter((row) => row.state === "pending");
    const data: Shown = {
      ok: true,
      dir,
      counts: Object.fromEntries(REQUEST_STATES.map((name) => [name, rows.filter((row) => row.state === name).length])),
      set: pending.length === 0 ? "" : setDigest(ports.host.crypto, pending.map(({ request_id }) => request_id)),
      requests: rows.filter((row) =>
        state === "all" || row.state === state || (state === "open" && ["pending", "damaged"].includes(row.state))
      ),
      warnings: listed.value === undefined ? [`There is no folder "${dir}" yet`] : [],
    };
    return ok({ exit: "ok", data });
  },
  lines: ({ counts, set, requests, warnings }: Shown) => [
    `approvals list: ${REQUEST_STATES.map((name) => `${counts[name] ?? 0} ${name}`).join(", ")}`,
    ...requests.map(rowLine),
    ...(set === "" ? [] : [`set: ${set}`]),
    ...warnings.map((warning) => `warning: ${warning}`),
  ],
});
