// What a call touches and where its arguments came from, in normal form (spec 02, section 4.2, rules 3 and 4): what is not said is
// inferred, repeats are dropped, and the order is that of the members named below.
import { by, inOrder, type Order } from "../base/order.ts";
import { DISCOVERY_METHODS, PROVENANCE_SOURCES, TARGET_KINDS } from "../schema/gate_words.ts";
import type { Provenance, Target } from "../schema/intent.ts";
import { inferDomain } from "./domain.ts";
import { inferClass, inferDestructive } from "./inference.ts";
import { digestOrNone, type Flaws, needed, note } from "./intent_flaws.ts";

const METHODS: readonly string[] = DISCOVERY_METHODS;

/** A discovery method in its usual spelling; `unknown` when none is said. */
export const discoveryMethod = (given: string): string => given === "" ? "unknown" : given.replace(/[- ]/g, "_");

const target = (given: Target, tool: string, pointer: string, flaws: Flaws): Target => {
  const { kind, value, operation } = given;
  if (kind === "") note(flaws, `${pointer}/kind`, `must be one of ${TARGET_KINDS.join(", ")}`);
  needed(flaws, `${pointer}/value`, value);
  const discovery_method = discoveryMethod(given.discovery_method);
  if (!METHODS.includes(discovery_method)) {
    note(flaws, `${pointer}/discovery_method`, `must be one of ${METHODS.join(", ")}`);
  }
  const endpoint_class = given.endpoint_class || inferClass(kind, operation, tool);
  return {
    ...given,
    endpoint_class,
    endpoint_domain: given.endpoint_domain || inferDomain(kind, value),
    destructive: given.destructive || given.destructive_hint || inferDestructive(endpoint_class, operation),
    discovery_method,
  };
};

const TEXTS = by<Target>(
  (one) => one.kind,
  (one) => one.value,
  (one) => one.operation,
  (one) => one.sensitivity,
  (one) => one.endpoint_class,
  (one) => one.endpoint_domain,
  (one) => one.destructive ? "1" : "0",
  (one) => one.discovery_method,
);
const HINTS = ["read_only_hint", "destructive_hint", "idempotent_hint", "open_world_hint"] as const;

const byMembers: Order<Target> = (a, b) => {
  const order = TEXTS(a, b);
  if (order !== 0) return order;
  const hint = HINTS.find((name) => a[name] !== b[name]);
  return hint === undefined ? 0 : Number(a[hint]) - Number(b[hint]);
};

/** Targets in normal form, in their order, without repeats. */
export const uniqueTargets = (targets: readonly Target[]): readonly Target[] => inOrder(targets, byMembers);

/** The targets of a call of `tool` that stand at `pointer`, in normal form. */
export const normalTargets = (
  given: readonly Target[],
  tool: string,
  pointer: string,
  flaws: Flaws,
): readonly Target[] => uniqueTargets(given.map((one, index) => target(one, tool, `${pointer}/${index}`, flaws)));

const BY_FIELDS = by<Provenance>(
  (one) => one.arg_path,
  (one) => one.source,
  (one) => one.source_ref,
  (one) => one.integrity_digest,
);

/** Provenance in normal form, in its order, without repeats. */
export const uniqueProvenance = (given: readonly Provenance[]): readonly Provenance[] => inOrder(given, BY_FIELDS);

/** Where the arguments of a call came from, in normal form; `pointer` is where the list stands. */
export function normalProvenance(given: readonly Provenance[], pointer: string, flaws: Flaws): readonly Provenance[] {
  for (const [index, one] of given.entries()) {
    needed(flaws, `${pointer}/${index}/arg_path`, one.arg_path);
    if (one.source === "") {
      note(flaws, `${pointer}/${index}/source`, `must be one of ${PROVENANCE_SOURCES.join(", ")}`);
    }
    digestOrNone(flaws, `${pointer}/${index}/integrity_digest`, one.integrity_digest);
  }
  return uniqueProvenance(given);
}
