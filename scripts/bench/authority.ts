// Tokens of a call, verified; and the inbox of pending approvals: listing ten thousand requests, as a program of its own, from its start
// to its last line.
import { approvalToken, readApproval } from "../../core/authority/approval_token.ts";
import { signBatch } from "../../core/authority/batch.ts";
import { delegationToken, readDelegation } from "../../core/authority/delegation_token.ts";
import { tokenFor } from "../../core/authority/approver_decision.ts";
import { decisionName, pendingFile } from "../../core/authority/pending.ts";
import { utf8 } from "../../core/base/bytes.ts";
import type { Host } from "../../core/base/host.ts";
import { newKey } from "../../core/base/keys.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { sealRecord } from "../../core/base/record.ts";
import type { Result } from "../../core/base/result.ts";
import { prettyText } from "../../core/base/pretty.ts";
import { writeShape } from "../../core/base/shape.ts";
import { digestSigner } from "../../core/base/sign.ts";
import { finish, NO_FACTS } from "../../core/flow/gate_finish.ts";
import { approvalEntries, delegationEntries } from "../../core/flow/gate_tokens.ts";
import { pendingRequest } from "../../core/flow/pending_request.ts";
import { evaluate } from "../../core/gate/evaluate.ts";
import { intentDigests } from "../../core/gate/intent_digest.ts";
import { policyDigest } from "../../core/gate/policy_digest.ts";
import { ApprovalTokenShape } from "../../core/schema/approval_token.ts";
import { BatchApprovalShape } from "../../core/schema/batch_approval.ts";
import { DelegationTokenShape } from "../../core/schema/delegation_token.ts";
import type { PendingRequest } from "../../core/schema/pending_request.ts";
import { capture, ROOT } from "../tools/run.ts";
import { callOf, compiled, intents, TEN_RULES } from "./gate.ts";
import { ratios, type Row, RUNS } from "./measure.ts";

const COUNT = 10_000;
const NOW = "2026-03-14T12:00:00Z";
const END = "2999-01-01T00:00:00Z";

/** Requests of calls as agents make them; each differs in its call. */
function requests({ crypto }: Host): readonly PendingRequest[] {
  const { policy, ...rules } = compiled(TEN_RULES);
  const policy_digest = policyDigest(crypto, policy);
  const conditions = { evaluation_time: NOW, kill_switch: { status: "none" }, inventory: undefined } as const;
  return intents(COUNT, (i) => ({ ...callOf(i), tool_name: "mail.send" })).map((intent, i) => {
    const decision = evaluate(crypto, { policy, ...rules }, intent, conditions);
    const request = pendingRequest(crypto, {
      policy,
      policy_digest,
      intent,
      digests: intentDigests(crypto, intent),
      delegation_digest: "",
      context_source: "",
      lookup: { pre_approved: false, pattern_id: "", registry_reason: "" },
      decision,
      facts: NO_FACTS,
      final: finish(decision, NO_FACTS),
    }, { now: NOW, expires_at: END, nonce: new Uint8Array(16).fill(i % 256), producer_version: "bench" });
    if (request === undefined) throw new Error("the policy asks for mails");
    return request;
  });
}

/** Seconds that it takes to list a folder, which has to come to this count. */
async function list(folder: string, counts: string): Promise<number> {
  const argv = [Deno.execPath(), "run", "-A", "-q", "--no-check", `${ROOT}cli/main.ts`, "approvals", "list", "--dir", folder];
  const started = performance.now();
  const done = await capture(argv, { cwd: folder, env: { NO_COLOR: "1" } });
  const seconds = (performance.now() - started) / 1000;
  if (!done.out.startsWith(`approvals list: ${counts}`)) {
    throw new Error(`listed otherwise\n${done.out.slice(0, 500)}${done.err}`);
  }
  return seconds;
}

async function listed(folder: string, what: string, counts: string, limit: number): Promise<Row> {
  const values: number[] = [];
  await list(folder, counts);
  for (let run = 0; run < RUNS; run++) values.push(await list(folder, counts));
  return { what, by: "1 s", values, limit };
}

const HEADING = { created_at: NOW, producer_version: "bench", expires_at: END } as const;
const DIGESTS = { intent_digest: "1".repeat(64), policy_digest: "2".repeat(64) } as const;
const CALL = { ...DIGESTS, delegation_digest: "", required_scope: ["tool:mail.send"], targets: 1, operations: 1 } as const;

