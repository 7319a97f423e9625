// `gait approvals wait`: sleeps until a request is decided or ends, for scripts that go on with what was decided.
import { decisionFailure } from "../../core/authority/approver_decision.ts";
import { durationNs } from "../../core/base/duration.ts";
import type { ExitName } from "../../core/base/errors.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import type { VerifyKey } from "../../core/base/sign.ts";
import { byTime, later, millisecondsBetween } from "../../core/base/time.ts";
import type { Ports } from "../../core/ports.ts";
import { findRequest, type Found, fullId, INBOX_FLAG } from "../approvals_inbox.ts";
import { type Told, toldLine, toldOf } from "../approvals_view.ts";
import { command } from "../command.ts";
import { loadVerifyKey, PUBLIC_KEY_FLAGS } from "../key_sources.ts";

type State = Found["standing"]["state"];

type Waited = {
  readonly ok: boolean;
  readonly request_id: string;
  readonly state: State;
  /** What to give to --approval-token, the others to --approval-token-chain. */
  readonly token_paths: readonly string[];
  readonly decisions: readonly Told[];
  readonly expires_at: string;
  readonly warnings: readonly string[];
};

const EXITS: Readonly<Record<Exclude<State, "damaged">, ExitName>> = {
  approved: "ok",
  pending: "approval",
  denied: "blocked",
  expired: "blocked",
};

/** How long it sleeps between two looks: short at first, so that a quick answer is told at once. */
const SHORTEST = 50;
const LONGEST = 1_000;

const UNVERIFIED = "Nobody has checked who decided: give --public-key, or let gait gate eval check the token";

export default command({
  path: ["approvals", "wait"],
  summary: "Wait until a request is decided",
  explain:
    "Waits until a request is approved (exit 0), denied or over (3), or until the timeout (4); it decides nothing itself.",
  flags: {
    ...INBOX_FLAG,
    id: { kind: "text", doc: "Its id in full", value: "id", required: true },
    timeout: { kind: "text", doc: "How long to wait, such as 10m; until the request ends unless given", value: "duration" },
    ...PUBLIC_KEY_FLAGS,
  },
  examples: ["gait approvals wait --id <id> --timeout 10m --public-key approver.pub"],
  needs: ["files", "env", "clock", "timer", "host"],
  async run(values, ports) {
    const id = fullId(values.id);
    if (!id.ok) return id;
    const key = await loadVerifyKey(values, ports);
    if (!key.ok) return key;
    const end = endOf(values.timeout, ports.clock.now());
    if (!end.ok) return end;
    const found = await settled(values.dir, id.value, end.value, ports);
    if (!found.ok) return found;
    const { request, standing, decisions } = found.value;
    const { state } = standing;
    if (state === "damaged") return fail("request_changed", `Cannot wait for request "${id.value}": ${standing.flaw}`);
    const told = await checked(found.value, key.value, ports);
    if (!told.ok) return told;
    const data: Waited = {
      ok: state === "approved",
      request_id: id.value,
      state,
      token_paths: state === "approved" ? decisions.map(({ path }) => path) : [],
      decisions: told.value,
      expires_at: request.expires_at,
      warnings: key.value === undefined && decisions.length > 0 ? [UNVERIFIED] : [],
    };
    return ok({ exit: EXITS[state], data });
  },
  lines: (data: Waited) => [
    `approvals wait: ${data.state}`,
    ...data.decisions.map(toldLine),
    ...data.token_paths.map((path) => `token: ${path}`),
    ...data.warnings.map((warning) => `warning: ${warning}`),
  ],
});

/** When to give up; undefined is with the request. Fault `flag_value`. */
function endOf(given: string | undefined, now: string): Result<string | undefined> {
  if (given === undefined || given === "") return ok(undefined);
  const nanoseconds = durationNs(given);
  const end = nanoseconds === undefined || nanoseconds < 0n ? undefined : later(now, nanoseconds);
  return end === undefined
    ? fail("flag_value", `Cannot read value "${given}" of --timeout: wanted is a duration, such as 30s or 10m`)
    : ok(end);
}

/** The request once it is decided or over, or as it is at the end of the time. */
async function settled(
  dir: string,
  id: string,
  end: string | undefined,
  ports: Pick<Ports, "files" | "host" | "clock" | "timer">,
): Promise<Result<Found>> {
  for (let pause = SHORTEST;; pause = Math.min(2 * pause, LONGEST)) {
    const now = ports.clock.now();
    const found = await findRequest(dir, id, now, ports);
    if (!found.ok || found.value.standing.state !== "pending") return found;
    const { expires_at } = found.value.request;
    const until = end !== undefined && byTime(end, expires_at) < 0 ? end : expires_at;
    const left = millisecondsBetween(now, until);
    if (end !== undefined && byTime(now, end) >= 0) return found;
    await ports.timer.sleep(Math.max(1, Math.min(pause, left)));
  }
}

/** The decisions, checked by the key if there is one. Faults `token_refused`, `signature_failed`: then nobody knows who decided. */
async function checked(
  { id, request, decisions }: Found,
  key: VerifyKey | undefined,
  { host, clock }: Pick<Ports, "host" | "clock">,
): Promise<Result<readonly Told[]>> {
  const told: Told[] = [];
  for (const filed of decisions) {
    if (key === undefined || !filed.decision.ok) {
      told.push(toldOf(filed, undefined));
      continue;
    }
    const { value } = filed.decision;
    const failure = await decisionFailure(host.crypto, value, request, key, clock.now());
    if (failure !== undefined && failure !== "approval_token_expired") {
      const code = value.kind === "approval" ? "token_refused" : "signature_failed";
      const message =
        `Cannot take the decision about request "${id}": "${filed.path}" does not hold under this key (${failure})`;
      return { ok: false, fault: { code, message, at: { file: filed.path }, reason: failure } };
    }
    told.push(toldOf(filed, failure ?? ""));
  }
  return ok(told);
}
