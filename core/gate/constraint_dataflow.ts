// Tainted arguments must not flow out unseen (spec 02, section 6.1).
import type { Target } from "../schema/intent.ts";
import type { Call } from "./call.ts";
import type { Finding } from "./finding.ts";
import { pathForms } from "./path_forms.ts";
import type { Dataflow } from "./types.ts";

/** Where data leaves to when a rule does not say. */
const OUTWARD: readonly string[] = ["host", "url", "bucket", "queue", "topic"];

const isOneOf = (values: readonly string[], value: string): boolean => values.length === 0 || values.includes(value);

const hasValue = (values: readonly string[], { kind, value }: Target): boolean =>
  isOneOf(values, value) || (kind === "path" && values.includes(pathForms(value).cleaned));

/** A destination is one target that meets all lists that are given. */
const isDestination = (section: Dataflow, target: Target): boolean => {
  const { destination_kinds: kinds, destination_values: values, destination_operations: operations } = section;
  if (kinds.length === 0 && values.length === 0 && operations.length === 0) return OUTWARD.includes(target.kind);
  return isOneOf(kinds, target.kind) && hasValue(values, target) && isOneOf(operations, target.operation);
};

/** Finds tainted arguments that flow to a destination. */
export function checkDataflow(section: Dataflow, call: Call): Finding | undefined {
  const tainted = section.tainted_sources.some((source) => call.some.provenance_sources.includes(source));
  if (!tainted || !call.targets.some((target) => isDestination(section, target))) return undefined;
  return { at_least: section.action, reason_codes: [section.reason_code], violations: [section.violation] };
}
