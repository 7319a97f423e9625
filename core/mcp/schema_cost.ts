// What it may take to hold arguments against a schema. The schema is of the server: one that could keep the gate busy for long is not used.
import { isJsonList, isJsonObject, type Json, type JsonObject } from "../base/json_value.ts";
import { type PatternCost, patternCost } from "./pattern_cost.ts";

/** Steps of a pattern that arguments may take in all, where it is not one for each character. */
const MOST_STEPS = 2 ** 28;

/** Whether arguments are held against a schema in bearable time. */
export type Bearable = (args: JsonObject) => boolean;

/** Says so for a schema; undefined where a pattern of it may take too long whatever the arguments are. */
export function bearable(schema: JsonObject): Bearable | undefined {
  const costs: PatternCost[] = [];
  for (const pattern of patternsIn(schema)) {
    const cost = patternCost(pattern);
    if (cost === undefined) return undefined;
    if (cost.degree > 1) costs.push(cost);
  }
  if (costs.length === 0) return () => true;
  return (args) => {
    let steps = 0;
    for (const text of textsIn(args)) {
      for (const { degree, factor } of costs) steps += factor * text.length ** degree;
    }
    return steps <= MOST_STEPS;
  };
}

// Wherever they stand: what is no schema here may be one to a reference.
function* patternsIn(value: Json): Generator<string> {
  if (isJsonList(value)) { for (const one of value) yield* patternsIn(one); }
  else if (isJsonObject(value)) {
    const { pattern, patternProperties } = value;
    if (typeof pattern === "string") yield pattern;
    if (isJsonObject(patternProperties)) yield* Object.keys(patternProperties);
    for (const one of Object.values(value)) yield* patternsIn(one);
  }
}

function* textsIn(value: Json): Generator<string> {
  if (typeof value === "string") yield value;
  else if (isJsonList(value)) { for (const one of value) yield* textsIn(one); }
  else if (isJsonObject(value)) {
    yield* Object.keys(value);
    for (const one of Object.values(value)) yield* textsIn(one);
  }
}
