// Questions to a broker, and answers to them, for tests.
import type { BrokerAnswer } from "../../core/authority/broker_answer.ts";
import { type Asked, askFor } from "../../core/authority/broker_request.ts";
import { utf8 } from "../../core/base/bytes.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { ZERO_TIME } from "../../core/base/time.ts";
import { nodeHost } from "../../host/node.ts";

export const { crypto } = nodeHost;

/** What is asked for a rotation. */
export const asking = (of: Partial<Asked["request"]> = {}): Asked => {
  const request = {
    ToolName: "vault.rotate",
    Identity: "svc.ledger",
    Workspace: "/srv/ledger",
    SessionID: "s",
    RequestID: "r",
    RunID: "run-5",
    JobID: "job-6",
    Reference: "prod-db",
    TargetBinding: "b".repeat(64),
    ...of,
  };
  const asked = askFor(crypto, request, ["rotate", "read"]);
  if (asked === undefined) throw new Error("it names its tool and its caller");
  return asked;
};

export const ASKED = asking();

/** An answer that is as it should be. */
export const answer = (of: Partial<BrokerAnswer> = {}): BrokerAnswer => ({
  issued_by: "desk",
  source: "vault_dynamic",
  access_type: "jit",
  issuer: "vault-1",
  subject: "svc.ledger",
  owner: "svc.ledger",
  scope: ["read", "rotate"],
  credential_ref: "ref:1",
  target_binding: ASKED.request.TargetBinding,
  run_binding: "run-5",
  job_binding: "job-6",
  request_digest: ASKED.digest,
  issued_at: ZERO_TIME,
  expires_at: ZERO_TIME,
  ttl_seconds: 60,
  ...of,
});

/** What a program prints. */
export const printed = (json: JsonObject | string): Uint8Array => utf8(typeof json === "string" ? json : JSON.stringify(json));
