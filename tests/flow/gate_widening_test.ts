// Hops that grant more than they were granted are named.
import { widenings } from "../../core/flow/gate_widening.ts";
import { assertEquals } from "../assert.ts";
import { hop } from "./decisions.ts";

const of = (from: string, to: string, scope: readonly string[], expires_at: string, valid = true) => ({
  ...hop("t"),
  delegator_identity: from,
  delegate_identity: to,
  scope,
  expires_at,
  valid,
});
const [EARLY, LATE] = ["2026-03-14T09:00:00Z", "2026-03-14T10:00:00Z"];

Deno.test("widenings: a hop that is wider, and one that lasts longer", () => {
  assertEquals(widenings([of("a", "b", ["read", "write"], LATE), of("b", "c", ["read"], EARLY)]), []);
  assertEquals(widenings([of("a", "b", ["*"], LATE), of("b", "c", ["write"], LATE)]), []);
  assertEquals(widenings([of("a", "b", ["read"], EARLY), of("b", "c", ["read", "write"], LATE)]), [
    "The delegation of b to c is wider than the one before it: write",
    "The delegation of b to c lasts longer than the one before it",
  ]);
  assertEquals(widenings([of("a", "b", ["read"], EARLY), of("b", "c", ["*"], EARLY, false)]), []);
  assertEquals(widenings([of("a", "b", ["read"], LATE), { ...of("b", "c", ["read"], LATE), granted: ["read", "admin"] }]), [
    "The delegation of b to c is wider than the one before it: admin",
  ]);
});
