// JSON pointers (RFC 6901): how a member of a document is named in faults and differences.

/** The name of a member, or the index of an item, as one step of a pointer, its slash included. */
export const pointerStep = (name: string | number): string => `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
