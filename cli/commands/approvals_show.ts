// `gait approvals show`: one request, with all that its approver must know.
import { ok } from "../../core/base/result.ts";
import { type RequestData, requestData } from "../approvals_data.ts";
import { idOf, INBOX_FLAG } from "../approvals_inbox.ts";
import { toldLine } from "../approvals_view.ts";
import { command } from "../command.ts";
import { loadVerifyKey, PUBLIC_KEY_FLAGS } from "../key_sources.ts";

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
  async run({ id: given, dir, full, ...keys }, ports) {
    const now = ports.clock.now();
    const key = await loadVerifyKey(keys, ports);
    if (!key.ok) return key;
    const id = await idOf(given, dir, ports);
    if (!id.ok) return id;
    const data = await requestData(dir, id.value, { key: key.value, full, now }, ports);
    return data.ok ? ok({ exit: "ok", data: data.value }) : data;
  },
  lines: (data: RequestData) => [
    `request_id: ${data.request_id}`,
    `state: ${data.state}${
      data.flaw === "" ? "" : ` (${data.flaw})`
    }, ${data.decisions.length} of ${data.required_approvals} decisions`,
    `asked by ${data.identity} at ${data.created_at}, until ${data.expires_at}`,
    ...data.decisions.map(toldLine),
    ...data.rendering,
  ],
});
