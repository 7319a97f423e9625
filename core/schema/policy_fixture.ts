// A fixture of `gait policy test`: a call and what the policy is expected to say of it.
import {
  filled,
  type Infer,
  label,
  listOf,
  listOrNull,
  oneOf,
  optionalLabel,
  payload,
  present,
  type Shape,
  strict,
  text,
  time,
} from "../base/shape.ts";
import { stopFields } from "./kill_switch.ts";
import { VERDICTS } from "./trace.ts";

const maybe = <T>(shape: Shape<T>): Shape<T> => ({ ...shape, presence: "present" });

export const ExpectationShape = strict("What is expected; what is left out is not compared", () => ({
  verdict: oneOf(VERDICTS, "The verdict"),
  reason_codes: maybe(listOrNull(text("One of them"), "All reason codes, in any order")),
  violations: maybe(listOrNull(text("One of them"), "All violations, in any order")),
  matched_rule: optionalLabel("Names of all rules taken, sorted and joined by commas; empty when none is"),
}));

export const FixtureStopShape = strict(
  "An entry of the kill switch; without selectors it needs an id and stops every call",
  () => {
    const { entry_id, enabled, created_at, expires_at, ...selectors } = stopFields();
    return {
      ...selectors,
      entry_id: filled(entry_id),
      enabled: { ...maybe(enabled), doc: "Whether it is in force; it is unless it says no" },
      created_at: filled(created_at),
      expires_at: filled(expires_at),
    };
  },
);

export const PolicyFixtureShape = strict("A call, and what a policy is expected to say of it", () => ({
  $schema: filled(text("Where the schema of this file is, for editors")),
  about: filled(label("What the fixture shows, for people")),
  intent: { ...payload("The call: an intent request"), presence: "always" as const },
  expect: present(ExpectationShape),
  evaluation_time: filled(time("The moment for which is decided; the time of the run unless given")),
  kill_switch: filled(listOf(FixtureStopShape, "Stops that are in force, unless they say otherwise")),
}));

/** A fixture as read. */
export type PolicyFixture = Infer<typeof PolicyFixtureShape>;

/** What a fixture expects. */
export type Expectation = Infer<typeof ExpectationShape>;
