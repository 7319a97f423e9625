// From a call to the request that the gate decides (spec 05, section 1.2). Nothing here is in normal form yet: trimming inside of
// arguments, sorting and all checks are for the reader of intents, so that a call from anywhere comes to one intent.
import { isJsonList, type Json, type JsonObject } from "../base/json_value.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { lower, trim } from "../base/text.ts";
import { isZeroTime } from "../base/time.ts";
import type { Profile } from "../schema/gate_words.ts";
import { VERSION_1 } from "../schema/heading.ts";
import { INTENT_ID } from "../schema/intent.ts";
import {
  type CallContext,
  type CallTarget,
  type OauthEvidence,
  OauthEvidenceShape,
  type ToolCall,
} from "../schema/tool_call.ts";

/** What stands for a context that says nothing. */
const DEFAULTS = { identity: "mcp-proxy", workspace: ".", risk_class: "high" } as const;

const NEEDED = ["identity", "workspace", "session_id"] as const;

/** The members of the context that a call of profile oss-prod has to fill and this one does not. */
export const blankContext = ({ context }: ToolCall): readonly (typeof NEEDED[number])[] =>
  NEEDED.filter((name) => context[name] === "");

/** The intent request that a call comes to, as a document. Fault `profile_refused` for a context that oss-prod wants filled. */
export function intentRequest(call: ToolCall, profile: Profile): Result<JsonObject> {
  const [blank] = profile === "oss-prod" ? blankContext(call) : [];
  if (blank !== undefined) {
    const pointer = `/context/${blank}`;
    return fail("profile_refused", `Cannot decide under profile oss-prod: member "${pointer}" of the call must not be blank`, {
      pointer,
    });
  }
  const { name, args, arg_provenance, script, context, delegation, created_at } = call;
  const steps = script?.steps ?? [];
  return ok(filledIn({
    schema_id: INTENT_ID,
    schema_version: VERSION_1,
    created_at: isZeroTime(created_at) ? undefined : created_at,
    ...(steps.length === 0 ? { tool_name: name, args: args ?? {} } : {
      tool_name: "script",
      args: {},
      script: {
        steps: steps.map((step) => ({
          tool_name: step.name,
          args: step.args ?? {},
          targets: step.targets.map(intentTarget),
          arg_provenance: step.arg_provenance,
        })),
      },
    }),
    targets: targetsOf(call),
    arg_provenance,
    delegation: delegation && filledIn(delegation),
    context: contextOf(context),
  }));
}

// The members that say something: to the reader of intents, blank and absent are the same.
const filledIn = (members: Readonly<Record<string, Json | undefined>>): JsonObject => {
  const filled: Record<string, Json> = {};
  for (const name of Object.keys(members)) {
    const value = members[name];
    if (value === undefined || value === "" || value === false || isJsonList(value) && value.length === 0) continue;
    filled[name] = value;
  }
  return filled;
};

function targetsOf({ target, targets }: ToolCall): readonly JsonObject[] {
  if (targets.length > 0) return targets.map(intentTarget);
  if (target === "") return [];
  return [{ kind: target.includes("://") ? "url" : target.includes("/") ? "path" : "host", value: target }];
}

function intentTarget(given: CallTarget): JsonObject {
  const { kind, value, operation, sensitivity, annotations = {} } = given;
  const hint = (snake: keyof CallTarget & string, camel: keyof CallTarget & string): boolean =>
    truthIn(annotations, snake) ?? truthIn(annotations, camel) ?? (given[snake] === true || given[camel] === true);
  return filledIn({
    kind,
    value,
    operation,
    sensitivity,
    discovery_method: textIn(annotations, "discovery_method") || textIn(annotations, "discoveryMethod") ||
      given.discovery_method || given.discoveryMethod,
    read_only_hint: hint("read_only_hint", "readOnlyHint"),
    destructive_hint: hint("destructive_hint", "destructiveHint"),
    idempotent_hint: hint("idempotent_hint", "idempotentHint"),
    open_world_hint: hint("open_world_hint", "openWorldHint"),
  });
}

const TRUTHS: ReadonlyMap<string, boolean> = new Map([["true", true], ["false", false]]);

// What an annotation says; undefined where it is absent or says neither.
function truthIn(annotations: JsonObject, key: string): boolean | undefined {
  const value = annotations[key];
  if (typeof value === "boolean") return value;
  return typeof value === "string" ? TRUTHS.get(lower(trim(value))) : undefined;
}

function textIn(annotations: JsonObject, key: string): string {
  const value = annotations[key];
  return typeof value === "string" ? trim(value) : "";
}

function contextOf(context: CallContext): JsonObject {
  const { identity, workspace, risk_class, auth_mode, oauth_evidence, auth_context } = context;
  const { phase, job_id, session_id, request_id, credential_scopes, environment_fingerprint } = context;
  const authority = {
    ...auth_context,
    ...filledIn({ auth_mode, oauth_evidence: oauth_evidence && evidenceOf(oauth_evidence) }),
  };
  return filledIn({
    identity: identity || DEFAULTS.identity,
    workspace: workspace || DEFAULTS.workspace,
    risk_class: risk_class || DEFAULTS.risk_class,
    phase,
    job_id,
    session_id,
    request_id,
    auth_context: Object.keys(authority).length === 0 ? undefined : authority,
    credential_scopes,
    environment_fingerprint,
  });
}

function evidenceOf(evidence: OauthEvidence): JsonObject | undefined {
  const named = (texts: readonly string[]): readonly string[] => texts.map(trim).filter((text) => text !== "");
  const { audience, scopes } = evidence;
  const written = writeShape(OauthEvidenceShape, { ...evidence, audience: named(audience), scopes: named(scopes) });
  return Object.keys(written).length === 0 ? undefined : written;
}
