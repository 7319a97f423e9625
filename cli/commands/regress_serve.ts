// `gait regress serve`: plays a recording back as an MCP server.
import { ok } from "../../core/base/result.ts";
import { command, silently } from "../command.ts";
import { file } from "../flag_forms.ts";
import { INIT_FLAGS } from "../regress_init.ts";
import { SERVE_NEEDS, serveRecording } from "../regress_serve.ts";

export default command({
  path: ["regress", "serve"],
  summary: "Play a recording back as an MCP server",
  explain:
    "Answers an MCP client on standard streams with what the calls of a run gave back; exit 5 where a call is not one of the recording.",
  flags: {
    from: INIT_FLAGS.from,
    checkpoint: INIT_FLAGS.checkpoint,
    order: {
      kind: "choice",
      doc: "strict wants the calls of the recording, all of them and in its order",
      values: ["any", "strict"],
      default: "any",
    },
    results: file("What calls gave back, as JSON lines, for a recording that keeps digests only"),
    lock: file("Lock of gait mcp lock: its tools are listed as they were declared"),
    report: file("File for what it came to (JSON); its folder is made"),
  },
  examples: [
    "gait regress serve --from run_demo",
    "gait regress serve --from ./gait-out/runpack_monday.zip --order strict --report gait-out/playback.json",
  ],
  needs: SERVE_NEEDS,
  spared: ({ report }) => report === undefined || report === "" ? ["store"] : [],
  run(values, ports, { version }) {
    const { from, order, checkpoint = "", results = "", lock = "", report = "" } = values;
    const played = { from, order, checkpoint, results, lock, report };
    // Standard output is the client's: nothing is said on it but frames.
    return Promise.resolve(ok(silently(() => serveRecording(played, ports, version))));
  },
  lines: () => [],
});
