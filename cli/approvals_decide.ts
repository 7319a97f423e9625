// Deciding requests of an inbox: which ones, and making a decision stand. A decision is a file that can be made once: of two approvers who
// race, one finds that the other was first.
import { decisionName, setDigest } from "../core/authority/pending.ts";
import { utf8 } from "../core/base/bytes.ts";
import type { JsonObject } from "../core/base/json.ts";
import { joinPath, outputPath } from "../core/base/paths.ts";
import { prettyText } from "../core/base/pretty.ts";
import { fail, type Fault, ok, type Result } from "../core/base/result.ts";
import type { Ports } from "../core/ports.ts";
import { findRequest, type Found, fullId, INBOX_FLAG, type InboxPorts, listInbox } from "./approvals_inbox.ts";
import { MINT_FLAGS } from "./mint.ts";
import { type KeyPorts, type KeyValues, loadSigner, PRIVATE_KEY_FLAGS, type Signer } from "./key_sources.ts";

/** Flags of everything that decides. */
export const DECIDE_FLAGS = {
  ...INBOX_FLAG,
  id: { kind: "text", doc: "Ids of the requests in full, comma-separated", value: "list" },
  approver: { kind: "text", doc: "Who decides", value: "name", required: true },
  "reason-code": { kind: "text", doc: "Why", value: "code", required: true },
  // A decision stands, so it is worth a key that lasts.
  "key-mode": { ...MINT_FLAGS["key-mode"], default: "prod" },
  ...PRIVATE_KEY_FLAGS,
} as const;

/** The key that an approver signs with. Faults of `loadSigner`. */
export const signerOf = (
  values: KeyValues & { readonly "key-mode": string },
  ports: KeyPorts & Pick<Ports, "random">,
): Promise<Result<Signer>> => {
  const keys = { "private-key": values["private-key"], "private-key-env": values["private-key-env"] };
  return loadSigner(values["key-mode"], keys, ports);
};

/** Which requests are to be decided: by their ids, or all that wait. */
export type Choice = { readonly id: string | undefined; readonly all: boolean; readonly set: string };

/** The requests that are chosen, all of them open to this approver. Faults: those of usage and of requests that cannot be decided. */
export async function chosen(
  dir: string,
  { id = "", all, set }: Choice,
  approver: string,
  now: string,
  ports: InboxPorts,
): Promise<Result<readonly Found[]>> {
  if ((id === "") !== all) return fail("usage", "Cannot decide: expected --id or --all, one of them");
  if (set !== "" && !all) return fail("usage", "Cannot take --set without --all: ids say themselves what they are");
  return all ? await allOpen(dir, set, approver, now, ports) : await byIds(dir, id, approver, now, ports);
}

async function byIds(
  dir: string,
  given: string,
  approver: string,
  now: string,
  ports: InboxPorts,
): Promise<Result<readonly Found[]>> {
  const found = new Map<string, Found>();
  for (const text of given.split(",")) {
    const id = fullId(text);
    if (!id.ok) return id;
    const request = await findRequest(dir, id.value, now, ports);
    if (!request.ok) return request;
    const closed = closedTo(request.value, approver);
    if (closed !== undefined) return { ok: false, fault: closed };
    found.set(id.value, request.value);
  }
  return ok([...found.values()].toSorted((a, b) => a.id < b.id ? -1 : 1));
}

async function allOpen(
  dir: string,
  set: string,
  approver: string,
  now: string,
  ports: InboxPorts,
): Promise<Result<readonly Found[]>> {
  const listed = await listInbox(
    dir,
    now,
    ({ id, found }) => found.ok && found.value.standing.state === "pending" ? [id] : [],
    ports,
  );
  if (!listed.ok) return listed;
  const pending = (listed.value ?? []).flat();
  if (set !== "" && setDigest(ports.host.crypto, pending) !== set) {
    return fail("inbox_differs", `Cannot decide all of "${dir}": what is pending is not the set "${set}" any more`);
  }
  const open: Found[] = [];
  for (const id of pending) {
    const found = await findRequest(dir, id, now, ports);
    if (!found.ok) return found; // a list does not look at all of it
    if (closedTo(found.value, approver) === undefined) open.push(found.value);
  }
  return open.length === 0
    ? fail("request_missing", `Cannot decide all of "${dir}": nothing in it waits for "${approver}"`)
    : ok(open);
}

/** Why a request cannot be decided by somebody; undefined when it can. */
function closedTo({ id, request, standing }: Found, approver: string): Fault | undefined {
  const { state, flaw, approvals } = standing;
  if (state === "damaged") return { code: "request_changed", message: `Cannot decide request "${id}": ${flaw}` };
  if (state !== "pending") return { code: "request_closed", message: `Cannot decide request "${id}": it is ${state}` };
  const before = approvals.some(({ token }) => token.approver_identity === approver);
  return before && request.distinct_approvers
    ? {
      code: "request_closed",
      message: `Cannot decide request "${id}": "${approver}" approved it already, another approver is wanted`,
    }
    : undefined;
}

/**
 * Makes a decision stand: writes it as the next one about its request, unless others have closed that meanwhile or it stands already; the
 * `token_id` of a denial is empty. Gives its path. Faults `request_closed`, `request_changed`, `write_failed`.
 */
export async function stand(
  dir: string,
  { id, request }: Found,
  decision: JsonObject,
  { approver, token_id }: { readonly approver: string; readonly token_id: string },
  ports: InboxPorts & Pick<Ports, "store" | "clock">,
): Promise<Result<string>> {
  const bytes = utf8(prettyText(decision));
  for (let tries = 0; tries <= request.required_approvals; tries++) {
    const found = await findRequest(dir, id, ports.clock.now(), ports);
    if (!found.ok) return found;
    const closed = closedTo(found.value, approver);
    if (closed !== undefined) return { ok: false, fault: closed };
    // It would count once, and take the place of another.
    if (found.value.standing.approvals.some(({ token }) => token.token_id === token_id)) {
      return fail("request_closed", `Cannot decide request "${id}": the approval "${token_id}" stands already`);
    }
    const path = outputPath(joinPath(dir, decisionName(id, found.value.decisions.length + 1)), "the decision");
    if (!path.ok) return path;
    const written = await ports.store.write(path.value, bytes, "create");
    if (written.ok) return ok(path.value);
    if (written.fault.code !== "file_exists") return written;
  }
  return fail("request_closed", `Cannot decide request "${id}": others decide it at the same time`);
}
