// The fields of policies that are only other names of a field beside them: what is written there belongs to that one.
import type { AnyShape } from "../base/shape.ts";
import { MatchShape, PolicyShape, RuleShape } from "../schema/policy.ts";

const TARGETS: ReadonlyMap<AnyShape["fields"], ReadonlyMap<string, string>> = new Map([
  [PolicyShape.fields, new Map([["default_action", "default_verdict"]])],
  [RuleShape.fields, new Map([["action", "effect"]])],
  [MatchShape.fields, new Map([["tool_name", "tool_names"], ["endpoint_class", "endpoint_classes"]])],
]);

/** The field that a name stands for, in the section that has these fields: mostly itself. */
export const targetOf = (fields: AnyShape["fields"], name: string): string => TARGETS.get(fields)?.get(name) ?? name;
