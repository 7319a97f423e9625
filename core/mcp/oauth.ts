// What a call says of how its caller came by its access (spec 05, section 2.3): under profile oss-prod it has to prove it.
import { quoted } from "../base/json_words.ts";
import { isJsonObject, type Json } from "../base/json_value.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { fitShape } from "../base/shape.ts";
import { lower, trim } from "../base/text.ts";
import { canonicalTime, isZeroTime } from "../base/time.ts";
import type { Profile } from "../schema/gate_words.ts";
import { type CallContext, type OauthEvidence, OauthEvidenceShape, type ToolCall } from "../schema/tool_call.ts";

const MODES = ["off", "none", "token", "oauth", "oauth_dcr"] as const;

const NEEDED = [
  "issuer",
  "audience",
  "subject",
  "client_id",
  "token_type",
  "scopes",
  "redirect_uri",
  "evidence_ref",
  "auth_time",
] as const;

const NEEDED_OF_DCR = [...NEEDED, "dcr_client_id", "token_binding"] as const;

const PLACES = { own: "/context/oauth_evidence", carried: "/context/auth_context/oauth_evidence" } as const;

/** Checks how the caller of a call has access. Fault `oauth_refused` with the JSON pointer of what does not hold. */
export function checkOauth({ context }: ToolCall, profile: Profile): Result<void> {
  const mode = modeOf(context);
  switch (mode) {
    case "":
    case "off":
    case "none":
    case "token":
      return ok(undefined);
    case "oauth":
    case "oauth_dcr":
      return profile === "oss-prod" ? checkEvidence(context, mode === "oauth" ? NEEDED : NEEDED_OF_DCR) : ok(undefined);
    default: {
      const pointer = context.auth_mode === "" ? "/context/auth_context/oauth_mode" : "/context/auth_mode";
      return refuse(pointer, `must be one of ${MODES.join(", ")}, not ${quoted(mode)}`);
    }
  }
}

const refuse = (pointer: string, words: string): Result<never> =>
  fail("oauth_refused", `Cannot decide the call: member "${pointer}" ${words}`, { pointer });

function modeOf({ auth_mode, auth_context, oauth_evidence }: CallContext): string {
  const carried = auth_context?.["oauth_mode"];
  const mode = auth_mode || (typeof carried === "string" ? trim(carried) : "");
  return mode === "" && oauth_evidence !== undefined ? "oauth" : lower(mode);
}

function checkEvidence(context: CallContext, needed: typeof NEEDED | typeof NEEDED_OF_DCR): Result<void> {
  const place = context.oauth_evidence === undefined ? PLACES.carried : PLACES.own;
  const evidence = context.oauth_evidence === undefined
    ? evidenceIn(context.auth_context?.["oauth_evidence"])
    : ok(context.oauth_evidence);
  if (!evidence.ok) return evidence;
  const { value } = evidence;
  if (value === undefined) return refuse(PLACES.own, "must be there under profile oss-prod");
  const blank = needed.find((name) => [value[name]].flat().every((text) => trim(text) === ""));
  if (blank !== undefined) return refuse(`${place}/${blank}`, "must not be blank under profile oss-prod");
  if (canonicalTime(value.auth_time) === undefined || isZeroTime(value.auth_time)) {
    return refuse(
      `${place}/auth_time`,
      `must be an RFC 3339 time, such as 2026-03-01T10:00:00Z, not ${quoted(value.auth_time)}`,
    );
  }
  return ok(undefined);
}

// Evidence that came with the caller's authority, of which nothing is known yet.
function evidenceIn(json: Json | undefined): Result<OauthEvidence | undefined> {
  if (json === undefined || json === null) return ok(undefined);
  if (!isJsonObject(json)) return refuse(PLACES.carried, "must be an object");
  const read = fitShape(OauthEvidenceShape, json);
  return read.ok ? read : refuse(`${PLACES.carried}${read.misfit.pointer}`, read.misfit.wanted);
}
