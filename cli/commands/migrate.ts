// `gait migrate`: rewrites a runpack in today's form.
import { fail, ok } from "../../core/base/result.ts";
import { migrateRunpack, sameEntries } from "../../core/run/migrate.ts";
import { command } from "../command.ts";
import { openGiven } from "../opened.ts";
import { oneArgument, RUNPACK_ARGUMENT } from "../runpacks.ts";
import { besideFile, targetPath } from "../targets.ts";
import { writeChecked } from "../write_checked.ts";

type Migrated = {
  readonly ok: true;
  readonly input: string;
  readonly output: string;
  readonly artifact: "runpack";
  readonly status: "no_change" | "migrated";
  readonly run_id: string;
};

export default command({
  path: ["migrate"],
  summary: "Rewrite a runpack in today's form",
  explain: "Reads a runpack and writes it again, unsigned, in the form of this version; the input is left as it is.",
  positionals: { ...RUNPACK_ARGUMENT, min: 0, max: 1 },
  flags: {
    input: { kind: "text", doc: "The same as the argument", value: "run_id|path", complete: "path" },
    out: { kind: "text", doc: "The new runpack (.zip); beside the input unless given", value: "file", complete: "path" },
    target: { kind: "choice", doc: "Version to write", values: ["v1"], default: "v1", blank: "v1" },
  },
  examples: ["gait migrate run_demo", "gait migrate ./old.zip --out ./new.zip"],
  needs: ["files", "store", "machine", "host", "progress"],
  async run({ input: flag, out, positionals }, ports) {
    const given = oneArgument(flag, positionals, "input");
    if (!given.ok) return given;
    const opened = await openGiven(given.value, "migrate", ports);
    if (!opened.ok) return opened;
    const { path: input, pack } = opened.value;
    const { run_id } = pack.records.run;
    const output = targetPath({
      given: out,
      name: besideFile(input, `runpack_${run_id}_migrated.zip`),
      run_id,
      what: "the runpack",
      others: [input],
    });
    if (!output.ok) return output;
    if (!output.value.toLowerCase().endsWith(".zip")) {
      return fail("path_refused", `Cannot write the runpack to "${output.value}": its name must end in .zip`);
    }
    const sealed = await migrateRunpack(ports.host.crypto, pack);
    if (!sealed.ok) return sealed;
    const file = await ports.files.open(input);
    if (!file.ok) return file;
    const same = await sameEntries(ports.host, file.value, sealed.value, input);
    file.value.close();
    if (!same.ok) return same;
    const written = await writeChecked(output.value, sealed.value.bytes, undefined, ports);
    if (!written.ok) return written;
    const status = same.value ? "no_change" : "migrated";
    const data: Migrated = { ok: true, input, output: output.value, artifact: "runpack", status, run_id };
    return ok({ exit: "ok", data });
  },
  lines: ({ status, input, output }: Migrated) => [`migrate ok: ${status}`, `input=${input}`, `output=${output}`],
});
