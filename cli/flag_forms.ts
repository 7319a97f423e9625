// The forms that most flags have, so that each is spelled once.

/** Some text; `value` names it in help. */
export const text = (doc: string, value: string) => ({ kind: "text", doc, value }) as const;

/** The path of a file. */
export const file = (doc: string) => ({ kind: "text", doc, value: "file", complete: "path" }) as const;

/** The path of a folder. */
export const folder = (doc: string) => ({ kind: "text", doc, value: "folder", complete: "path" }) as const;
