// The full form of a policy (`policy fmt --canonical`): every field of the language in the order of its shape, after normalization. Two
// policies that decide alike for the same reasons have the same full form, up to numbers beyond 2^53.
import type { AnyShape } from "../base/shape.ts";
import { BARE, plainOrQuoted, writeYaml, type YamlTree } from "../base/yaml_write.ts";
import { PolicyShape } from "../schema/policy.ts";
import { targetOf } from "./policy_aliases.ts";
import type { Policy } from "./types.ts";

/** Prints a policy in full, aliases aside: what is not set has its zero value, or is `null` where that would mean something else. */
export const printPolicy = ({ mcp_trust, ...policy }: Policy): string =>
  writeYaml(full(PolicyShape, { ...policy, mcp_trust: mcp_trust === undefined ? undefined : { ...mcp_trust, enabled: true } }));

function full(shape: AnyShape, value: unknown): YamlTree {
  const { fields, items } = shape;
  if (fields !== undefined) {
    const own = Object.entries(fields()).filter(([key]) => targetOf(fields, key) === key);
    const entries = own.map(([key, field]) => ({
      key,
      value: full(field, member(value, key)),
      notes: BARE,
    }));
    return { kind: "map", entries, below: [] };
  }
  if (items !== undefined) {
    const all: readonly unknown[] = Array.isArray(value) ? value : [];
    return { kind: "list", items: all.map((item) => ({ value: full(items, item), notes: BARE })), below: [] };
  }
  return { kind: "scalar", text: scalar(shape, value) };
}

const member = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;

function scalar({ scalar, presence }: AnyShape, value: unknown): string {
  if (typeof value === "string") return plainOrQuoted(value);
  if (value !== undefined) return String(value);
  if (presence === "present") return "null";
  return scalar === "truth" ? "false" : scalar === "text" ? plainOrQuoted("") : "0";
}
