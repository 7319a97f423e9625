// `gait approvals show`: one request, with all that its approver must know.
import { decisionFailure } from "../../core/authority/approver_decision.ts";
import { remarks } from "../../core/authority/pending_remarks.ts";
import { requestLines } from "../../core/authority/pending_view.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { ok } from "../../core/base/result.ts";
import { writeShape } from "../../core/base/shape.ts";
import { PendingRequestShape } from "../../core/schema/pending_request.ts";
import { findRequest, idOf, INBOX_FLAG } from "../approvals_inbox.ts";
import { type Told, toldLine, toldOf } from "../approvals_view.ts";
import { command } from "../command.ts";
import { loadVerifyKey, PUBLIC_KEY_FLAGS } from "../key_sources.ts";

type Shown = {
  readonly ok: true;
  readonly request_id: string;
  readonly state: string;
  readonly flaw: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly identity: string;
  readonly required_approvals: number;
  readonly remarks: readonly string[];
  readonly decisions: readonly Told[];
  readonly request: JsonObject;
  /** The request in lines for people. */
  readonly rendering: readonly string[];
};

export default command({
  path: ["approvals", "show"],
  summary: "Show one request for approval",
  explain: "Shows one request with all that its approver must know: the call, what it touches, why it asks, who decided.",
  flags: {
    ...INBOX_FLAG,
    id: { kind: "text", doc: "Its id, or the first 12 or more digits of it", value: "id", required: true },
    full: { kind: "switch", doc: "Leave nothing out, however long it is" },
    ...PUBLIC_KEY_FLAGS,
  },
  examples: ["gait approvals show --id 5f2c9a71be04", "gait approvals show --id <id> --full --public-key approver.pub"],
  needs: ["files", "env", "clock", "host"],
  async run(values, ports) {
    const { crypto } = ports.host;
    const now = ports.clock.now();
    const key = await loadVerifyKey(values, ports);
    if (!key.ok) return key;
    const id = await idOf(values.id, values.dir, ports);
    if (!id.ok) return id;
    const found = await findRequest(values.dir, id.value, now, ports);
    if (!found.ok) return found;
    const { request, standing, decisions } = found.value;
    const told: Told[] = [];
    for (const filed of decisions) {
      const failure = key.value === undefined || !filed.decision.ok
        ? undefined
        : await decisionFailure(crypto, filed.decision.value, request, key.value, now) ?? "";
      told.push(toldOf(filed, failure));
    }
    const data: Shown = {
      ok: true,
      request_id: id.value,
      state: standing.state,
      flaw: standing.flaw,
      created_at: request.created_at,
      expires_at: request.expires_at,
      identity: request.intent.context.identity,
      required_approvals: request.required_approvals,
      remarks: remarks(request),
      decisions: told,
      request: writeShape(PendingRequestShape, request),
      rendering: requestLines(request, values.full),
    };
    return ok({ exit: "ok", data });
  },
  lines: (data: Shown) => [
    `request_id: ${data.request_id}`,
    `state: ${data.state}${
      data.flaw === "" ? "" : ` (${data.flaw})`
    }, ${data.decisions.length} of ${data.required_approvals} decisions`,
    `asked by ${data.identity} at ${data.created_at}, until ${data.expires_at}`,
    ...data.decisions.map(toldLine),
    ...data.rendering,
  ],
});
