// What destroys is only planned, or needs approval.
import { rows, ruled } from "./decide.ts";
import { CONTEXT, request } from "./intents.ts";

const deleting = (phase: string) =>
  request({ targets: [{ kind: "path", value: "/x", operation: "delete" }], context: { ...CONTEXT, phase } });

const TABLE = [
  ["allow", "dry_run", "require_approval"],
  ["dry_run", "dry_run", "require_approval"],
  ["require_approval", "require_approval", "require_approval"],
  ["block", "block", "block"],
] as const;

for (const [effect, planned, applied] of TABLE) {
  rows(`phase: a rule of effect ${effect}`, ruled({ effect }), [
    ["plan", deleting("plan"), [planned, "ok plan_phase_non_destructive", ""]],
    ["apply", deleting("apply"), [applied, "destructive_apply_requires_approval ok", ""]],
    ["neither", deleting(""), [applied, "destructive_apply_requires_approval ok", ""]],
    ["nothing destroyed", request({}), [effect, "ok", ""]],
  ]);
}

rows("phase: without a rule", { default_verdict: "allow" }, [["the default stays", deleting("apply"), [
  "allow",
  "default_allow",
  "",
]]]);

const PROVED = {
  ...CONTEXT,
  sandbox: {
    network_mode: "disabled",
    env_exposure_mode: "none",
    filesystem_isolation: "container",
    user_mode: "unprivileged",
    timeout_seconds: 60,
    evidence_ref: "proof:1",
    evidence_digest: "ab".repeat(32),
  },
};
const COMMAND = { kind: "other", value: "make", operation: "exec" };
const FILE = { kind: "path", value: "/x", operation: "delete" };
const ASKED = ["require_approval", "destructive_apply_requires_approval ok", ""] as const;

rows("phase: in a sandbox that meets the rule", ruled({ sandbox: { max_timeout_seconds: 60 } }), [
  ["commands need no approval of their own", request({ targets: [COMMAND], context: PROVED }), ["allow", "ok", ""]],
  ["whatever else destroys does", request({ targets: [FILE], context: PROVED }), ASKED],
  ["and so does a command beside it", request({ targets: [COMMAND, FILE], context: PROVED }), ASKED],
]);
