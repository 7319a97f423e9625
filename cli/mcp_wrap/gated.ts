// What a gate decides with, read once before anybody is answered: a gate that could not decide does not begin.
import { ok, type Result } from "../../core/base/result.ts";
import { checkInbox } from "../approvals_inbox.ts";
import { type Boundary, type BoundaryReady, openBoundary } from "../boundary.ts";
import { type Pins, pinsOf } from "./pins.ts";
import type { WrapPorts } from "./ports.ts";
import { type ResultGate, resultGate } from "./result_gate.ts";
import type { WrapSettings } from "./settings.ts";

/** It serves all sessions of a gate. */
export type Gated = {
  readonly boundary: Boundary;
  readonly ready: BoundaryReady;
  readonly pins: Pins;
  readonly results: ResultGate;
};

/** Opens it. Faults of the policy and all that belongs to it, of the inbox, of the lock, and of the rules for results. */
export async function openGated(settings: WrapSettings, ports: WrapPorts): Promise<Result<Gated>> {
  const boundary = openBoundary(settings.boundary, ports);
  const ready = await boundary.ready();
  if (!ready.ok) return ready;
  const inbox = await checkInbox(settings.pending_dir, ports);
  if (!inbox.ok) return inbox;
  const [pins, results] = [pinsOf(settings, ports), resultGate(settings, ports)];
  const pinned = await pins.ready();
  if (!pinned.ok) return pinned;
  const ruled = await results.ready();
  return ruled.ok ? ok({ boundary, ready: ready.value, pins, results }) : ruled;
}
