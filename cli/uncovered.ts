// What is said of members that no signature covers, in every document whose signature stands over the known ones.

const MOST_NAMED = 10;

/** A reader that knows more members than gait would take them for signed. */
export const uncoveredWarning = (pointers: readonly string[]): readonly string[] => {
  if (pointers.length === 0) return [];
  const more = pointers.length > MOST_NAMED ? ` and ${pointers.length - MOST_NAMED} more` : "";
  return [`The signature does not cover ${pointers.slice(0, MOST_NAMED).join(", ")}${more}: gait knows no such member`];
};
