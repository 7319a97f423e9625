// `gait run session checkpoint`: seals the new events of a session into a runpack and links it to the checkpoint before.
import type { JsonObject } from "../../core/base/json.ts";
import { ok } from "../../core/base/result.ts";
import { command } from "../command.ts";
import { answerLines, JOURNAL_FLAG, onSession } from "../session_command.ts";
import { SESSION_NEEDS } from "../session_files.ts";
import { sealSession } from "../session_seal.ts";

type Sealed = { readonly checkpoint: JsonObject; readonly chain_path: string };

export default command({
  path: ["run", "session", "checkpoint"],
  summary: "Seal the new events of a session into a runpack",
  explain: "Writes the events since the last checkpoint as a runpack and links it into the chain of the session.",
  flags: {
    ...JOURNAL_FLAG,
    out: { kind: "text", doc: "Runpack to write", required: true, value: "file", complete: "path" },
    "chain-out": { kind: "text", doc: "Second place for the chain", default: "", value: "file", complete: "path" },
  },
  examples: ["gait run session checkpoint --journal s.jsonl --out s_1.zip"],
  refusal: { operation: "checkpoint" },
  needs: [...SESSION_NEEDS, "machine"],
  run: ({ journal, out, ...values }, ports, { version }) =>
    onSession<Sealed>("checkpoint", journal, async (paths) => {
      const sealed = await sealSession(paths, { runpack: out, chain: values["chain-out"] }, ports, version);
      if (!sealed.ok) return sealed;
      const { warnings, ...answer } = sealed.value;
      return ok({ answer, warnings });
    }),
  lines: (data) =>
    answerLines(
      data,
      ({ checkpoint, chain_path }) =>
        `index=${checkpoint.checkpoint_index} events=${checkpoint.sequence_start}-${checkpoint.sequence_end} runpack=redacted chain=${chain_path}`,
    ),
});
