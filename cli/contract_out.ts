// Where `contract activate` writes (spec 03, section 9.4): into a folder that is there, over no link, in the place of nothing that is
// not meant. Each failure ends as a failure of the machine.
import { utf8 } from "../core/base/bytes.ts";
import type { JsonObject } from "../core/base/json.ts";
import { outputPath } from "../core/base/paths.ts";
import { prettyText } from "../core/base/pretty.ts";
import { ending, fail, ok, type Result } from "../core/base/result.ts";
import type { Ports } from "../core/ports.ts";
import { firstLink, stepsTo } from "./links.ts";
import { besideFile } from "./targets.ts";

const WHAT = "the activated contract";

/** Writes an activated contract; gives the path that it is at. */
export async function writeActivation(
  given: string,
  activated: JsonObject,
  overwrite: boolean,
  ports: Pick<Ports, "files" | "store">,
): Promise<Result<string>> {
  const path = await checkedPath(given, ports.files);
  if (!path.ok) return { ok: false, fault: ending(path.fault, "internal") };
  const written = await ports.store.write(path.value, utf8(prettyText(activated)), overwrite ? "replace" : "create");
  return written.ok ? path : { ok: false, fault: ending(written.fault, "internal") };
}

async function checkedPath(given: string, files: Ports["files"]): Promise<Result<string>> {
  const path = outputPath(given, WHAT);
  if (!path.ok) return path;
  const link = await firstLink(stepsTo(path.value), files);
  const at = { file: path.value };
  if (link !== undefined) return fail("path_refused", `Cannot write ${WHAT} to "${path.value}": "${link}" is a link`, at);
  const folder = besideFile(path.value, ".");
  return await files.kind(folder) === "folder"
    ? ok(path.value)
    : fail("path_refused", `Cannot write ${WHAT} to "${path.value}": there is no folder "${folder}"`, at);
}
