// Which gait this is. A release build writes its version over the mark; nothing else in the program may spell the mark.

const STAMP = "@gait-version@";

/** The version of a stamp: a leading `v` dropped, `0.0.0-dev` when nobody stamped it. */
export const versionOf = (stamp: string): string => stamp.startsWith("@") ? "0.0.0-dev" : stamp.replace(/^v/, "");

/** The version of this program. */
export const VERSION = versionOf(STAMP);
