// What `gait demo --policy` tells. Apart from doing it, so that the other demo does not load the gate.

/** The JSON view of the demo. */
export type PolicyDemo = {
  readonly ok: true;
  readonly mode: "policy";
  readonly bundle: string;
  readonly pack_path: string;
  readonly verify: "ok";
  readonly policy_verdict: string;
  readonly matched_rule: string;
  readonly reason_codes: readonly string[];
  readonly next_commands: readonly string[];
  readonly metrics_opt_in: string;
  readonly duration_ms: number;
};

/** The human view. */
export const policyDemoLines = (data: PolicyDemo): readonly string[] => [
  `mode=${data.mode}`,
  `bundle=${data.bundle}`,
  `pack_path=${data.pack_path}`,
  `verify=${data.verify}`,
  `policy_verdict=${data.policy_verdict}`,
  `matched_rule=${data.matched_rule}`,
  `reason_codes=${data.reason_codes.join(",")}`,
  `next=${data.next_commands.join("; ")}`,
  `metrics_opt_in=${data.metrics_opt_in}`,
];
