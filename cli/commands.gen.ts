// Written by `deno task gen` from cli/commands/: one row a command, each loaded when it is wanted. Do not edit.
import type { Entry } from "./command.ts";

/** All commands, by path. */
export const COMMANDS: readonly Entry[] = [
  {
    path: ["capture"],
    summary: "Write a receipt for an artifact",
    load: () => import("./commands/capture.ts"),
  },
  {
    path: ["completion"],
    summary: "Print a completion script for a shell",
    load: () => import("./commands/completion.ts"),
  },
  {
    path: ["demo"],
    summary: "Record, sign and verify a small run offline",
    load: () => import("./commands/demo.ts"),
  },
  {
    path: ["help"],
    summary: "Show how to use gait or one of its commands",
    load: () => import("./commands/help.ts"),
  },
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
  {
    path: ["migrate"],
    summary: "Rewrite a runpack in today's form",
    load: () => import("./commands/migrate.ts"),
  },
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
  {
    path: ["trace", "verify"],
    summary: "Verify the signed record of a decision",
    load: () => import("./commands/trace_verify.ts"),
  },
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
  {
    path: ["version"],
    summary: "Print the version",
    load: () => import("./commands/version.ts"),
  },
];
