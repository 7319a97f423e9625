// Written by `deno task gen` from cli/commands/: one row a command, each loaded when it is wanted. Do not edit.
import type { Entry } from "./command.ts";

/** All commands, by path. */
export const COMMANDS: readonly Entry[] = [
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
    path: ["run", "inspect"],
    summary: "Show what a runpack records",
    load: () => import("./commands/run_inspect.ts"),
  },
  {
    path: ["run", "record"],
    summary: "Seal the record of a run into a runpack",
    load: () => import("./commands/run_record.ts"),
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
    path: ["version"],
    summary: "Print the version",
    load: () => import("./commands/version.ts"),
  },
];
