// Whether arguments have the form that a tool declares for them (JSON Schema, the drafts that servers use). The schema is of the server:
// one that cannot be used says so, and whoever asks must take that for a refusal.
import { type Schema, type SchemaDraft, Validator } from "@cfworker/json-schema";
import { isJsonList, isJsonObject, type Json, type JsonObject } from "../base/json_value.ts";
import { bearable } from "./schema_cost.ts";

/** What the schema says of arguments: that they fit, where the first misfit is, or that the schema cannot be used. */
export type SchemaAnswer =
  | { readonly kind: "fits" }
  | { readonly kind: "misfit"; readonly pointer: string }
  | { readonly kind: "unusable" };

const UNUSABLE: SchemaAnswer = { kind: "unusable" };

const DRAFTS: readonly (readonly [RegExp, SchemaDraft])[] = [
  [/draft-04/, "4"],
  [/draft-0[67]/, "7"],
  [/2019-09/, "2019-09"],
];

function draftOf(schema: JsonObject): SchemaDraft {
  const named = schema["$schema"];
  const found = typeof named === "string" ? DRAFTS.find(([pattern]) => pattern.test(named)) : undefined;
  return found?.[1] ?? "2020-12";
}

/** How often the validator may look at a schema, or one within it, for one call. */
const MOST_LOOKS = 2 ** 20;

// References can lead to one place in more ways than anybody has time for, and the validator counts nothing. It reads this member of every
// schema that it looks at, and so each of its own copies counts.
function counted(value: Json, look: () => void): void {
  if (isJsonList(value)) { for (const one of value) counted(one, look); }
  if (!isJsonObject(value)) return;
  for (const one of Object.values(value)) counted(one, look);
  const given = value[READ];
  const get = (): Json | undefined => {
    look();
    return given;
  };
  Object.defineProperty(value, READ, { enumerable: Object.hasOwn(value, READ), get });
}

const READ = "$recursiveAnchor";

/** Makes a schema ready; what it is asked of is never changed. */
export function argumentChecker(schema: JsonObject): (args: JsonObject) => SchemaAnswer {
  const mayTry = bearable(schema);
  if (mayTry === undefined) return () => UNUSABLE;
  let validator: Validator;
  let looks = 0;
  try {
    const own: Schema = JSON.parse(JSON.stringify(schema)); // the validator writes into what it is given
    counted(own, () => {
      if (++looks > MOST_LOOKS) throw new RangeError("the schema takes too long");
    });
    validator = new Validator(own, draftOf(schema), true);
  } catch {
    return () => UNUSABLE; // whatever the package throws of a schema
  }
  return (args) => {
    if (!mayTry(args)) return UNUSABLE;
    looks = 0;
    try {
      const { valid, errors } = validator.validate(args);
      if (valid) return { kind: "fits" };
      const [first] = errors.toReversed(); // the deepest is last
      return { kind: "misfit", pointer: (first?.instanceLocation ?? "#").slice(1) };
    } catch {
      return UNUSABLE; // a reference that leads nowhere, a pattern that is none
    }
  };
}
