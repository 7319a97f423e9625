// gait version: which gait this is.
import { ok } from "../../core/base/result.ts";
import { command } from "../command.ts";

export default command({
  path: ["version"],
  summary: "Print the version",
  explain: "Prints which version of gait this is; unstamped builds say 0.0.0-dev.",
  positionals: { name: "anything", doc: "Ignored", min: 0, max: Infinity, ignored: true },
  flags: {},
  needs: [],
  run: (_values, _ports, { version }) => Promise.resolve(ok({ exit: "ok", data: { ok: true, version } })),
  lines: ({ version }) => [`gait ${version}`],
});
