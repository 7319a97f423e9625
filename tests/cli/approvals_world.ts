// Machines with an inbox of pending requests, for tests of `gait approvals`.
import type { Json } from "../../core/base/json.ts";
import { assert } from "../assert.ts";
import { deletion, filed, keyOf, keyText, mail, script } from "../authority/requests.ts";
import { machine, type Setup } from "./commands_world.ts";

/** Where the inbox is. */
export const BOX = ".gait-out/approvals";

/** Ann's key and another's. */
export const [ANN, EVE] = [await keyOf(1), await keyOf(2)];

const text = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** The keys as files. */
export const KEYS: Readonly<Record<string, string>> = {
  "ann.key": keyText(ANN),
  "ann.pub": text(ANN.publicKey),
  "eve.key": keyText(EVE),
  "eve.pub": text(EVE.publicKey),
};

/** The files of requests for these calls, by path. */
export const inboxOf = (...calls: readonly Json[]): Readonly<Record<string, Uint8Array>> =>
  Object.fromEntries(calls.map((call, i) => {
    const { name, bytes } = filed(call, i);
    return [`${BOX}/${name}`, bytes];
  }));

/** The ids of the same requests: of a mail, a deletion that takes two approvals, and a script. */
export const [MAIL, DELETION, SCRIPT] = [filed(mail(), 0).id, filed(deletion(), 1).id, filed(script(), 2).id];

/** A machine with these three requests. */
export const boxMachine = (setup: Setup = {}) =>
  machine({ ...setup, files: { ...KEYS, ...inboxOf(mail(), deletion(), script()), ...setup.files } });

/** The flags of an approver. */
export const by = (who: string, key = "ann"): readonly string[] => [
  ...["--approver", who, "--reason-code", "change_7", "--key-mode", "prod", "--private-key", `${key}.key`],
];

/** The command line that approves. */
export const approve = (ids: string, who = "ann", key = "ann"): readonly string[] => [
  ...["approvals", "approve", ...(ids === "--all" ? [ids] : ["--id", ids]), "--ttl", "30m"],
  ...by(who, key),
];

/** The command line that denies. */
export const deny = (
  ids: string,
  who = "cy",
  key = "ann",
): readonly string[] => ["approvals", "deny", "--id", ids, ...by(who, key)];

/** The path of the nth decision about a request. */
export const decision = (id: string, nth = 1): string => `${BOX}/decision_${id}_${nth}.json`;

/** The lines of an answer that hold a text, at least one. */
export const linesWith = (lines: readonly string[], part: string): readonly string[] => {
  const found = lines.filter((line) => line.includes(part));
  assert(found.length > 0, `${part} is not in\n${lines.join("\n")}`);
  return found;
};