const fileOf = (json: JsonObject): Uint8Array => utf8(prettyText(json));

function whole<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.fault.message);
  return result.value;
}

/** Reading, judging and verifying what a call brings along; of the hops' tokens the last is named first, so that each hop looks at all. */
async function chain({ crypto: own }: Host): Promise<Row> {
  const key = await newKey(own, new Uint8Array(32).fill(7));
  const sign = digestSigner(own, key);
  const approvals = await Promise.all(
    Array.from({ length: 10 }, async (_, i) =>
      fileOf(
        await sealRecord(
          own,
          ApprovalTokenShape,
          approvalToken(own, {
            ...HEADING,
            ...DIGESTS,
            approver_identity: `approver ${i}`,
            reason_code: "r",
            delegation_binding_digest: "",
            scope: ["tool:mail.send"],
            max_targets: 1,
            max_ops: 1,
          }),
          sign,
        ),
      )),
  );
  const hops = Array.from({ length: 5 }, (_, i) => ({ delegator: `agent ${i}`, delegate: `agent ${i + 1}` }));
  const delegations = await Promise.all(
    hops.toReversed().map(async ({ delegator, delegate }) =>
      fileOf(
        await sealRecord(
          own,
          DelegationTokenShape,
          delegationToken(own, {
            ...HEADING,
            ...DIGESTS,
            delegator_identity: delegator,
            delegate_identity: delegate,
            scope: ["egress"],
            scope_class: "",
          }),
          sign,
        ),
      )
    ),
  );
  const wanted = { ...DIGESTS, scopes: ["egress"] };
  const judged = async () => {
    const shown = approvals.map((bytes) => ({ ...whole(readApproval(bytes, "a")), batch: undefined }));
    const tokens = delegations.map((bytes) => whole(readDelegation(bytes, "d")));
    const found = [
      ...await approvalEntries(own, shown, CALL, key, NOW),
      ...await delegationEntries(own, tokens, hops, wanted, key, NOW),
    ];
    if (found.length !== 15 || found.some(({ valid }) => !valid)) throw new Error("a token of the chain does not hold");
  };
  const message = new Uint8Array(32).fill(9);
  const signature = new Uint8Array(await own.sign(key.seed, message));
  const imported = await crypto.subtle.importKey("raw", new Uint8Array(key.publicKey), "Ed25519", false, ["verify"]);
  const once = async () => {
    if (!await crypto.subtle.verify("Ed25519", imported, signature, message)) throw new Error("the signature does not hold");
  };
  return {
    what: "10 approvals and 5 hops of a delegation, read and verified",
    by: "one WebCrypto verification",
    values: await ratios(judged, once, 400),
    limit: 20,
  };
}

/** The rows. */
export async function authority(host: Host): Promise<Row[]> {
  const { crypto } = host;
  const chained = await chain(host);
  const folder = await Deno.makeTempDir();
  try {
    const files = requests(host).map((request) => ({ request, ...pendingFile(crypto, request) }));
    for (const { name, bytes } of files) await Deno.writeFile(`${folder}/${name}`, bytes);
    const pending = await listed(
      folder,
      `gait approvals list, ${COUNT} requests that wait`,
      `${COUNT} pending, 0 approved, 0 denied, 0 expired, 0 damaged`,
      1,
    );
    const sign = digestSigner(crypto, await newKey(crypto, new Uint8Array(32).fill(7)));
    const deciding = {
      created_at: NOW,
      producer_version: "bench",
      approver_identity: "ann",
      reason_code: "r",
      expires_at: END,
    };
    const tokens = files.map(({ id, request }) => tokenFor(crypto, id, request, deciding));
    for (const [i, batch] of (await signBatch(crypto, tokens, sign)).entries()) {
      const path = `${folder}/${decisionName(files[i]?.id ?? "", 1)}`;
      await Deno.writeFile(path, utf8(prettyText(writeShape(BatchApprovalShape, batch))));
    }
    const decided = await listed(
      folder,
      `the same, all of them approved in one batch: twice as many files`,
      `0 pending, ${COUNT} approved, 0 denied, 0 expired, 0 damaged`,
      2.5,
    );
    return [chained, pending, decided];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
