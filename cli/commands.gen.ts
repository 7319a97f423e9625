// Written by `deno task gen` from cli/commands/: one row a command, each loaded when it is wanted. Do not edit.
import type { Commands } from "./command.ts";

/** All commands, by the first word of their paths, then by path. */
export const COMMANDS: Commands = {
  approvals: () => [
    {
      path: ["approvals", "approve"],
      summary: "Approve requests of the inbox",
      load: () => import("./commands/approvals_approve.ts"),
    },
    {
      path: ["approvals", "deny"],
      summary: "Deny requests of the inbox",
      load: () => import("./commands/approvals_deny.ts"),
    },
    {
      path: ["approvals", "list"],
      summary: "Show what waits for approval",
      load: () => import("./commands/approvals_list.ts"),
    },
    {
      path: ["approvals", "show"],
      summary: "Show one request for approval",
      load: () => import("./commands/approvals_show.ts"),
    },
    {
      path: ["approvals", "wait"],
      summary: "Wait until a request is decided",
      load: () => import("./commands/approvals_wait.ts"),
    },
  ],
  approve: () => [
    {
      path: ["approve"],
      summary: "Approve one exact call",
      load: () => import("./commands/approve.ts"),
    },
  ],
  "approve-script": () => [
    {
      path: ["approve-script"],
      summary: "Approve one exact script in advance",
      load: () => import("./commands/approve_script.ts"),
    },
  ],
  capture: () => [
    {
      path: ["capture"],
      summary: "Write a receipt for an artifact",
      load: () => import("./commands/capture.ts"),
    },
  ],
  check: () => [
    {
      path: ["check"],
      summary: "Check the policy of this project",
      load: () => import("./commands/check.ts"),
    },
  ],
  ci: () => [
    {
      path: ["ci", "report"],
      summary: "Tell a CI system what a command came to",
      load: () => import("./commands/ci_report.ts"),
    },
  ],
  completion: () => [
    {
      path: ["completion"],
      summary: "Print a completion script for a shell",
      load: () => import("./commands/completion.ts"),
    },
  ],
  contract: () => [
    {
      path: ["contract", "activate"],
      summary: "Put a proposed action contract into force",
      load: () => import("./commands/contract_activate.ts"),
    },
    {
      path: ["contract", "consume"],
      summary: "Print a receipt for a proposed action contract",
      load: () => import("./commands/contract_consume.ts"),
    },
    {
      path: ["contract", "consumer"],
      summary: "Another name of contract consume",
      load: () => import("./commands/contract_consumer.ts"),
    },
    {
      path: ["contract", "ingest"],
      summary: "Another name of contract validate",
      load: () => import("./commands/contract_ingest.ts"),
    },
    {
      path: ["contract", "validate"],
      summary: "Check a proposed action contract",
      load: () => import("./commands/contract_validate.ts"),
    },
    {
      path: ["contract", "verify"],
      summary: "Verify an activated action contract",
      load: () => import("./commands/contract_verify.ts"),
    },
  ],
  delegate: () => [
    {
      path: ["delegate", "mint"],
      summary: "Delegate a scope to another agent",
      load: () => import("./commands/delegate_mint.ts"),
    },
    {
      path: ["delegate", "verify"],
      summary: "Verify a delegation token",
      load: () => import("./commands/delegate_verify.ts"),
    },
  ],
  demo: () => [
    {
      path: ["demo"],
      summary: "Record, sign and verify a small run offline",
      load: () => import("./commands/demo.ts"),
    },
  ],
  enforce: () => [
    {
      path: ["enforce"],
      summary: "Run a program and fail for what was not allowed",
      load: () => import("./commands/enforce.ts"),
    },
  ],
  gate: () => [
    {
      path: ["gate", "eval"],
      summary: "Decide a tool call against a policy",
      load: () => import("./commands/gate_eval.ts"),
    },
  ],
  help: () => [
    {
      path: ["help"],
      summary: "Show how to use gait or one of its commands",
      load: () => import("./commands/help.ts"),
    },
  ],
  hook: () => [
    {
      path: ["hook", "install"],
      summary: "Have a coding agent ask before each tool call",
      load: () => import("./commands/hook_install.ts"),
    },
    {
      path: ["hook", "run"],
      summary: "Answer the hook of a coding agent",
      load: () => import("./commands/hook_run.ts"),
    },
    {
      path: ["hook", "status"],
      summary: "Show what is installed for coding agents",
      load: () => import("./commands/hook_status.ts"),
    },
    {
      path: ["hook", "uninstall"],
      summary: "Take the hooks of a coding agent out again",
      load: () => import("./commands/hook_uninstall.ts"),
    },
  ],
  init: () => [
    {
      path: ["init"],
      summary: "Write the policy of this project",
      load: () => import("./commands/init.ts"),
    },
  ],
  keys: () => [
    {
      path: ["keys", "init"],
      summary: "Make an Ed25519 key pair",
      load: () => import("./commands/keys_init.ts"),
    },
    {
      path: ["keys", "rotate"],
      summary: "Make the next key pair beside the old one",
      load: () => import("./commands/keys_rotate.ts"),
    },
    {
      path: ["keys", "verify"],
      summary: "Check that a key pair can be used",
      load: () => import("./commands/keys_verify.ts"),
    },
  ],
  "kill-switch": () => [
    {
      path: ["kill-switch", "add"],
      summary: "Stop calls at once, whatever the policy says",
      load: () => import("./commands/kill_switch_add.ts"),
    },
    {
      path: ["kill-switch", "disable"],
      summary: "Take an entry of the kill switch out of force",
      load: () => import("./commands/kill_switch_disable.ts"),
    },
    {
      path: ["kill-switch", "expire"],
      summary: "End an entry of the kill switch now or at a time",
      load: () => import("./commands/kill_switch_expire.ts"),
    },
    {
      path: ["kill-switch", "list"],
      summary: "Show what is stopped",
      load: () => import("./commands/kill_switch_list.ts"),
    },
  ],
  "list-scripts": () => [
    {
      path: ["list-scripts"],
      summary: "Show the scripts that are approved in advance",
      load: () => import("./commands/list_scripts.ts"),
    },
  ],
  mcp: () => [
    {
      path: ["mcp", "bridge"],
      summary: "The same as gait mcp proxy",
      load: () => import("./commands/mcp_bridge.ts"),
    },
    {
      path: ["mcp", "lock"],
      summary: "Pin the tools that an MCP server declares",
      load: () => import("./commands/mcp_lock.ts"),
    },
    {
      path: ["mcp", "proxy"],
      summary: "Decide one tool call as an MCP client hands it over",
      load: () => import("./commands/mcp_proxy.ts"),
    },
    {
      path: ["mcp", "serve"],
      summary: "Decide tool calls over HTTP",
      load: () => import("./commands/mcp_serve.ts"),
    },
    {
      path: ["mcp", "verify"],
      summary: "Check how far an MCP server is trusted",
      load: () => import("./commands/mcp_verify.ts"),
    },
    {
      path: ["mcp", "wrap"],
      summary: "Stand before an MCP server and decide its calls",
      load: () => import("./commands/mcp_wrap.ts"),
    },
  ],
  migrate: () => [
    {
      path: ["migrate"],
      summary: "Rewrite a runpack in today's form",
      load: () => import("./commands/migrate.ts"),
    },
  ],
  pack: () => [
    {
      path: ["pack", "build"],
      summary: "Build a pack of a run, a job, a call or a decision",
      load: () => import("./commands/pack_build.ts"),
    },
    {
      path: ["pack", "diff"],
      summary: "Compare two packs",
      load: () => import("./commands/pack_diff.ts"),
    },
    {
      path: ["pack", "export"],
      summary: "Hand a pack on to other tools",
      load: () => import("./commands/pack_export.ts"),
    },
    {
      path: ["pack", "inspect"],
      summary: "Show what a pack says",
      load: () => import("./commands/pack_inspect.ts"),
    },
    {
      path: ["pack", "verify"],
      summary: "Verify a pack offline",
      load: () => import("./commands/pack_verify.ts"),
    },
  ],
  policy: () => [
    {
      path: ["policy", "fmt"],
      summary: "Format a policy",
      load: () => import("./commands/policy_fmt.ts"),
    },
    {
      path: ["policy", "init"],
      summary: "Write a policy to begin with",
      load: () => import("./commands/policy_init.ts"),
    },
    {
      path: ["policy", "simulate"],
      summary: "Compare two policies on recorded calls",
      load: () => import("./commands/policy_simulate.ts"),
    },
    {
      path: ["policy", "test"],
      summary: "Try a policy on a call, or on fixtures",
      load: () => import("./commands/policy_test.ts"),
    },
    {
      path: ["policy", "validate"],
      summary: "Check a policy",
      load: () => import("./commands/policy_validate.ts"),
    },
  ],
  regress: () => [
    {
      path: ["regress", "add"],
      summary: "Make a fixture of what was captured",
      load: () => import("./commands/regress_add.ts"),
    },
    {
      path: ["regress", "bootstrap"],
      summary: "Make a fixture of a run and grade the suite",
      load: () => import("./commands/regress_bootstrap.ts"),
    },
    {
      path: ["regress", "init"],
      summary: "Make a fixture of a run",
      load: () => import("./commands/regress_init.ts"),
    },
    {
      path: ["regress", "run"],
      summary: "Grade runs against what their fixtures expect",
      load: () => import("./commands/regress_run.ts"),
    },
    {
      path: ["regress", "serve"],
      summary: "Play a recording back as an MCP server",
      load: () => import("./commands/regress_serve.ts"),
    },
  ],
  run: () => [
    {
      path: ["run", "diff"],
      summary: "Compare two runs",
      load: () => import("./commands/run_diff.ts"),
    },
    {
      path: ["run", "inspect"],
      summary: "Show what a runpack records",
      load: () => import("./commands/run_inspect.ts"),
    },
    {
      path: ["run", "receipt"],
      summary: "Print the ticket footer of a runpack",
      load: () => import("./commands/run_receipt.ts"),
    },
    {
      path: ["run", "record"],
      summary: "Seal the record of a run into a runpack",
      load: () => import("./commands/run_record.ts"),
    },
    {
      path: ["run", "reduce"],
      summary: "Cut a failing run down to the call that fails",
      load: () => import("./commands/run_reduce.ts"),
    },
    {
      path: ["run", "replay"],
      summary: "Replay a recorded run",
      load: () => import("./commands/run_replay.ts"),
    },
    {
      path: ["run", "session", "append"],
      summary: "Add a decision to a session",
      load: () => import("./commands/run_session_append.ts"),
    },
    {
      path: ["run", "session", "checkpoint"],
      summary: "Seal the new events of a session into a runpack",
      load: () => import("./commands/run_session_checkpoint.ts"),
    },
    {
      path: ["run", "session", "compact"],
      summary: "Take sealed events out of a journal",
      load: () => import("./commands/run_session_compact.ts"),
    },
    {
      path: ["run", "session", "start"],
      summary: "Begin the journal of a session",
      load: () => import("./commands/run_session_start.ts"),
    },
    {
      path: ["run", "session", "status"],
      summary: "Show what a session came to",
      load: () => import("./commands/run_session_status.ts"),
    },
  ],
  test: () => [
    {
      path: ["test"],
      summary: "Run a program and tell what was decided for it",
      load: () => import("./commands/test.ts"),
    },
  ],
  tour: () => [
    {
      path: ["tour"],
      summary: "Walk from a run to a regression offline",
      load: () => import("./commands/tour.ts"),
    },
  ],
  trace: () => [
    {
      path: ["trace"],
      summary: "Run a program and collect its traces",
      load: () => import("./commands/trace.ts"),
    },
    {
      path: ["trace", "verify"],
      summary: "Verify the signed record of a decision",
      load: () => import("./commands/trace_verify.ts"),
    },
  ],
  verify: () => [
    {
      path: ["verify"],
      summary: "Verify a runpack offline",
      load: () => import("./commands/verify.ts"),
    },
    {
      path: ["verify", "chain"],
      summary: "Verify a runpack with its trace and evidence pack",
      load: () => import("./commands/verify_chain.ts"),
    },
    {
      path: ["verify", "session-chain"],
      summary: "Verify the chain of a session",
      load: () => import("./commands/verify_session_chain.ts"),
    },
  ],
  version: () => [
    {
      path: ["version"],
      summary: "Print the version",
      load: () => import("./commands/version.ts"),
    },
  ],
  voice: () => [
    {
      path: ["voice", "pack", "build"],
      summary: "Build the pack of a call",
      load: () => import("./commands/voice_pack_build.ts"),
    },
    {
      path: ["voice", "pack", "diff"],
      summary: "Compare the packs of two calls",
      load: () => import("./commands/voice_pack_diff.ts"),
    },
    {
      path: ["voice", "pack", "inspect"],
      summary: "Show what the pack of a call says",
      load: () => import("./commands/voice_pack_inspect.ts"),
    },
    {
      path: ["voice", "pack", "verify"],
      summary: "Verify the pack of a call offline",
      load: () => import("./commands/voice_pack_verify.ts"),
    },
  ],
};
