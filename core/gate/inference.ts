// What is inferred of a target that does not say it (spec 02, section 4.3): its endpoint class, and whether it destroys. (Its domain:
// domain.ts.) Digests hold what is inferred, so the word lists and their order are contract.

/** Words, and the endpoint class that they stand for. The first row that fits counts. */
export type Hints = readonly (readonly [endpointClass: string, words: readonly string[]])[];

const EXECUTE = ["exec", "spawn", "run", "shell", "command"];

/** By what is done to a target. */
const OPERATIONS: Readonly<Record<string, Hints>> = {
  path: [
    ["fs.read", ["read", "get", "list", "open", "cat", "head", "download", "stat"]],
    ["fs.write", ["write", "append", "put", "create", "update", "save", "copy", "move", "rename"]],
    ["fs.delete", ["delete", "remove", "rm", "unlink", "rmdir", "drop", "truncate"]],
  ],
  host: [["net.dns", ["dns", "resolve", "lookup"]]],
  url: [["net.dns", ["dns", "resolve", "lookup"]]],
  other: [["proc.exec", EXECUTE]],
};

/** By what the name of the tool contains. */
export const TOOL_WORDS: Readonly<Record<string, Hints>> = {
  path: [
    ["fs.read", ["read", "list", "fetch", "search"]],
    ["fs.write", ["write", "update", "save", "create"]],
    ["fs.delete", ["delete", "remove", "rm", "drop"]],
  ],
  other: [["proc.exec", EXECUTE]],
};

/** Where neither says anything. */
const ELSE: Readonly<Record<string, string>> = { host: "net.http", url: "net.http" };

const hinted = (hints: Hints | undefined, fits: (word: string) => boolean): string | undefined =>
  hints?.find(([, words]) => words.some(fits))?.[0];

/** The endpoint class of a target of this kind; `operation` and `tool` are in lowercase. */
export function inferClass(kind: string, operation: string, tool: string): string {
  const name = tool.slice(tool.lastIndexOf("/") + 1);
  return (operation === "" ? undefined : hinted(OPERATIONS[kind], (word) => word === operation)) ??
    hinted(TOOL_WORDS[kind], (word) => name.includes(word)) ?? ELSE[kind] ?? "other";
}

/** A word for what is done to a target of this kind from which just this class is inferred; undefined when there is none. */
export const operationFor = (kind: string, endpointClass: string): string | undefined =>
  OPERATIONS[kind]?.find(([name]) => name === endpointClass)?.[1][0];

const DESTRUCTIVE_CLASSES: readonly string[] = ["fs.delete", "proc.exec"];
const DESTRUCTIVE_OPERATIONS: readonly string[] = [
  "delete",
  "remove",
  "rm",
  "unlink",
  "rmdir",
  "drop",
  "truncate",
  "exec",
  "spawn",
];

/** Whether a target of this class destroys, or what is done to it does. */
export const inferDestructive = (endpointClass: string, operation: string): boolean =>
  DESTRUCTIVE_CLASSES.includes(endpointClass) || DESTRUCTIVE_OPERATIONS.includes(operation);
