// `gait list-scripts`: shows the scripts that are approved in advance.
import { NO_SCRIPTS, readScripts } from "../../core/authority/approved_script_registry.ts";
import { isOver } from "../../core/authority/token.ts";
import { ok } from "../../core/base/result.ts";
import { command } from "../command.ts";

type Row = {
  readonly pattern_id: string;
  readonly approver_identity: string;
  readonly policy_digest: string;
  readonly script_hash: string;
  readonly tool_sequence: readonly string[];
  readonly scope?: readonly string[];
  readonly expires_at: string;
  readonly expired: boolean;
};

type Listed = { readonly ok: true; readonly registry: string; readonly count: number; readonly entries: readonly Row[] };

export default command({
  path: ["list-scripts"],
  summary: "Show the scripts that are approved in advance",
  explain:
    "Shows the entries of a registry of approved scripts as they stand there; whether they are signed is for the gate to check.",
  flags: {
    registry: { kind: "text", doc: "Registry of approved scripts", value: "file", complete: "path", required: true },
  },
  examples: ["gait list-scripts --registry approved_scripts.json"],
  needs: ["state", "clock"],
  async run({ registry }, { state, clock }) {
    const bytes = await state.read(registry);
    if (!bytes.ok) return bytes;
    const read = bytes.value === undefined ? ok(NO_SCRIPTS) : readScripts(bytes.value, registry);
    if (!read.ok) return read;
    const now = clock.now();
    const entries = read.value.scripts.map(({ entry }): Row => ({
      pattern_id: entry.pattern_id,
      approver_identity: entry.approver_identity,
      policy_digest: entry.policy_digest,
      script_hash: entry.script_hash,
      tool_sequence: entry.tool_sequence,
      ...(entry.scope.length === 0 ? {} : { scope: entry.scope }),
      expires_at: entry.expires_at,
      expired: isOver(entry, now),
    }));
    return ok({ exit: "ok", data: { ok: true, registry, count: entries.length, entries } });
  },
  lines: ({ registry, entries }: Listed) => [
    `list-scripts: ${entries.length === 1 ? "1 entry" : `${entries.length} entries`} in ${registry}`,
    ...entries.map((entry) =>
      [
        entry.expired ? "over" : "ok  ",
        entry.pattern_id,
        entry.tool_sequence.join(", "),
        `${entry.expired ? "since" : "until"} ${entry.expires_at}`,
        `by ${entry.approver_identity}`,
        ...(entry.scope === undefined ? [] : [`for ${entry.scope.join(", ")}`]),
      ].join("  ")
    ),
  ],
});
