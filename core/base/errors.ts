// The one table of everything that can go wrong, by stable name. The error envelope, the exit code, the help pages and
// the docs are read from it; words in a message decide nothing.

import { lazy } from "./lazy.ts";

/** How a program can end, by meaning. The numbers stand in `cli/render.ts` alone. */
export type ExitName =
  | "ok"
  | "internal"
  | "verification"
  | "blocked"
  | "approval"
  | "regression"
  | "usage"
  | "dependency"
  | "unsafe";

/** What a script may switch on (spec 01, section 3.2). */
export type Category =
  | "internal_failure"
  | "verification_failed"
  | "policy_blocked"
  | "approval_required"
  | "invalid_input"
  | "dependency_missing"
  | "io_failure"
  | "state_contention"
  | "network_transient"
  | "network_permanent";

type Row = { readonly exit: ExitName; readonly category?: Category; readonly remedy: string };

const rows = () => ({
  // Command line
  usage: { exit: "usage", remedy: "Run the command with --help to see what it takes" },
  unknown_command: { exit: "usage", remedy: "Run gait help to see all commands" },
  unknown_flag: { exit: "usage", remedy: "Run the command with --help to see its flags" },
  flag_value: { exit: "usage", remedy: "Give the flag a value of the kind that --help names" },
  missing_argument: { exit: "usage", remedy: "Run the command with --help to see what it needs" },
  retired: { exit: "usage", remedy: "Use the replacement that the message names" },

  // Files and folders
  file_missing: { exit: "usage", remedy: "Check the path, or make the file first" },
  file_unreadable: { exit: "usage", remedy: "Check that the path is a file and may be read" },
  file_too_large: { exit: "usage", remedy: "Split the input; the limit is named in the message" },
  path_refused: {
    exit: "usage",
    remedy: "Leave it out, or give a path or name that the message does not rule out; relative paths stay in this folder",
  },
  file_exists: { exit: "usage", remedy: "Choose another name; where a command may replace it, its --help says how" },
  write_failed: { exit: "internal", category: "io_failure", remedy: "Free space or choose a folder that can be written" },
  store_busy: { exit: "internal", category: "state_contention", remedy: "Wait for the other process and try again" },

  // JSON and documents
  json_syntax: { exit: "usage", remedy: "Mend the JSON at the place that the message names" },
  json_duplicate_key: { exit: "usage", remedy: "Keep one of the two members" },
  json_lone_surrogate: { exit: "usage", remedy: "Write the character as a whole surrogate pair" },
  json_number_range: { exit: "usage", remedy: "Use a number that a double can hold, or text" },
  json_too_deep: { exit: "usage", remedy: "Nest less deeply" },
  json_too_large: { exit: "usage", remedy: "Split the document; the limit is named in the message" },
  text_encoding: { exit: "usage", remedy: "Save the file as UTF-8 without a byte order mark" },
  document_shape: { exit: "usage", remedy: "Bring the member that the message names into the form of its format page" },
  document_kind: { exit: "usage", remedy: "Give a file of the kind that the command reads" },

  // Keys
  key_source: { exit: "usage", remedy: "Name exactly one source for each key" },
  key_format: { exit: "usage", remedy: "Make a key pair with gait keys init" },
  key_halves_disagree: { exit: "usage", remedy: "Restore the key file, or make a new pair with gait keys rotate" },
  key_mismatch: { exit: "usage", remedy: "Use the public key that belongs to the private key" },

  // Archives and evidence
  not_a_zip: { exit: "usage", remedy: "Give a runpack that gait run record wrote" },
  manifest_missing: { exit: "usage", remedy: "Give an archive of the kind that the command reads: its manifest is missing" },
  zip_duplicate_entry: { exit: "verification", remedy: "Do not trust the archive: two readers may see two contents" },
  zip_unsafe_name: {
    exit: "verification",
    remedy: "Do not trust the archive: an entry name could leave its folder or hide another",
  },
  zip_damaged: { exit: "verification", remedy: "Fetch the archive again from where it was recorded" },
  zip_ambiguous: { exit: "verification", remedy: "Do not trust the archive: two readers may see two contents" },
  zip_unsupported: { exit: "verification", remedy: "Write the archive with deflated or stored, unencrypted plain files" },
  zip_entry_too_large: { exit: "verification", remedy: "Entries may hold 100 MiB at most" },
  zip_too_many_entries: {
    exit: "verification",
    remedy: "Archives may hold 65,535 entries and 32 MiB of directory at most",
  },
  zip_bomb: { exit: "verification", remedy: "Do not open the archive: it inflates far beyond its size" },
  pack_tampered: { exit: "verification", remedy: "Run gait verify on it to see every defect" },
  pack_invalid: { exit: "verification", remedy: "Do not rely on the pack; have its producer build it again" },
  signature_failed: { exit: "verification", remedy: "Check that the key is the signer's; otherwise do not trust the document" },
  verification_failed: { exit: "verification", remedy: "Run gait verify on it to see every defect" },
  contract_refused: { exit: "verification", remedy: "Do not act on the contract until every reason is gone" },
  token_refused: { exit: "verification", remedy: "Do not act on the token; ask its issuer for one that fits the call" },

  // Recording
  run_invalid: { exit: "usage", remedy: "Mend the input at the member that the message names" },
  digest_conflict: { exit: "usage", remedy: "Leave the digest out, or give the payload that it was taken from" },
  digest_missing: { exit: "usage", remedy: "Give the payload, a normalization payload or a digest" },
  bundle_invalid: { exit: "usage", remedy: "Mend the authorization bundle at the member that the message names" },
  outcome_unknown: { exit: "internal", remedy: "Use allow, block, dry_run or require_approval as outcome_status" },
  call_record_invalid: { exit: "usage", remedy: "Mend the call record at the member that the message names" },
  speech_refused: {
    exit: "internal",
    remedy: "Do not pack the call: the gate had refused what was said; find out why it was spoken all the same",
  },
  context_invalid: { exit: "usage", remedy: "Mend the context envelope, or record with evidence mode best_effort" },
  raw_context_refused: { exit: "usage", remedy: "Repeat with --unsafe-context-raw if the raw text may be stored" },

  // Using recorded runs
  replay_impossible: { exit: "usage", remedy: "Record the run again: each call once, and raw if its tools are to run" },
  process_failed: { exit: "dependency", remedy: "Install the program that the message names, or let gait start it" },
  tool_failed: { exit: "internal", remedy: "Mend what the message names, or replay without --real-tools" },
  nothing_to_reduce: { exit: "usage", remedy: "Choose the other predicate, or keep the runpack as it is" },
  footer_refused: { exit: "internal", remedy: "Record the run under an id of letters, digits, underscores and hyphens" },
  same_file: { exit: "usage", remedy: "Name another file to write to" },

  // YAML and policies
  yaml_syntax: { exit: "usage", remedy: "Mend the YAML at the place that the message names" },
  yaml_duplicate_key: { exit: "usage", remedy: "Keep one of the two keys" },
  yaml_too_large: { exit: "usage", remedy: "Split or flatten the file; the limit is named in the message" },
  policy_shape: { exit: "usage", remedy: "Mend the field that the message names; gait policy init writes a policy that holds" },
  policy_legacy: { exit: "usage", remedy: "Replace the fields that the message names; --json lists the replacements" },
  policy_lint: { exit: "usage", remedy: "Mend what the findings name, or leave out --strict" },

  // Intents
  intent_invalid: { exit: "usage", remedy: "Mend the intent at the member that the message names" },
  intent_credential: {
    exit: "usage",
    remedy: "Hand over a reference, such as env:NAME or ref:vault/path, in the place of the credential itself",
  },
  inventory_invalid: { exit: "usage", remedy: "Give a list of items, or an object with such a list under items" },

  // Deciding
  profile_refused: { exit: "usage", remedy: "Mend what profile oss-prod refuses, or decide under profile standard" },
  inventory_unavailable: { exit: "blocked", remedy: "Restore the inventory: calls of high risk are not decided without it" },

  // Pending approvals
  request_missing: { exit: "usage", remedy: "Name a request in full, as gait approvals show prints it" },
  request_changed: {
    exit: "verification",
    remedy: "Do not approve it: ask the gate again, and find out who changed the files of the inbox",
  },
  request_closed: { exit: "usage", remedy: "Run gait approvals show on it to see who decided and when it ended" },
  inbox_differs: {
    exit: "usage",
    remedy: "Run gait approvals list again, look at what is new, and name the set that it prints",
  },

  // Approved scripts
  script_refused: {
    exit: "verification",
    remedy: "Renew or remove the entry that the message names: a registry counts only when all of its entries hold",
  },
  registry_unavailable: {
    exit: "blocked",
    remedy: "Restore the registry of approved scripts and name its key: calls of high risk are not decided without them",
  },

  // Calls at the boundary
  adapter_unknown: { exit: "usage", remedy: "Name the form that the calls have: one of those that the message lists" },
  call_invalid: { exit: "usage", remedy: "Mend the call at the member that the message names" },
  oauth_refused: { exit: "usage", remedy: "Hand over what the message asks for in context.oauth_evidence of the call" },
  value_not_json: {
    exit: "usage",
    remedy: "Hand over plain values: texts, finite numbers, true, false, null, lists and objects",
  },

  lock_invalid: {
    exit: "usage",
    remedy: "Restore the lock from a copy, or remove it and lock its servers again with gait mcp lock",
  },
  result_rules_shape: {
    exit: "usage",
    remedy: "Mend the field that the message names; docs/mcp.md has an example that holds",
  },
  mcp_server_failed: {
    exit: "dependency",
    remedy:
      "Check that the command starts an MCP server that answers on its standard streams, or that one answers at the address",
  },

  // Hooks of coding agents
  hook_client_unknown: { exit: "usage", remedy: "Name one of the agents that the message lists" },
  hook_event_unknown: { exit: "usage", remedy: "Configure the hooks that gait hook install writes, and no others" },
  hook_unverified: { exit: "usage", remedy: "Repeat with --force to install hooks whose format nobody has confirmed" },
  hook_settings: {
    exit: "usage",
    remedy: "Mend the settings at the place that the message names, by hand; they were left as they are",
  },
  hook_bypass: { exit: "blocked", remedy: "Find out why the agent ran the call without asking, and look at the evidence" },

  // Callers of a gate
  gate_unavailable: {
    exit: "dependency",
    category: "network_transient",
    remedy: "Do not run the tool; check that the gate runs where it is called, and ask again",
  },
  gate_timed_out: {
    exit: "dependency",
    category: "network_transient",
    remedy: "Do not run the tool; give the gate more time, or find out what it waits for",
  },
  gate_refused: { exit: "usage", remedy: "Do not run the tool; mend what the gate says of the call or of itself" },
  gate_answer_invalid: { exit: "dependency", remedy: "Do not run the tool; check what answers in the place of the gate" },
  record_failed: {
    exit: "internal",
    category: "io_failure",
    remedy: "Do not run the tool; mend the journal: no call goes ahead without its record",
  },

  // Jobs
  job_invalid: {
    exit: "usage",
    remedy: "Name a job that was submitted, or restore its folder: it is read only when all of it holds",
  },

  // Serving
  listen_failed: { exit: "internal", category: "io_failure", remedy: "Choose another address, or end the program that has it" },
  network_failed: {
    exit: "internal",
    category: "network_transient",
    remedy: "Check the address and that somebody answers there",
  },
  collector_refused: {
    exit: "internal",
    category: "network_permanent",
    remedy: "Check the address, and what the collector says: wanted is one that takes OTLP over HTTP as JSON",
  },
  http_malformed: { exit: "usage", remedy: "Send HTTP/1.1 as the message says, with one Content-Length or chunked" },
  host_refused: {
    exit: "usage",
    remedy: "Call the server by the name that it listens on, and not from a page of another site",
  },
  method_refused: { exit: "usage", remedy: "Use a method that the Allow header of the answer names" },
  credentials_refused: { exit: "usage", remedy: "Send Authorization: Bearer with the token of the server" },
  media_type_refused: { exit: "usage", remedy: "Send the body plain, in UTF-8, as Content-Type: application/json" },
  body_too_large: { exit: "usage", remedy: "Send less, or start the server with a higher --max-request-bytes" },
  request_timed_out: { exit: "internal", category: "network_transient", remedy: "Send the request whole and at once" },
  server_busy: { exit: "internal", category: "state_contention", remedy: "Wait a little and send the call again" },

  // Wrappers
  child_start_failed: { exit: "internal", remedy: "Check the name of the program and of the folder to start it in" },
  child_wait_failed: { exit: "internal", remedy: "Run the program again; let it print less, if that is what the message says" },
  child_timed_out: { exit: "internal", remedy: "Give the program more time with --timeout, or find out what it waits for" },
  missing_trace_reference: { exit: "usage", remedy: "Let the program print a line trace_path=<file> for each decision" },
  invalid_trace_artifact: {
    exit: "blocked",
    remedy: "Let the program name the trace files that gait gate eval wrote, unchanged",
  },

  // Kill switch and project defaults
  entry_missing: { exit: "usage", remedy: "Name an entry that gait kill-switch list shows" },
  config_invalid: { exit: "usage", remedy: "Mend the field that the message names, or run with --no-config" },

  // Sessions
  session_busy: {
    exit: "internal",
    remedy: "Wait for the other process and try again, or remove the lock of one that is gone",
  },
  session_differs: { exit: "usage", remedy: "Choose another journal, or the ids of the session that this one belongs to" },
  session_nothing_new: { exit: "usage", remedy: "Append an event first: a checkpoint seals what came after the last one" },
  journal_damaged: { exit: "usage", remedy: "Restore the journal from a copy; gait leaves a damaged one as it is" },

  // Regressions
  suite_invalid: {
    exit: "usage",
    remedy: "Mend gait.yaml at the member that the message names; gait regress init writes it anew",
  },
  fixture_missing: {
    exit: "usage",
    remedy: "Restore the file of the fixture, or take its entry out of gait.yaml",
  },
  fixture_invalid: {
    exit: "usage",
    remedy: "Mend fixture.json at the member that the message names, or make the fixture again with gait regress init",
  },
  fixture_mismatch: {
    exit: "usage",
    remedy: "Let gait.yaml, fixture.json and the runpack name one fixture and one run, or make the fixture again",
  },
  schema_newer: { exit: "usage", remedy: "Read it with the newer gait that wrote it, or make it again with this one" },
  grader_nondeterministic: { exit: "usage", remedy: "Repeat with --allow-nondeterministic if the grader may run" },

  // The rest
  internal: { exit: "internal", remedy: "This is a fault of gait: please report it with the command line" },
  unsafe_operation: { exit: "unsafe", remedy: "Read what the command would do, then consent in every way that it asks for" },
} as const satisfies Readonly<Record<string, Row>>);

/** The stable name of a fault, as written in the `fault` member of an error. */
export type FaultCode = keyof ReturnType<typeof rows>;

/** Every fault: how the program ends, what category scripts see, and what to do next. Made when the first one is told. */
export const errors: () => Readonly<Record<FaultCode, Row>> = lazy(rows);
