// The two brokers that need no program (spec 03, section 6.3): one for trying things out, one that reads the environment.
import { utf8 } from "../base/bytes.ts";
import { sha256Hex } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import { trim } from "../base/text.ts";
import { toUtc, ZERO_TIME } from "../base/time.ts";
import type { BrokerAnswer } from "./broker_answer.ts";
import type { Asked } from "./broker_request.ts";

const REF_DIGITS = 24;
const VALUE_DIGITS = 16;
const STUB_SECONDS = 300;

const bindings = ({ request, digest }: Asked) => ({
  scope: request.Scope,
  target_binding: request.TargetBinding,
  run_binding: request.RunID,
  job_binding: request.JobID,
  request_digest: digest,
});

/** A credential that opens nothing, for trying out a policy. */
export function stubAnswer(crypto: Crypto, asked: Asked, now: string): BrokerAnswer {
  const { ToolName, Identity, Workspace, SessionID, RequestID, Reference, Scope } = asked.request;
  const parts = [ToolName, Identity, Workspace, SessionID, RequestID, Reference, Scope.join(",")];
  return {
    ...bindings(asked),
    issued_by: "stub",
    source: "stub",
    access_type: "jit",
    issuer: "stub",
    subject: Identity,
    owner: Identity,
    credential_ref: `stub:${sha256Hex(crypto, utf8(parts.join("|"))).slice(0, REF_DIGITS)}`,
    issued_at: now,
    expires_at: ZERO_TIME,
    ttl_seconds: STUB_SECONDS,
  };
}

// A character whose upper case is several characters has none.
const upperChar = (char: string): string => {
  const upper = char.toUpperCase();
  return Array.from(upper).length === 1 ? upper : char;
};

/** The name of the variable for a reference: upper case, everything else one underscore. */
export const variableFor = (prefix: string, reference: string): string => {
  const upper = Array.from(reference, upperChar).join("");
  const name = upper.replace(/[.-]/g, "_").replace(/[^A-Z0-9_]+/g, "_").replace(/^_+|_+$/g, "");
  return `${prefix}${name === "" ? "DEFAULT" : name}`;
};

const instant = (text: string): string => toUtc(trim(text)) ?? ZERO_TIME;

/** The credential that a variable holds, named by a digest of its value, which goes nowhere; a text says that it is not set. */
export function envAnswer(
  crypto: Crypto,
  asked: Asked,
  prefix: string,
  get: (name: string) => string | undefined,
): BrokerAnswer | string {
  const { request } = asked;
  const key = variableFor(prefix, request.Reference === "" ? request.ToolName : request.Reference);
  const value = trim(get(key) ?? "");
  if (value === "") return `the variable "${key}" is not set, or blank`;
  const said = (suffix: string): string => trim(get(`${key}${suffix}`) ?? "");
  const scope = said("_SCOPE").split(",").map(trim).filter((word) => word !== "");
  const own = bindings(asked);
  const ttl = said("_TTL_SECONDS");
  return {
    issued_by: "env",
    source: said("_SOURCE") || "env",
    access_type: said("_ACCESS_TYPE") || "unknown",
    issuer: said("_ISSUER") || "env",
    subject: said("_SUBJECT") || request.Identity,
    owner: said("_OWNER") || request.Identity,
    scope: scope.length === 0 ? own.scope : scope,
    credential_ref: `env:${key}:${sha256Hex(crypto, utf8(value)).slice(0, VALUE_DIGITS)}`,
    target_binding: said("_TARGET_BINDING") || own.target_binding,
    run_binding: said("_RUN_BINDING") || own.run_binding,
    job_binding: said("_JOB_BINDING") || own.job_binding,
    request_digest: own.request_digest,
    issued_at: instant(said("_ISSUED_AT")),
    expires_at: instant(said("_EXPIRES_AT")),
    ttl_seconds: /^[+]?0*[1-9][0-9]{0,14}$/.test(ttl) ? Number(ttl) : 0,
  };
}
