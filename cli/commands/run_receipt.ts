// `gait run receipt`: the line to paste into a ticket, for a runpack that holds.
import { fail, ok } from "../../core/base/result.ts";
import { isTicketFooter, ticketFooter } from "../../core/run/footer.ts";
import { verifyRunpack } from "../../core/run/verify.ts";
import { command } from "../command.ts";
import { oneArgument, resolveRunpack, RUNPACK_ARGUMENT } from "../runpacks.ts";
import { withProgress } from "../watched_source.ts";

type Receipt = {
  readonly ok: true;
  readonly run_id: string;
  readonly path: string;
  readonly manifest_digest: string;
  readonly ticket_footer: string;
};

export default command({
  path: ["run", "receipt"],
  summary: "Print the ticket footer of a runpack",
  explain: "Verifies a runpack without a key and prints the line that names its run and manifest digest in a ticket.",
  positionals: { ...RUNPACK_ARGUMENT, min: 0, max: 1 },
  flags: { from: { kind: "text", doc: "The same as the argument", value: "run_id|path", complete: "path" } },
  examples: ["gait run receipt run_demo", "gait run receipt --from ./pack.zip --json"],
  needs: ["files", "machine", "host", "progress"],
  async run({ from, positionals }, ports) {
    const given = oneArgument(from, positionals, "from");
    if (!given.ok) return given;
    const path = await resolveRunpack(given.value, ports);
    if (!path.ok) return path;
    const file = await ports.files.open(path.value);
    if (!file.ok) return file;
    const source = withProgress(file.value, `receipt ${path.value}`, ports.progress);
    const trust = { key: undefined, requireSignature: false, refuseUndeclared: false };
    const report = await verifyRunpack(ports.host, source, path.value, trust);
    file.value.close();
    if (!report.ok) return report;
    const { run_id, manifest_digest, missing_files, hash_mismatches } = report.value;
    if (!report.value.ok) {
      const entries = [...missing_files, ...hash_mismatches.map((mismatch) => mismatch.path)];
      const message = `Cannot vouch for "${path.value}": ${
        entries.map((entry) => `entry "${entry}"`).join(", ")
      } does not hold`;
      return fail("verification_failed", message, { file: path.value, entry: entries[0] ?? "" });
    }
    const ticket_footer = ticketFooter(run_id, manifest_digest);
    if (!isTicketFooter(ticket_footer)) {
      const message = `Cannot write a ticket footer for run ${JSON.stringify(run_id)}: its id or digest does not fit the form`;
      return fail("footer_refused", message, { file: path.value });
    }
    const data: Receipt = { ok: true, run_id, path: path.value, manifest_digest, ticket_footer };
    return ok({ exit: "ok", data });
  },
  lines: ({ ticket_footer }: Receipt) => [ticket_footer],
});
