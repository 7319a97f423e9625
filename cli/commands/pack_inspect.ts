// `gait pack inspect`: shows what a pack says, whether or not it holds.
import { isJsonList, isJsonObject, type Json, type JsonObject } from "../../core/base/json_value.ts";
import { fail, ok } from "../../core/base/result.ts";
import { inspectPack } from "../../core/flow/pack_inspect.ts";
import { command } from "../command.ts";
import { PACK_ARGUMENT, PACK_FLAG, type PackAnswer, packHead } from "../pack_output.ts";
import { oneArgument } from "../runpacks.ts";
import { withProgress } from "../watched_source.ts";

type Inspected = PackAnswer<"inspect"> & { readonly inspect: JsonObject };

const HEAD = packHead("inspect");

/** What a document says in words, one line; what has parts is counted. */
const summary = (document: JsonObject): string =>
  Object.entries(document).map(([name, value]) => `${name}=${short(value)}`).join(" ");

const short = (value: Json): string => isJsonList(value) ? `[${value.length}]` : isJsonObject(value) ? "{}" : String(value);

export default command({
  path: ["pack", "inspect"],
  summary: "Show what a pack says",
  explain: "Shows the manifest of a pack and what it says of its run, job, call or decision, without verifying any of it.",
  positionals: PACK_ARGUMENT,
  flags: PACK_FLAG,
  refusal: HEAD,
  examples: ["gait pack inspect pack.zip"],
  needs: ["files", "host", "progress"],
  async run(values, ports) {
    const path = oneArgument(values.path, values.positionals, "path");
    if (!path.ok) return path;
    if (path.value === "") return fail("missing_argument", "Cannot inspect: expected the path of a pack");
    const file = await ports.files.open(path.value);
    if (!file.ok) return file;
    const source = withProgress(file.value, `inspect ${path.value}`, ports.progress);
    const found = await inspectPack(ports.host, source, path.value);
    file.value.close();
    if (!found.ok) return found;
    const { documents, ...head } = found.value;
    const { pack_id, pack_type, source_ref } = head;
    const data = { ...HEAD, ok: true, path: path.value, pack_id, pack_type, source_ref, inspect: { ...head, ...documents } };
    return ok({ exit: "ok", data });
  },
  lines: ({ path, pack_id, pack_type, source_ref, inspect }: Inspected) => [
    `pack inspect: ${path}`,
    `${pack_type} pack of ${source_ref}, nothing was verified`,
    `pack_id=${pack_id}`,
    ...Object.entries(inspect).flatMap(([name, document]) => isJsonObject(document) ? [`${name}: ${summary(document)}`] : []),
  ],
});
