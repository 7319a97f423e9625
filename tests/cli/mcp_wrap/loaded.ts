// What a gate loads only when it is wanted, loaded before any test: who waits until nothing moves any more does not wait for files.
import "../../../cli/approval_ledger.ts";
import "../../../cli/approved_scripts.ts";
import "../../../cli/boundary_approvals.ts";
import "../../../cli/gate_limits.ts";
import "../../../cli/gate_tokens.ts";
import "../../../cli/job_stop.ts";
import "../../../cli/kill_switch_file.ts";
import "../../../cli/kill_switch_journal.ts";
import "../../../core/base/yaml.ts";
import "../../../core/flow/context_binding.ts";
import "../../../core/gate/can_allow.ts";
import "../../../core/gate/inventory.ts";
import "../../../core/gate/kill_switch_state.ts";
import "../../../core/gate/policy_read.ts";
import "../../../core/pack/build.ts";
import "../../../core/run/context.ts";
