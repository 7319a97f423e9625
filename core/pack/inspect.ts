// What job, call and authorization packs show (spec 04, section 5). Nothing is held against a digest or a contract: what does not parse
// is left out.
import type { JsonObject } from "../base/json_value.ts";
import type { Result } from "../base/result.ts";
import { type Shape, writeShape } from "../base/shape.ts";
import { by } from "../base/order.ts";
import { AUTHORIZATION_BUNDLE, AuthorizationBundleShape, PackAuthorizationShape } from "../schema/authorization_bundle.ts";
import { JobEventShape, JobStateShape } from "../schema/job.ts";
import { CALL_PAYLOAD, PackCallShape } from "../schema/pack_call.ts";
import { JOB_EVENTS, JOB_PAYLOAD, JOB_STATE, PackJobShape } from "../schema/pack_job.ts";
import { type PackEntries, readEntry, readLines } from "./entries.ts";
import { authorizationSummary } from "./payload_authorization.ts";

/** Documents by the name under which they are shown. */
export type Shown = Readonly<Record<string, JsonObject>>;

/** A document under its name, or nothing. */
export const shown = (name: string, document: Result<JsonObject>): Shown => document.ok ? { [name]: document.value } : {};

/** A document of a pack as its shape writes it. */
export async function documentOf<T>(entries: PackEntries, shape: Shape<T>, path: string): Promise<Result<JsonObject>> {
  const read = await readEntry(entries, shape, path);
  return read.ok ? { ok: true, value: writeShape(shape, read.value.value) } : read;
}

/** What a job pack shows. */
export async function inspectJob(entries: PackEntries): Promise<Shown> {
  const payload = await documentOf(entries, PackJobShape, JOB_PAYLOAD);
  return { ...shown("job_payload", payload), ...shown("job_lineage", await jobLineage(entries)) };
}

async function jobLineage(entries: PackEntries): Promise<Result<JsonObject>> {
  const state = await readEntry(entries, JobStateShape, JOB_STATE);
  if (!state.ok) return state;
  const events = await readLines(entries, JobEventShape, JOB_EVENTS);
  if (!events.ok) return events;
  const last = events.value.at(-1)?.type ?? "";
  const refs = state.value.value.checkpoints.map(({ checkpoint_id, type, reason_code }) => ({
    checkpoint_id,
    type,
    reason_code,
  }))
    .sort(by(({ checkpoint_id }) => checkpoint_id));
  return {
    ok: true,
    value: {
      event_count: events.value.length,
      ...(last === "" ? {} : { last_event_type: last }),
      ...(refs.length === 0 ? {} : { checkpoint_refs: refs }),
    },
  };
}

/** What a call pack shows. */
export const inspectCall = async (entries: PackEntries): Promise<Shown> =>
  shown("call_payload", await documentOf(entries, PackCallShape, CALL_PAYLOAD));

/** What an authorization pack shows. */
export async function inspectAuthorization(entries: PackEntries): Promise<Shown> {
  const bundle = await readEntry(entries, AuthorizationBundleShape, AUTHORIZATION_BUNDLE);
  if (!bundle.ok) return {};
  const { value } = bundle.value;
  return {
    authorization_bundle: writeShape(AuthorizationBundleShape, value),
    authorization_payload: writeShape(PackAuthorizationShape, authorizationSummary(value)),
  };
}
