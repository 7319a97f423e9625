// What a server says of its tools, as it came in lists: definitions by name, what each declares of its arguments, and its hints, which
// nobody vouches for.
import { digestOf } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import { differences } from "../base/json_diff.ts";
import { isJsonList, isJsonObject, type JsonObject } from "../base/json_value.ts";
import { argumentChecker, type SchemaAnswer } from "./json_schema.ts";

/** A tool as its server declares it. */
export type ToolDefinition = {
  readonly name: string;
  readonly declared: JsonObject;
  /** Whether one listing declares it in two ways: nobody knows which of them a client goes by, or the server. */
  readonly twice: boolean;
  /** The digest of what it declares. */
  digest(crypto: Crypto): string;
  /** What its schema says of arguments; nothing can be said where there are two. */
  check(args: JsonObject): SchemaAnswer;
};

/** The tools of a server, as far as it has told. */
export interface ToolList {
  /** Takes the result of `tools/list`; `first` where it is the first page, which forgets all that was told before. */
  learn(result: JsonObject, first: boolean): void;
  find(name: string): ToolDefinition | undefined;
  all(): readonly ToolDefinition[];
}

/** An empty list. */
export function toolList(): ToolList {
  let tools = new Map<string, ToolDefinition>();
  return {
    learn(result, first) {
      if (first) tools = new Map();
      const given = result["tools"];
      for (const declared of isJsonList(given) ? given : []) {
        if (!isJsonObject(declared)) continue;
        const { name } = declared;
        if (typeof name !== "string") continue;
        const before = tools.get(name);
        if (before === undefined) tools.set(name, definition(name, declared));
        else if (differs(before.declared, declared)) tools.set(name, definition(name, declared, true));
      }
    },
    find: (name) => tools.get(name),
    all: () => [...tools.values()],
  };
}

const differs = (a: JsonObject, b: JsonObject): boolean => differences(a, b, 1).pointers.length > 0;

/** A tool of its declaration. Its digest and its schema are made when they are first asked for, and then kept: they are for every call. */
export function definition(name: string, declared: JsonObject, twice = false): ToolDefinition {
  let check: ((args: JsonObject) => SchemaAnswer) | undefined;
  let digest: string | undefined;
  const schema = twice ? undefined : declared["inputSchema"];
  return {
    name,
    declared,
    twice,
    digest: (crypto) => digest ??= digestOf(crypto, declared),
    check: (args) => (check ??= isJsonObject(schema) ? argumentChecker(schema) : () => ({ kind: "unusable" }))(args),
  };
}

/** The hints that can only make a call look more dangerous; those that would make it look harmless are not taken from anybody. */
export function warningHints({ declared }: ToolDefinition): JsonObject | undefined {
  const annotations = declared["annotations"];
  if (!isJsonObject(annotations)) return undefined;
  const raised = (["destructiveHint", "openWorldHint"] as const).filter((name) => annotations[name] === true);
  return raised.length === 0 ? undefined : Object.fromEntries(raised.map((name) => [name, true]));
}
