// How random policies and calls are drawn from dice: the words that they share, so that rules and calls meet, and small helpers.
// A roll of 0 always gives the simplest value, so that what a property finds shrinks to little.
import type { Json, JsonObject } from "../../core/base/json.ts";
import { type Dice, pick } from "../runtimes/dice.ts";

/** Draws a value. */
export type Draw = (roll: Dice) => Json;

/** What both sides know. The first word of each list is the plainest. */
export const WORDS = {
  tools: ["tool.read", "tool.write", "tool.delete", "shell.exec", "mail.send", "db.query"],
  spelled: ["tool.read", "tool.write", "tool.delete", "shell.exec", "mail.send", "db.query", " Tool.Write ", "TOOL.READ"],
  risks: ["low", "medium", "high", "critical", "odd"],
  identities: ["alice", "bob", "Alice", "agent.lead"],
  workspaces: ["/srv/app", "/srv/app/sub", "/srv/apple", "C:\\work\\app", "/home/zoë"],
  operations: ["read", "write", "delete", "exec", "resolve", "put", "unheard"],
  sensitivities: ["public", "pii", "secret"],
  origins: ["user", "tool_output", "external", "system"],
  methods: ["unknown", "mcp", "static_mcp", "webmcp", "manual"],
  publishers: ["acme", "Evil Corp"],
  sources: ["registry", "git"],
  agents: ["agent-1", "agent-2"],
  environments: ["prod", "staging", "Prod"],
  states: ["active", "reviewed"],
  issuers: ["sts.example.test", "vault.example.test"],
  scopes: ["write", "deploy", "read"],
  delegates: ["agent.lead", "agent.mid", "alice"],
  data: ["public", "pii"],
  autonomy: ["supervised", "full"],
  classes: ["fs.read", "fs.write", "fs.delete", "proc.exec", "net.http", "net.dns", "ui.click", "other"],
  reasons: ["ok", "because", "Zoë said so"],
} as const;

/** Values of targets by kind. */
export const VALUES: Readonly<Record<string, readonly string[]>> = {
  path: [
    "/srv/app/data.txt",
    "/srv/app",
    "/etc/passwd",
    "/srv/app/../../etc/passwd",
    "/srv//app/x",
    "/srv/app/%2e%2e/x",
    "\\srv\\app\\x",
  ],
  url: [
    "https://api.example.test/v1",
    "http://evil.test:8080/x",
    "https://user@API.example.test./",
    "HTTPS://[::1]/",
    "https://bücher.test/",
    "no url",
  ],
  host: ["api.example.test", "evil.test", "EVIL.test.", "api.example.test:443/x", "%65vil.test", "bücher.test"],
  bucket: ["logs", "backups"],
  table: ["users", "logs"],
  other: ["thing", "/srv/app"],
};

/** Moments at which calls are decided: at, just before and between the ends of the windows below. */
export const MOMENTS = [
  "2026-03-08T06:59:59Z",
  "2026-03-08T07:00:00Z",
  "2026-03-29T00:30:00Z",
  "2026-03-29T01:00:00.5Z",
  "2026-10-25T00:30:00Z",
  "2026-10-25T01:30:00Z",
  "2026-11-01T05:59:59.999999999Z",
  "2026-12-24T18:00:00Z",
  "2011-12-30T12:00:00Z",
  "2400-02-29T12:00:00+05:30",
] as const;

/** Local times at which windows begin and end: gaps, folds and skipped days of some zone among them. */
export const LOCAL_TIMES = [
  "2026-03-08T02:00:00",
  "2026-03-08T02:30:00",
  "2026-03-29T02:30:00",
  "2026-10-25T01:30:00",
  "2026-10-25T02:30:00",
  "2026-11-01T01:30:00",
  "2026-12-24T18:00:00",
  "2011-12-30T06:00:00",
  "2027-01-01T00:00:00",
  "2026-02-30T00:00:00",
  "2026-01-01",
] as const;

/** Zones: with clock changes of an hour and of half an hour, without any, one that skipped a day, spellings that are no zone. */
export const ZONES = [
  "UTC",
  "America/New_York",
  "Europe/Lisbon",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
  "Pacific/Apia",
  "America/St_Johns",
  "Europe/Dublin",
  "Moon/Base",
  "europe/lisbon",
  "+02:00",
  "Local",
  "Etc/GMT+5",
] as const;

/** True once in so many rolls. */
export const chance = (roll: Dice, oneIn: number): boolean => roll(oneIn) === oneIn - 1;

/** From `least` to `most` values of a list, in any order, repeats too. */
export const some = <T>(roll: Dice, list: readonly T[], least = 1, most = 3): T[] =>
  Array.from({ length: least + roll(most - least + 1) }, () => pick(roll, list));

/** An object of some members of a table: so many, drawn one after the other. */
export const members = (roll: Dice, table: Readonly<Record<string, Draw>>, count: number): JsonObject => {
  const names = Object.keys(table);
  return Object.fromEntries(
    Array.from({ length: count }, () => pick(roll, names)).map((name) => [name, table[name]?.(roll) ?? null]),
  );
};

/** Each member of a table, with this chance in a hundred. */
export const mostly = (roll: Dice, table: Readonly<Record<string, Draw>>, percent: number): JsonObject =>
  Object.fromEntries(
    Object.entries(table).filter(() => roll(100) >= 100 - percent).map(([name, draw]) => [name, draw(roll)]),
  );

/** Draws a list of words of one kind. */
export const listOfWords = (words: readonly string[], least = 1): Draw => (roll) => some(roll, words, least);

/** Draws one word. */
export const oneWord = (words: readonly string[]): Draw => (roll) => pick(roll, words);

/** Draws true. */
export const yes: Draw = () => true;

/** Draws one of some numbers. */
export const oneNumber = (...numbers: readonly number[]): Draw => (roll) => pick(roll, numbers);

/** A kind of target and one of its values. */
export const anyTarget = (roll: Dice): { readonly kind: string; readonly value: string } => {
  const kind = pick(roll, Object.keys(VALUES));
  return { kind, value: pick(roll, VALUES[kind] ?? []) };
};

/** The values of all kinds of targets. */
export const ALL_VALUES: readonly string[] = Object.values(VALUES).flat();
