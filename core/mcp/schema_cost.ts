// What it may take to hold arguments against a schema. The schema is of the server: one that could keep the gate busy for long is not used.
import { isJsonList, isJsonObject, type Json, type JsonObject } from "../base/json_value.ts";
import { type PatternCost, patternCost } from "./pattern_cost.ts";

/** Steps that arguments may take in all, where it is not one for each character or item. */
const MOST_STEPS = 2 ** 28;

/** What it takes to hold two items against each other. */
const COMPARE = 16;

/** Whether arguments are held against a schema in bearable time. */
export type Bearable = (args: JsonObject) => boolean;

/** Says so for a schema; undefined where a pattern of it may take too long whatever the arguments are. */
export function bearable(schema: JsonObject): Bearable | undefined {
  const costs: PatternCost[] = [];
  let pairs = 0; // what each item is held against each other for
  for (const value of valuesIn(schema)) {
    if (!isJsonObject(value)) continue;
    if (value["uniqueItems"]) pairs = COMPARE;
    for (const pattern of patternsOf(value)) {
      const cost = patternCost(pattern);
      if (cost === undefined) return undefined;
      if (cost.degree > 1) costs.push(cost);
    }
  }
  if (costs.length === 0 && pairs === 0) return () => true;
  const textSteps = ({ length }: string): number =>
    costs.reduce((steps, { degree, factor }) => steps + factor * length ** degree, 0);
  return (args) => {
    let steps = 0;
    for (const value of valuesIn(args)) {
      if (typeof value === "string") steps += textSteps(value);
      else if (isJsonList(value)) steps += pairs * value.length ** 2;
      else if (isJsonObject(value)) { for (const name of Object.keys(value)) steps += textSteps(name); }
    }
    return steps <= MOST_STEPS;
  };
}

function patternsOf({ pattern, patternProperties }: JsonObject): readonly string[] {
  const keys = isJsonObject(patternProperties) ? Object.keys(patternProperties) : [];
  return typeof pattern === "string" ? [pattern, ...keys] : keys;
}

// All that there is: what is no schema where it stands may be one to a reference.
function* valuesIn(value: Json): Generator<Json> {
  yield value;
  for (const one of isJsonList(value) ? value : isJsonObject(value) ? Object.values(value) : []) yield* valuesIn(one);
}
