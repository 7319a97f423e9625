// The registry of approved scripts where it is kept, and whether `gate eval` may rely on it (spec 03, section 5.4 steps 1 to 4).
import { readScripts, unexpired, verifiedScripts } from "../core/authority/approved_script_registry.ts";
import { fail, type Fault, located, ok, type Result } from "../core/base/result.ts";
import { isStrict, type Profile } from "../core/flow/gate_profile.ts";
import { wantsContextEvidence } from "../core/gate/pre_approved.ts";
import type { Policy } from "../core/gate/types.ts";
import type { Ports } from "../core/ports.ts";
import type { ApprovedScript } from "../core/schema/approved_script.ts";
import { type KeyPorts, type KeyValues, loadVerifyKey, namesKey } from "./key_sources.ts";

/** Where approved scripts come from, and the keys that check them. An empty path is none. */
export type ScriptSources = {
  readonly registry: string;
  /** The registry's own key. */
  readonly own: KeyValues;
  /** The key of approvals, which checks where it has none of its own. */
  readonly approval: KeyValues;
};

/**
 * What is known of the registry: nobody named one; it does not hold, and why; its verified entries, and whether
 * the policy rules them out.
 */
export type ApprovedScripts =
  | { readonly status: "none" }
  | { readonly status: "unusable"; readonly fault: Fault }
  | { readonly status: "usable"; readonly scripts: readonly ApprovedScript[]; readonly ruled_out: boolean };

/** Reads and verifies the registry; reading it once serves many calls. Faults of a key that is named and cannot be loaded. */
export async function gateScripts(
  { registry, own, approval }: ScriptSources,
  policy: Policy,
  ports: KeyPorts & Pick<Ports, "state">,
): Promise<Result<ApprovedScripts>> {
  if (registry === "") return ok({ status: "none" });
  const at = { file: registry };
  const bytes = await ports.state.read(registry);
  if (!bytes.ok) return unusable(bytes.fault);
  if (bytes.value === undefined) { // one that is gone is no registry without entries
    return unusable({
      code: "file_missing",
      message: `Cannot read "${registry}": there is no registry of approved scripts`,
      at,
    });
  }
  const loaded = readScripts(bytes.value, registry);
  if (!loaded.ok) return unusable(loaded.fault);
  const key = namesKey(own)
    ? await loadVerifyKey(own, ports, "approved-script-")
    : await loadVerifyKey(approval, ports, "approval-");
  if (!key.ok) return key;
  if (key.value === undefined) {
    const flags = "expected --approved-script-public-key or --approval-public-key";
    return unusable({ code: "key_source", message: `Cannot verify the registry "${registry}": ${flags}`, at });
  }
  const verified = await verifiedScripts(ports.host.crypto, loaded.value, key.value);
  return verified.ok
    ? ok({ status: "usable", scripts: verified.value, ruled_out: wantsContextEvidence(policy) })
    : unusable(located(verified.fault, at));
}

const unusable = (fault: Fault): Result<ApprovedScripts> => ok({ status: "unusable", fault });

/** The entries that a call may be looked up in, and a warning where there are none because the registry does not hold. */
export type NeededScripts = { readonly scripts: readonly ApprovedScript[]; readonly warnings: readonly string[] };

/**
 * The entries for one call at a time of the wall clock. Fault `registry_unavailable` where the call is decided strictly and the registry
 * does not hold: without it nobody knows what its approvers wanted.
 */
export function neededScripts(
  known: ApprovedScripts,
  profile: Profile,
  risk_class: string,
  now: string,
): Result<NeededScripts> {
  switch (known.status) {
    case "none":
      return ok({ scripts: [], warnings: [] });
    case "unusable":
      return unheld(known.fault, isStrict(profile, risk_class));
    case "usable": {
      const held = unexpired(known.scripts, now);
      if (!held.ok) return unheld(held.fault, isStrict(profile, risk_class));
      return known.ruled_out
        ? without("the policy wants evidence of the context")
        : ok({ scripts: known.scripts, warnings: [] });
    }
    default:
      return never(known);
  }
}

const without = (why: string): Result<NeededScripts> =>
  ok({ scripts: [], warnings: [`Approved scripts were left out: ${why}`] });

const unheld = ({ message, at }: Fault, strict: boolean): Result<NeededScripts> =>
  strict ? fail("registry_unavailable", `Cannot decide without the approved scripts: ${message}`, at) : without(message);

const never = (known: never): never => {
  throw new Error(`unknown state of a registry: ${JSON.stringify(known)}`);
};
