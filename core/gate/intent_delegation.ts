// Under whose authority a call is made: its delegation, its skill, and the identity of its agent, in normal form (spec 02, section
// 4.2). The shapes have trimmed and lowered the texts; here times are turned to UTC, and what has to hang together is checked.
import { byTime, toUtc, ZERO_TIME } from "../base/time.ts";
import type { Delegation, IntentContext, Skill } from "../schema/intent.ts";
import { digestOrNone, type Flaws, needed, note } from "./intent_flaws.ts";

type Agent = NonNullable<IntentContext["agent_identity"]>;
type Link = Delegation["chain"][number];

/** A time of an intent in UTC; absent is the zero time. */
export const utc = (time: string): string => time.endsWith("Z") ? time : toUtc(time) ?? ZERO_TIME;

/** The member `later` holds a moment that has to be after another one, where both are given; with `orAt`, the same will do. */
const inSequence = (
  flaws: Flaws,
  [earlier, from]: readonly [name: string, time: string],
  [later, to]: readonly [pointer: string, time: string],
  orAt = false,
): void => {
  if (from === ZERO_TIME || to === ZERO_TIME) return;
  const order = byTime(from, to);
  if (order > 0 || order === 0 && !orAt) note(flaws, later, `must be ${orAt ? "at or after" : "after"} ${earlier}`);
};

const utcTimes = <T extends { readonly issued_at: string; readonly expires_at: string }>(one: T): T => ({
  ...one,
  issued_at: utc(one.issued_at),
  expires_at: utc(one.expires_at),
});

const link = (given: Link, before: Link | undefined, pointer: string, flaws: Flaws): Link => {
  const normal = utcTimes(given);
  needed(flaws, `${pointer}/delegator_identity`, normal.delegator_identity);
  needed(flaws, `${pointer}/delegate_identity`, normal.delegate_identity);
  if (before !== undefined && before.delegate_identity !== normal.delegator_identity) {
    note(flaws, `${pointer}/delegator_identity`, "must be the delegate of the link before");
  }
  inSequence(flaws, ["issued_at", normal.issued_at], [`${pointer}/expires_at`, normal.expires_at]);
  return normal;
};

/** A delegation in normal form: its links join up, and the last one ends at who asks. */
export function normalDelegation(given: Delegation, pointer: string, flaws: Flaws): Delegation {
  needed(flaws, `${pointer}/requester_identity`, given.requester_identity);
  const chain = given.chain.map((one, index) => link(one, given.chain[index - 1], `${pointer}/chain/${index}`, flaws));
  const last = chain.at(-1);
  if (last !== undefined && last.delegate_identity !== given.requester_identity) {
    note(flaws, `${pointer}/chain/${chain.length - 1}/delegate_identity`, "must be the requester_identity of the delegation");
  }
  const normal = { ...utcTimes(given), chain };
  inSequence(flaws, ["issued_at", normal.issued_at], [`${pointer}/expires_at`, normal.expires_at]);
  return normal;
}

/** The identity of an agent in normal form. */
export function normalAgent(given: Agent, pointer: string, flaws: Flaws): Agent {
  digestOrNone(flaws, `${pointer}/manifest_digest`, given.manifest_digest);
  const normal = { ...utcTimes(given), approved_at: utc(given.approved_at) };
  inSequence(flaws, ["issued_at", normal.issued_at], [`${pointer}/approved_at`, normal.approved_at], true);
  inSequence(flaws, ["issued_at", normal.issued_at], [`${pointer}/expires_at`, normal.expires_at]);
  inSequence(flaws, ["approved_at", normal.approved_at], [`${pointer}/expires_at`, normal.expires_at]);
  return normal;
}

/** The skill that makes a call; its shape leaves nothing to change. */
export function checkSkill(skill: Skill, pointer: string, flaws: Flaws): void {
  for (const name of ["skill_name", "source", "publisher"] as const) needed(flaws, `${pointer}/${name}`, skill[name]);
  digestOrNone(flaws, `${pointer}/digest`, skill.digest);
}
