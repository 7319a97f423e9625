// The registry of approved scripts as a file (spec 03, section 5.2): an object with entries, or a list of them alone. One entry that
// is none spoils all of it.
import { fromUtf8, utf8 } from "../base/bytes.ts";
import { placed } from "../base/document.ts";
import type { Crypto } from "../base/host.ts";
import { type Json, readJson } from "../base/json.ts";
import { prettyText } from "../base/pretty.ts";
import { fail, located, ok, type Result } from "../base/result.ts";
import { fitShape } from "../base/shape.ts";
import type { VerifyKey } from "../base/sign.ts";
import { byBytes, trim } from "../base/text.ts";
import { byTime } from "../base/time.ts";
import { type ApprovedScript, ApprovedScriptShape } from "../schema/approved_script.ts";
import { normalScript, verifiedScript } from "./approved_script.ts";
import { isOver } from "./token.ts";

/** An entry, and what stands in the file: others may have put more into it than is known here. */
export type FiledScript = { readonly entry: ApprovedScript; readonly written: Json };

/** A registry, in the order of its file. */
export type ScriptRegistry = {
  /** Whether the entries stand alone, as a list. */
  readonly bare: boolean;
  readonly scripts: readonly FiledScript[];
};

/** A registry without entries. */
export const NO_SCRIPTS: ScriptRegistry = { bare: false, scripts: [] };

/** Reads a registry; a blank one has no entries. Faults of the JSON reader and `document_shape`. */
export function readScripts(bytes: Uint8Array, what: string): Result<ScriptRegistry> {
  const at = { file: what };
  if (isBlank(bytes)) return ok(NO_SCRIPTS);
  const json = readJson(bytes, what, { text: "replace" });
  if (!json.ok) return { ok: false, fault: located(json.fault, at) };
  const read = scriptsOf(json.value, what);
  return read.ok ? read : { ok: false, fault: placed(read.fault, bytes, at) };
}

const isBlank = (bytes: Uint8Array): boolean => trim(fromUtf8(bytes)) === "";

function scriptsOf(json: Json, what: string): Result<ScriptRegistry> {
  const bare = Array.isArray(json);
  const list = bare ? json : typeof json === "object" && json !== null && "entries" in json ? json["entries"] : undefined;
  if (!Array.isArray(list)) {
    const wanted = "wanted is a list of approved scripts, or an object with such a list under entries";
    return fail("document_shape", `Cannot read "${what}": ${wanted}`, { pointer: "" });
  }
  const scripts: FiledScript[] = [];
  for (const [i, written] of list.entries()) {
    const fit = fitShape(ApprovedScriptShape, written);
    const entry = fit.ok ? normalScript(fit.value) : fit;
    if (!entry.ok) {
      const pointer = `${bare ? "" : "/entries"}/${i}${entry.misfit.pointer}`;
      return fail("document_shape", `Cannot read "${what}": member "${pointer}" ${entry.misfit.wanted}`, { pointer });
    }
    scripts.push({ entry: entry.value, written });
  }
  return ok({ bare, scripts });
}

/** The registry with an entry, in the place of all that have its name. The others stay as they are written. */
export const withScript = ({ bare, scripts }: ScriptRegistry, script: FiledScript): ScriptRegistry => ({
  bare,
  scripts: [...scripts.filter(({ entry }) => entry.pattern_id !== script.entry.pattern_id), script],
});

const byName = ({ entry: a }: FiledScript, { entry: b }: FiledScript): number =>
  byBytes(a.pattern_id, b.pattern_id) || byTime(a.created_at, b.created_at);

/** The bytes of the registry's file: sorted, in the form that it had. */
export function scriptsBytes({ bare, scripts }: ScriptRegistry): Uint8Array<ArrayBuffer> {
  const entries = scripts.toSorted(byName).map(({ written }) => written);
  return utf8(prettyText(bare ? entries : { entries }));
}

/** All entries, each in the form that was signed. Fault `script_refused` for the first that was not. */
export async function verifiedScripts(
  crypto: Crypto,
  { scripts }: ScriptRegistry,
  key: VerifyKey,
): Promise<Result<readonly ApprovedScript[]>> {
  const verified: ApprovedScript[] = [];
  for (const { entry } of scripts) {
    const script = await verifiedScript(crypto, entry, key);
    if (!script.ok) return script;
    verified.push(script.value);
  }
  return ok(verified);
}

/** Checks that no entry is over. Fault `script_refused`. */
export function unexpired(scripts: readonly ApprovedScript[], now: string): Result<void> {
  const over = scripts.find((script) => isOver(script, now));
  return over === undefined
    ? ok(undefined)
    : fail("script_refused", `Cannot trust approved script "${over.pattern_id}": it is over since ${over.expires_at}`);
}
