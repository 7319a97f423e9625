// The context of a call, and the sandbox that it says it runs in, in normal form (spec 02, section 4.2).
import { cleanPath } from "../base/paths.ts";
import { trim, trimmedSet } from "../base/text.ts";
import type { IntentContext, IntentSandbox } from "../schema/intent.ts";
import { looksLikeCredential } from "./intent_credentials.ts";
import { normalAgent } from "./intent_delegation.ts";
import { digestOrNone, type Flaws, needed, note } from "./intent_flaws.ts";
import { normalPayload } from "./intent_payload.ts";

/** A variable and its value, which may be a secret. */
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*=/;
const PROOF = /^(?:ref|receipt|proof|sandbox|sha256):/i;

/**
 * A path trimmed and cleaned until neither changes it: cleaning can uncover blanks at an end, and trimming a part to clean. Only the
 * parts at the ends can change, so each is looked at once from either side.
 */
export const cleanFolder = (path: string): string => {
  const cleaned = cleanPath(trim(path));
  if (trim(cleaned) === cleaned) return cleaned; // nearly always
  let absolute = cleaned.startsWith("/");
  const parts = cleaned.split("/").slice(absolute ? 1 : 0);
  let from = 0;
  for (let settled = false; !settled && from < parts.length;) {
    const [first = "", last = ""] = [parts[from], parts.at(-1)];
    const alone = parts.length - from === 1;
    const end = alone && !absolute ? trim(last) : trim(`x${last}`).slice(1);
    const start = alone ? end : absolute ? first : trim(`${first}x`).slice(0, -1);
    settled = start === first && end === last;
    parts[parts.length - 1] = end;
    parts[from] = start;
    if (start === "" || start === ".") {
      absolute ||= start === "" && !alone; // what is left of the text begins with the separator
      from++;
    }
    if (from === parts.length) break;
    if (end === "" || end === ".") parts.pop();
    else if (end === ".." && end !== last) climb(parts, from, absolute);
  }
  const kept = parts.slice(from).join("/");
  return absolute ? `/${kept}` : kept || ".";
};

// Takes back the part before a last one that has turned out to be `..`.
const climb = (parts: string[], from: number, absolute: boolean): void => {
  const before = parts.length - from > 1 ? parts.at(-2) : undefined;
  if (before === undefined ? absolute : before !== "..") parts.splice(before === undefined ? -1 : -2);
};

const cleanPaths = (paths: readonly string[], pointer: string, flaws: Flaws): readonly string[] => {
  const cleaned = paths.map(cleanFolder);
  // The set was sorted, so the index in the text is not known.
  if ([...paths, ...cleaned].some((path) => ASSIGNMENT.test(path))) {
    note(flaws, pointer, "must hold paths, not NAME=value");
  }
  return trimmedSet(cleaned.filter((path) => path !== "."));
};

const isEmpty = (sandbox: IntentSandbox): boolean =>
  Object.values(sandbox).every((value) => value === "" || value === 0 || Array.isArray(value) && value.length === 0);

const normalSandbox = (given: IntentSandbox, pointer: string, flaws: Flaws): IntentSandbox | undefined => {
  const { evidence_ref, evidence_digest } = given;
  if (ASSIGNMENT.test(evidence_ref) || looksLikeCredential(evidence_ref) && !PROOF.test(evidence_ref)) {
    const words = "must be a reference to the proof, such as receipt:17, not NAME=value or a credential";
    note(flaws, `${pointer}/evidence_ref`, words, "intent_credential");
  }
  digestOrNone(flaws, `${pointer}/evidence_digest`, evidence_digest);
  const normal = {
    ...given,
    writable_paths: cleanPaths(given.writable_paths, `${pointer}/writable_paths`, flaws),
    read_only_roots: cleanPaths(given.read_only_roots, `${pointer}/read_only_roots`, flaws),
  };
  return isEmpty(normal) ? undefined : normal;
};

/** The context of a call in normal form; `pointer` is where it stands. */
export function normalContext(given: IntentContext, pointer: string, flaws: Flaws): IntentContext {
  for (const name of ["identity", "workspace", "risk_class"] as const) needed(flaws, `${pointer}/${name}`, given[name]);
  digestOrNone(flaws, `${pointer}/context_set_digest`, given.context_set_digest);
  const auth_context = normalPayload(given.auth_context, `${pointer}/auth_context`, flaws);
  return {
    ...given,
    workspace: given.workspace.replaceAll("\\", "/"),
    phase: given.phase || "apply",
    agent_identity: given.agent_identity && normalAgent(given.agent_identity, `${pointer}/agent_identity`, flaws),
    auth_context: Object.keys(auth_context).length === 0 ? undefined : auth_context,
    sandbox: given.sandbox && normalSandbox(given.sandbox, `${pointer}/sandbox`, flaws),
  };
}
