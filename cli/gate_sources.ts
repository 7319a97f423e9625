// What a decision is made from, read in the order of the contract (spec 02, section 1.1): the policy, the kill switch, the context
// envelope, the inventory. What is read only by few is loaded only by those.
import type { BoundContext } from "../core/gate/prepare.ts";
import { checkDefault, isStrict, type Profile } from "../core/flow/gate_profile.ts";
import type { Intent, Inventory, KillSwitch, Policy } from "../core/gate/types.ts";
import { climbs } from "../core/base/paths.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import type { Ports } from "../core/ports.ts";
import type { GateSettings } from "./gate_settings.ts";
import type { ApprovedScripts, NeededScripts } from "./approved_scripts.ts";
import { loadPolicy } from "./policy_file.ts";

type Reading = Pick<Ports, "files">;

/** The policy, with what the profile refuses of its default. */
export async function gatePolicy(settings: GateSettings, { files }: Reading): Promise<Result<Policy>> {
  const { policy, policy_field, profile } = settings;
  const loaded = await loadPolicy(policy, files);
  if (!loaded.ok) {
    const { fault } = loaded;
    return policy_field !== "" && ["file_missing", "file_unreadable"].includes(fault.code)
      ? { ok: false, fault: { ...fault, message: `${fault.message}; ${policy_field} names it` } }
      : loaded;
  }
  const checked = profile === "oss-prod" ? checkDefault(loaded.value.policy) : ok(undefined);
  return checked.ok ? ok(loaded.value.policy) : checked;
}

/** The kill switch as it is now, or why it cannot be read; none where none is named. */
export async function gateKillSwitch(path: string, ports: Pick<Ports, "state">): Promise<Result<KillSwitch>> {
  if (path === "") return ok({ status: "none" });
  const { loadKillSwitch } = await import("./kill_switch_file.ts");
  const state = await loadKillSwitch(path, ports);
  return state.ok ? ok({ status: "read", entries: state.value.entries }) : state;
}

/** What stands for a kill switch that cannot be read: where one is needed the call is decided without it, and blocked for that. */
export const neededKillSwitch = (
  read: Result<KillSwitch>,
  profile: Profile,
  risk_class: string,
): Result<KillSwitch> => read.ok || !isStrict(profile, risk_class) ? read : ok({ status: "unavailable" });

/** The evidence of the context at a moment; undefined where none is named. Reading it once serves many moments. */
export async function gateEnvelope(
  path: string,
  ports: Pick<Ports, "files" | "host">,
): Promise<Result<((at: string) => BoundContext) | undefined>> {
  if (path === "") return ok(undefined);
  if (climbs(path)) {
    return fail("path_refused", `Cannot read the context envelope "${path}": a relative path must not climb with ".."`);
  }
  const { ENVELOPE_LIMIT, readContext } = await import("../core/run/context.ts");
  const { boundContext } = await import("../core/flow/context_binding.ts");
  const bytes = await ports.files.read(path, ENVELOPE_LIMIT);
  if (!bytes.ok) return bytes;
  const set = readContext(ports.host.crypto, bytes.value, path);
  return set.ok ? ok((at) => boundContext(set.value, at)) : set;
}

/** An inventory, and the path that names it. */
export type NamedInventory = { readonly items: Inventory; readonly source: string };

const INVENTORY_LIMIT = 64 * 2 ** 20;

/** What is known of the registry of approved scripts; reading it once serves many calls. */
export async function gateScripts(
  { scripts: registry, keys }: GateSettings,
  policy: Policy,
  ports: Pick<Ports, "files" | "env" | "host" | "state">,
): Promise<Result<ApprovedScripts>> {
  if (registry === "") return ok({ status: "none" });
  const { gateScripts } = await import("./approved_scripts.ts");
  return await gateScripts({ registry, own: keys.scripts, approval: keys.approval }, policy, ports);
}

/** Gives the approved scripts that a call may be looked up in at a time of the wall clock. Fault `registry_unavailable`. */
export type HeldScripts = (intent: Intent, now: string) => Result<NeededScripts>;

const NO_SCRIPTS: Result<NeededScripts> = ok({ scripts: [], warnings: [] });

/** Looks up approved scripts in what is known of their registry; it serves many calls. */
export async function heldScripts(known: ApprovedScripts, { profile }: GateSettings): Promise<HeldScripts> {
  if (known.status === "none") return () => NO_SCRIPTS;
  const { neededScripts } = await import("./approved_scripts.ts");
  return ({ context }, now) => neededScripts(known, profile, context.risk_class, now);
}

/** The inventory, or why it cannot be read; undefined where none is named. */
export async function gateInventory(path: string, { files }: Reading): Promise<Result<NamedInventory | undefined>> {
  if (path === "") return ok(undefined);
  const { readInventory } = await import("../core/gate/inventory.ts");
  const bytes = await files.read(path, INVENTORY_LIMIT);
  if (!bytes.ok) return bytes;
  const items = readInventory(bytes.value, path);
  return items.ok ? ok({ items: items.value, source: path }) : items;
}

/** The inventory that a call is decided with, and a warning where it is decided without. Fault `inventory_unavailable`. */
export function neededInventory(
  read: Result<NamedInventory | undefined>,
  profile: Profile,
  risk_class: string,
): Result<{ readonly inventory: NamedInventory | undefined; readonly warnings: readonly string[] }> {
  if (read.ok) return ok({ inventory: read.value, warnings: [] });
  const { message, at } = read.fault;
  return isStrict(profile, risk_class)
    ? fail("inventory_unavailable", `Cannot decide without the inventory: ${message}`, at)
    : ok({ inventory: undefined, warnings: [`The inventory was left out: ${message}`] });
}
