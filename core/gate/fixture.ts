// Reading a fixture of `policy test` and `policy simulate`: a bare intent, or a call with what is expected of it.
import { placed, readDocument } from "../base/document.ts";
import type { Crypto } from "../base/host.ts";
import { type Json, readJson } from "../base/json.ts";
import { isJsonObject } from "../base/json_value.ts";
import { ok, type Result } from "../base/result.ts";
import { toUtc, ZERO_TIME } from "../base/time.ts";
import { type Expectation, type PolicyFixture, PolicyFixtureShape } from "../schema/policy_fixture.ts";
import { INTENT_LIMIT, intentOf, readIntent, UNKNOWN_CALL } from "./intent_read.ts";
import { unknownMembers } from "./intent_unknown.ts";
import { addEntry, emptyKillSwitch } from "./kill_switch_state.ts";
import type { Intent, KillSwitch } from "./types.ts";

/** A call to be tried. */
export type Fixture = {
  /** Whether it is an intent and nothing else. */
  readonly bare: boolean;
  readonly about: string;
  readonly intent: Intent;
  /** Undefined where nothing is expected. */
  readonly expect: Expectation | undefined;
  /** UTC; undefined: the time of the run. */
  readonly evaluation_time: string | undefined;
  readonly kill_switch: KillSwitch;
  /** What is to be said of members that are not known. */
  readonly unknown: readonly string[];
};

// What every intent has one of, so that a call with further members of such names is no fixture.
const OF_INTENTS = ["tool_name", "script", "context"];

const isFixture = (json: Json): boolean =>
  isJsonObject(json) && ("intent" in json || "expect" in json) && !OF_INTENTS.some((name) => name in json);

/**
 * Reads a fixture; an object with a member `intent` or `expect` and none that makes an intent is one, any other JSON has to be an
 * intent. Faults: those of reading an
 * intent, `document_shape` with line and column for members of the fixture, those of entries of a kill switch.
 */
export function readFixture(crypto: Crypto, bytes: Uint8Array, what: string): Result<Fixture> {
  const json = readJson(bytes, what, { text: "replace", maxBytes: INTENT_LIMIT });
  if (!json.ok || !isFixture(json.value)) {
    const intent = readIntent(bytes, what);
    if (!intent.ok) return intent;
    const none: KillSwitch = { status: "none" };
    return ok({
      bare: true,
      about: "",
      intent: intent.value,
      expect: undefined,
      evaluation_time: undefined,
      kill_switch: none,
      unknown: json.ok ? unknownMembers(json.value) : [],
    });
  }
  const at = { file: what };
  const read = readDocument(PolicyFixtureShape, bytes, what, at, { maxBytes: INTENT_LIMIT });
  if (!read.ok) return read;
  const { about, expect, evaluation_time, kill_switch } = read.value.value;
  const intent = intentOf(read.value.value.intent ?? null, `${what}#/intent`);
  if (!intent.ok) {
    const pointer = `/intent${intent.fault.at?.pointer ?? ""}`;
    return { ok: false, fault: placed({ ...intent.fault, at: { pointer } }, bytes, at) };
  }
  const stops = killSwitchOf(crypto, kill_switch);
  if (!stops.ok) return { ok: false, fault: placed({ ...stops.fault, at: { pointer: "/kill_switch" } }, bytes, at) };
  return ok({
    bare: false,
    about,
    intent: intent.value,
    expect,
    evaluation_time: evaluation_time === ZERO_TIME ? undefined : toUtc(evaluation_time),
    kill_switch: stops.value,
    unknown: unknownMembers(read.value.value.intent ?? null),
  });
}

// Entries as the command adds them, so that a fixture need not say what the command fills in.
function killSwitchOf(crypto: Crypto, entries: PolicyFixture["kill_switch"]): Result<KillSwitch> {
  if (entries.length === 0) return ok({ status: "none" });
  const stamp = { now: UNKNOWN_CALL, producer_version: "" };
  let state = emptyKillSwitch(stamp);
  for (const { enabled = true, created_at: _, ...draft } of entries) {
    if (!enabled) continue;
    const added = addEntry(crypto, state, draft, stamp);
    if (!added.ok) return added;
    state = added.value.state;
  }
  return ok({ status: "read", entries: state.entries });
}
