// Moments for the names of files: no two alike, though a clock counts milliseconds and may be set back.
import { later } from "../../core/base/time.ts";

/** Gives a moment that was not given before: the one that is asked for, or one a few nanoseconds later. */
export type Stamps = (moment: string) => string;

/** Stamps of one program. Those of others are for the one who makes the file to find out. */
export function stamps(): Stamps {
  let moment = "";
  let given = 0n;
  return (asked) => {
    if (asked !== moment) {
      moment = asked;
      given = 0n;
      return asked;
    }
    given += 1n;
    return later(asked, given) ?? asked;
  };
}
