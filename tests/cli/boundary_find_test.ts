// What the caller of a boundary finds for a call once it is known what would be approved, and what it asks an approval for itself.
import { ok } from "../../core/base/result.ts";
import type { ApprovalSet } from "../../cli/boundary.ts";
import { assertEquals, assertFault } from "../assert.ts";
import { approvalOf, boundaryOn } from "./boundary_world.ts";

const REFUND = { name: "till.refund", args: { cents: 5 } };

/** A call for which these sets are found. */
const finding = (...sets: readonly ApprovalSet[]) => ({ find: () => Promise.resolve(ok({ sets, refused_for: [] })) });

Deno.test("boundary: what a caller asks an approval for, an approval grants; what is but a rehearsal stays one", async () => {
  const { decided } = boundaryOn();
  const asked_for = ["drift"];
  const peek = await decided({ name: "shelf.peek" }, { asked_for });
  assertEquals([peek.decided.final.verdict, peek.decided.final.reason_codes], ["require_approval", ["drift", "shelf_read_ok"]]);
  const approvals = [await approvalOf(peek)];
  const granted = await decided({ name: "shelf.peek" }, { asked_for, approvals });
  assertEquals(granted.decided.final.verdict, "allow");
  assertEquals(granted.decided.final.reason_codes, ["approval_granted", "drift", "shelf_read_ok"]);
  const dry = await decided({ name: "flyer.blast" }, { asked_for });
  assertEquals([dry.decided.final.verdict, dry.decided.final.reason_codes], ["dry_run", ["drift", "rehearsal_only"]]);
  const wipe = await decided({ name: "stock.wipe" }, { asked_for, approvals: [await approvalOf(dry)] });
  assertEquals(wipe.decided.final.verdict, "block");
});

Deno.test("boundary: of what is found the first that lets the call through is used up, and no other", async () => {
  const { decided, disk } = boundaryOn();
  const first = await decided(REFUND);
  const of = async (word: string): Promise<ApprovalSet> => ({
    approvals: [await approvalOf(first, ["*", `request:${word}`])],
    key: "approver",
  });
  const other = await approvalOf(await decided({ ...REFUND, args: { cents: 6 } }));
  const wrong: ApprovalSet = { approvals: [other], key: "approver" };
  const sets = [wrong, await of("a"), await of("b")];
  const verdicts = [];
  for (let i = 0; i < 3; i++) verdicts.push((await decided(REFUND, finding(...sets))).decided.final);
  assertEquals(verdicts.map(({ verdict }) => verdict), ["allow", "allow", "require_approval"]);
  assertEquals(verdicts[2]?.reason_codes, first.decided.final.reason_codes, "what does not count is no reason");
  const ledger = JSON.parse(new TextDecoder().decode(disk.files().get("ledger.json")));
  assertEquals(ledger.uses.map(({ request }: { request: string }) => request), ["request:a", "request:b"]);
});

Deno.test("boundary: what is refused by its caller uses nothing up", async () => {
  const { decided, made } = boundaryOn();
  const first = await decided(REFUND);
  const sets = [{ approvals: [await approvalOf(first, ["*", "request:a"])], key: "approver" }] as const;
  const refused = { find: () => Promise.resolve(ok({ sets, refused_for: ["no_answer"] })) };
  const { final } = (await decided(REFUND, refused)).decided;
  assertEquals([final.verdict, final.reason_codes], ["block", ["no_answer", "refund_needs_signoff"]]);
  assertEquals((await decided(REFUND, { ...finding(...sets), refused_for: ["misfit"] })).decided.final.verdict, "block");
  assertEquals(made(), []);
});

Deno.test("boundary: the gate's own key counts for what it has minted, not for approvers, and not in production", async () => {
  const keys = { mode: "prod", signing: { "private-key": "k" }, approval: { "public-key": "other" } };
  const files = { other: `${"A".repeat(42)}E=` };
  const { decided, decide } = boundaryOn({ keys }, files);
  const approvals = [await approvalOf(await decided(REFUND))];
  const verdict = async (key: ApprovalSet["key"]) => (await decided(REFUND, finding({ approvals, key }))).decided.final.verdict;
  assertEquals([await verdict("own"), await verdict("approver")], ["allow", "require_approval"]);
  const found = await decide(REFUND, { find: () => Promise.resolve({ ok: false, fault: { code: "usage", message: "no" } }) });
  assertFault(found, "usage");
  const strict = boundaryOn({ profile: "oss-prod", keys }, files);
  const context = { identity: "a", workspace: "/w", session_id: "s", risk_class: "low" };
  assertFault(await strict.decide({ ...REFUND, context }, finding({ approvals, key: "own" })), "profile_refused");
});
