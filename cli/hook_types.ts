// What answering the hooks of coding agents takes and gives.
import type { JsonObject } from "../core/base/json_value.ts";
import type { Profile } from "../core/flow/gate_profile.ts";
import type { HookAnswer } from "../core/hook/answer.ts";
import type { HookClient } from "../core/hook/clients.ts";
import type { HookEvent, HookKeys } from "../core/hook/event.ts";
import type { Ports } from "../core/ports.ts";
import type { HookRecord } from "../core/schema/hook.ts";
import type { HookRecords } from "./hook_records.ts";
import type { KeyValues } from "./key_sources.ts";

/** The ports that it takes. */
export type HookPorts = Pick<
  Ports,
  "files" | "input" | "store" | "journal" | "lock" | "state" | "env" | "clock" | "random" | "machine" | "host"
>;

/** How hooks are answered. An empty path is none. */
export type HookSettings = {
  readonly client: HookClient;
  readonly policy: string;
  readonly profile: Profile;
  readonly job_root: string;
  readonly kill_switch: string;
  readonly dir: string;
  readonly keys: { readonly mode: string; readonly signing: KeyValues };
  /** Whether what needs approval may be put to the agent's user. */
  readonly ask: boolean;
  /** Whether a bypass stops all calls of the agent. */
  readonly trip: boolean;
  readonly version: string;
};

/** What an agent was told. */
export type HookTold = {
  readonly ok: boolean;
  readonly client: HookClient;
  readonly event: string;
  readonly tool_name: string;
  readonly answer: HookAnswer;
  readonly verdict: string;
  readonly reason_codes: readonly string[];
  readonly trace_path: string;
  /** What the agent reads. */
  readonly document: JsonObject;
  readonly reason: string;
};

/** A hook that is being answered. */
export type Hooked = {
  readonly event: HookEvent;
  readonly keys: HookKeys;
  readonly records: HookRecords;
  /** The members that all records of it share. */
  readonly about: Omit<HookRecord, "record_type" | "verdict" | "answer">;
};
