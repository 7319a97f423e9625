// What a broker answers, brought into one form (spec 03, section 6.2). It names a credential and never holds it.
import { durationNsOfSeconds } from "../base/duration.ts";
import { lower, trim } from "../base/text.ts";
import { byTime, isZeroTime, later, secondsBetween, toUtc, ZERO_TIME } from "../base/time.ts";
import { type Asked, lowerOnce } from "./broker_request.ts";

/** An answer as a broker gives it; times are the zero time where they are not known. */
export type BrokerAnswer = {
  readonly issued_by: string;
  readonly source: string;
  readonly access_type: string;
  readonly issuer: string;
  readonly subject: string;
  readonly owner: string;
  readonly scope: readonly string[];
  readonly credential_ref: string;
  readonly target_binding: string;
  readonly run_binding: string;
  readonly job_binding: string;
  readonly request_digest: string;
  readonly issued_at: string;
  readonly expires_at: string;
  readonly ttl_seconds: number;
};

/** The answer in its one form; `broker` is the name of who was asked. Undefined when it names no credential. */
export function normalAnswer(answer: BrokerAnswer, asked: Asked, broker: string, now: string): BrokerAnswer | undefined {
  const credential_ref = trim(answer.credential_ref);
  if (credential_ref === "") return undefined;
  const expires = toUtc(answer.expires_at) ?? ZERO_TIME;
  const given = toUtc(answer.issued_at) ?? ZERO_TIME;
  const issued_at = isZeroTime(given) && !isZeroTime(expires) ? now : given;
  const known = !isZeroTime(issued_at);
  const lasts = known && !isZeroTime(expires) && byTime(expires, issued_at) > 0;
  const ttl_seconds = answer.ttl_seconds === 0 && lasts ? secondsBetween(issued_at, expires) : answer.ttl_seconds;
  const derived = isZeroTime(expires) && known && ttl_seconds > 0
    ? later(issued_at, durationNsOfSeconds(ttl_seconds))
    : undefined;
  return {
    issued_by: trim(answer.issued_by) || broker,
    source: lower(trim(answer.source)) || broker,
    access_type: lower(trim(answer.access_type)),
    issuer: trim(answer.issuer),
    subject: trim(answer.subject),
    owner: trim(answer.owner),
    scope: lowerOnce(answer.scope),
    credential_ref,
    target_binding: trim(answer.target_binding),
    run_binding: trim(answer.run_binding),
    job_binding: trim(answer.job_binding),
    request_digest: lower(trim(answer.request_digest)) || asked.digest,
    issued_at,
    expires_at: derived ?? expires,
    ttl_seconds,
  };
}
