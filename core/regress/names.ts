// Names of fixtures (spec 06, section 2.3): each is the name of a folder.
import { lower } from "../base/text.ts";

/** Whether a text is the name of a fixture. */
export const isFixtureName = (name: string): boolean => /^[a-z0-9][a-z0-9._-]*$/.test(name);

/** The name of a fixture that is made of a run: its id, brought into the form of a name. */
export function fixtureNameOf(runId: string): string {
  const plain = lower(runId).replace(/[^a-z0-9._-]+/g, "-");
  let [from, to] = [0, plain.length];
  while (from < to && "-._".includes(plain.charAt(from))) from++;
  while (to > from && "-._".includes(plain.charAt(to - 1))) to--;
  return plain.slice(from, to) || "fixture";
}
