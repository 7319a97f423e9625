// The inbox of pending requests where it is kept: a folder of files that are made once and never changed. What a request is and where it
// stands is found out from them alone.
import { type ApproverDecision, readDecision, type RequestStanding, standing } from "../core/authority/approver_decision.ts";
import { decisionName, glancePending, inboxName, PENDING_LIMIT, requestName } from "../core/authority/pending.ts";
import { TOKEN_LIMIT } from "../core/authority/token.ts";
import type { Crypto } from "../core/base/host.ts";
import { joinPath } from "../core/base/paths.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { isHex64, lower, trim } from "../core/base/text.ts";
import { byTime } from "../core/base/time.ts";
import { openPending } from "../core/flow/pending_request.ts";
import type { Ports } from "../core/ports.ts";
import type { PendingGlance, PendingRequest } from "../core/schema/pending_request.ts";

/** Where the inbox is unless a flag says otherwise. */
export const INBOX = ".gait-out/approvals";

/** The flag that names it. */
export const INBOX_FLAG = {
  dir: { kind: "text", doc: "Folder of the pending requests", value: "folder", default: INBOX, complete: "path" },
} as const;

/** The ports that looking at an inbox takes. */
export type InboxPorts = Pick<Ports, "files" | "host">;

/** A decision about a request, and the file that holds it. */
export type FiledDecision = { readonly path: string; readonly decision: Result<ApproverDecision> };

/** A request, where it stands, and the decisions about it. */
export type Found<R extends PendingGlance = PendingRequest> = {
  readonly id: string;
  readonly request: R;
  readonly standing: RequestStanding;
  readonly decisions: readonly FiledDecision[];
};

/** A request of a list, read as far as a list tells of it; one that cannot be read says why. */
export type Listed = { readonly id: string; readonly found: Result<Found<PendingGlance>> };

/** The ids of all requests of an inbox, in byte order, and the numbers of the decisions about each. */
type Names = { readonly ids: readonly string[]; readonly decisions: ReadonlyMap<string, readonly number[]> };

/** Whether an inbox can be at a path: in a folder, or where nothing is yet; an empty path names none. Fault `path_refused`. */
export async function checkInbox(dir: string, { files }: Pick<Ports, "files">): Promise<Result<void>> {
  const kind = dir === "" ? "none" : await files.kind(dir);
  return kind === "folder" || kind === "none"
    ? ok(undefined)
    : fail("path_refused", `Cannot use "${dir}" as an inbox: it is not a folder`, { file: dir });
}

/** What there is by name; undefined without a folder. */
async function inboxNames(dir: string, ports: Pick<Ports, "files">): Promise<Result<Names | undefined>> {
  const names = await ports.files.list(dir);
  if (!names.ok) {
    if (names.fault.code !== "file_missing") return names;
    const usable = await checkInbox(dir, ports); // a file in the place of the folder is no empty inbox
    return usable.ok ? ok(undefined) : usable;
  }
  const ids: string[] = [];
  const decisions = new Map<string, number[]>();
  for (const name of names.value) {
    const known = inboxName(name);
    if (known?.kind === "request") ids.push(known.id);
    if (known?.kind === "decision") decisions.set(known.id, [...decisions.get(known.id) ?? [], known.nth]);
  }
  return ok({ ids, decisions });
}

/**
 * What `tell` makes of each request of an inbox, in byte order of their ids, one after the other, so that they are never held all at
 * once; undefined without a folder. Faults of a folder that cannot be read.
 */
export async function listInbox<T>(
  dir: string,
  now: string,
  tell: (listed: Listed) => T,
  ports: InboxPorts,
): Promise<Result<readonly T[] | undefined>> {
  const names = await inboxNames(dir, ports);
  if (!names.ok || names.value === undefined) return names.ok ? ok(undefined) : names;
  const told: T[] = [];
  for (const id of names.value.ids) {
    const request = await readRequest(glancePending, dir, id, ports);
    const numbers = names.value.decisions.get(id) ?? [];
    const found = request.ok ? ok(await stand(dir, id, request.value, numbers, now, ports)) : request;
    told.push(tell({ id, found }));
  }
  return ok(told);
}

/** What a call is bound by, as requests name it. */
export type Digests = Pick<PendingGlance, "intent_digest" | "policy_digest" | "delegation_binding_digest">;

const boundTo = ({ intent_digest, policy_digest, delegation_binding_digest }: Digests): string =>
  `${intent_digest} ${policy_digest} ${delegation_binding_digest}`;

