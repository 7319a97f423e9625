// How risky a call is by what it touches (spec 02, section 8.1): low, medium, high.
import type { Target } from "../schema/intent.ts";
import type { RiskClass } from "./types.ts";

const HIGH: readonly string[] = ["fs.delete", "proc.exec"];
const MEDIUM: readonly string[] = ["fs.write", "net.http", "net.dns"];

/** The risk of a call that touches these targets; of nothing it is low. */
export const riskOf = (targets: readonly Target[]): RiskClass => {
  if (targets.some((target) => target.destructive || HIGH.includes(target.endpoint_class))) return "high";
  return targets.some((target) => MEDIUM.includes(target.endpoint_class)) ? "medium" : "low";
};

/** The highest of some risks; of none it is low. */
export const highestRisk = (risks: readonly RiskClass[]): RiskClass =>
  risks.includes("high") ? "high" : risks.includes("medium") ? "medium" : "low";