/**
 * The requests of an inbox that are about one call, the latest first; those that cannot be read are about none. `known` keeps what others
 * are about, so that each is read once. Faults of a folder that cannot be read.
 */
export async function requestsAbout(
  dir: string,
  call: Digests,
  known: Map<string, string>,
  now: string,
  ports: InboxPorts,
): Promise<Result<readonly Found<PendingGlance>[]>> {
  const names = await inboxNames(dir, ports);
  if (!names.ok) return names;
  const { ids, decisions } = names.value ?? { ids: [], decisions: new Map() };
  const wanted = boundTo(call);
  const found: Found<PendingGlance>[] = [];
  for (const id of ids) {
    if ((known.get(id) ?? wanted) !== wanted) continue;
    const request = await readRequest(glancePending, dir, id, ports);
    if (!request.ok) continue;
    known.set(id, boundTo(request.value));
    if (known.get(id) === wanted) found.push(await stand(dir, id, request.value, decisions.get(id) ?? [], now, ports));
  }
  return ok(found.toSorted((a, b) => byTime(b.request.created_at, a.request.created_at)));
}

/** One request by its id. Faults: `request_missing`, `request_changed`, those of the readers. */
export async function findRequest(dir: string, id: string, now: string, ports: InboxPorts): Promise<Result<Found>> {
  const request = await readRequest(openPending, dir, id, ports);
  if (!request.ok) return request;
  const numbers: number[] = [];
  for (let nth = 1; nth <= request.value.required_approvals; nth++) {
    if (await ports.files.kind(joinPath(dir, decisionName(id, nth))) !== "none") numbers.push(nth);
  }
  return ok(await stand(dir, id, request.value, numbers, now, ports));
}

async function readRequest<R>(
  read: (crypto: Crypto, bytes: Uint8Array, id: string, what: string) => Result<R>,
  dir: string,
  id: string,
  ports: InboxPorts,
): Promise<Result<R>> {
  const path = joinPath(dir, requestName(id));
  const bytes = await ports.files.read(path, PENDING_LIMIT);
  if (bytes.ok) return read(ports.host.crypto, bytes.value, id, path);
  if (bytes.fault.code !== "file_missing") return bytes;
  const usable = await checkInbox(dir, ports);
  return usable.ok
    ? fail("request_missing", `Cannot find request "${id}": the inbox "${dir}" has none of that id`, { file: path })
    : usable;
}

async function stand<R extends PendingGlance>(
  dir: string,
  id: string,
  request: R,
  numbers: readonly number[],
  now: string,
  { files }: InboxPorts,
): Promise<Found<R>> {
  const decisions: FiledDecision[] = [];
  for (const nth of numbers) {
    const path = joinPath(dir, decisionName(id, nth));
    const bytes = await files.read(path, TOKEN_LIMIT);
    decisions.push({ path, decision: bytes.ok ? readDecision(bytes.value, path) : bytes });
  }
  return { id, request, decisions, standing: standing(id, request, decisions.map(({ decision }) => decision), now) };
}

const LEAST_DIGITS = 12;

/** An id that a flag gives in full. Fault `flag_value`: who decides names all of it. */
export function fullId(given: string): Result<string> {
  const id = lower(trim(given));
  return isHex64(id) ? ok(id) : fail(
    "flag_value",
    `Cannot read value "${given}" of --id: wanted are all 64 digits of an id, as gait approvals show prints it`,
  );
}

/** The id that begins with some digits, for looking only. Faults `flag_value`, `request_missing`. */
export async function idOf(given: string, dir: string, ports: Pick<Ports, "files">): Promise<Result<string>> {
  const digits = lower(trim(given));
  if (isHex64(digits)) return ok(digits);
  if (digits.length < LEAST_DIGITS || !/^[0-9a-f]+$/.test(digits)) {
    return fail(
      "flag_value",
      `Cannot read value "${given}" of --id: wanted are the first ${LEAST_DIGITS} or more digits of an id`,
    );
  }
  const names = await inboxNames(dir, ports);
  if (!names.ok) return names;
  const [id, ...others] = (names.value?.ids ?? []).filter((one) => one.startsWith(digits));
  if (id === undefined) return fail("request_missing", `Cannot find request "${given}": no id in the inbox "${dir}" begins so`);
  return others.length === 0
    ? ok(id)
    : fail("request_missing", `Cannot find request "${given}": several ids in the inbox "${dir}" begin so`);
}
