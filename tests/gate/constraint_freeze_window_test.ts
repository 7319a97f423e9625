// Freeze windows: when they are open, what cannot be read, what is told.
import type { JsonObject } from "../../core/base/json.ts";
import { ZERO_TIME } from "../../core/base/time.ts";
import { assertEquals } from "../assert.ts";
import { decide, ruled } from "./decide.ts";
import { inContext } from "./intents.ts";

const WINDOW = { name: "close", start: "2026-03-14T09:30:00", end: "2026-03-14T10:00:00" };
const FREEZE = { timezone: "UTC", windows: [WINDOW] };

const at = (evaluation_time: string, freeze: JsonObject, context: JsonObject = {}) =>
  decide(ruled({ freeze_window: { ...FREEZE, ...freeze } }), inContext(context), { evaluation_time });

const status = (evaluation_time: string, freeze: JsonObject = {}, context: JsonObject = {}): readonly string[] => {
  const { verdict, freeze_window, reason_codes, violations } = at(evaluation_time, freeze, context);
  assertEquals(reason_codes.filter((code) => code !== "ok"), violations);
  return [verdict, freeze_window?.status ?? "", freeze_window?.window_name ?? "", ...violations];
};

const IN = "2026-03-14T09:30:00Z";
const INACTIVE = ["allow", "inactive", ""];
const ACTIVE = ["block", "active", "close", "freeze_window_active_block"];

Deno.test("freeze window: it begins with its start and ends before its end, to the nanosecond", () => {
  assertEquals(status("2026-03-14T09:29:59.999999999Z"), INACTIVE);
  assertEquals(status(IN), ACTIVE);
  assertEquals(status("2026-03-14T09:59:59.999999999Z"), ACTIVE);
  assertEquals(status("2026-03-14T10:00:00Z"), INACTIVE);
});

Deno.test("freeze window: an end that is meant for ever is one in every zone", () => {
  for (const timezone of ["UTC", "America/Los_Angeles", "Asia/Tokyo"]) {
    const ever = { timezone, windows: [{ ...WINDOW, end: "9999-12-31T23:59:59" }] };
    assertEquals(status("2026-03-13T00:00:00Z", ever), INACTIVE, timezone);
    assertEquals(status("2026-03-15T00:00:00Z", ever), ACTIVE, timezone);
  }
});

Deno.test("freeze window: only where its environment and risk class are", () => {
  assertEquals(status(IN, { environments: ["Prod"] }, { environment: "PROD" }), ACTIVE);
  assertEquals(status(IN, { environments: ["prod"] }, { environment: "dev" }), INACTIVE);
  assertEquals(status(IN, { environments: ["prod"] }), INACTIVE);
  assertEquals(status(IN, { risk_classes: ["low"] }), ACTIVE);
  assertEquals(status(IN, { risk_classes: ["high"] }), INACTIVE);
  assertEquals(status(IN, { timezone: "Moon/Base", risk_classes: ["high"] }), INACTIVE);
});

Deno.test("freeze window: what cannot be read blocks, whatever the effect", () => {
  const bad = (freeze: JsonObject) => status(IN, { effect: "require_approval", ...freeze });
  const zone = ["block", "invalid", "", "freeze_window_invalid_timezone"];
  for (const timezone of ["Moon/Base", "europe/lisbon", "+02:00", "Local"]) assertEquals(bad({ timezone }), zone, timezone);
  const window = (change: JsonObject) => bad({ windows: [{ ...WINDOW, ...change }] });
  const invalid = ["block", "invalid", "close", "freeze_window_invalid_window"];
  assertEquals(window({ end: WINDOW.start }), invalid);
  assertEquals(window({ end: "2026-03-14T09:00:00" }), invalid);
  assertEquals(window({ start: "2026-03-14" }), invalid);
  assertEquals(window({ start: "2026-03-14T09:30:00Z" }), invalid);
  assertEquals(window({ start: "2026-02-30T00:00:00" }), invalid);
});

Deno.test("freeze window: the first window that is open or unreadable counts", () => {
  const past = { name: "past", start: "2026-01-01T00:00:00", end: "2026-01-02T00:00:00" };
  const bad = { name: "bad", start: "x", end: "y" };
  const both = (...windows: JsonObject[]) => status(IN, { windows });
  assertEquals(both(past, WINDOW, bad), ACTIVE);
  assertEquals(both(past, bad, WINDOW), ["block", "invalid", "bad", "freeze_window_invalid_window"]);
  assertEquals(both(past, { ...past, name: "" }), INACTIVE);
});

Deno.test("freeze window: at a moment that is no time nothing is let through", () => {
  assertEquals(status("now"), ACTIVE);
  assertEquals(status(""), ACTIVE);
});

Deno.test("freeze window: the decision tells the window in UTC", () => {
  const told = at("2026-03-14T08:45:00Z", { timezone: "Europe/Berlin", reason: "quarter close", effect: "require_approval" });
  assertEquals(told.verdict, "require_approval");
  assertEquals(told.freeze_window, {
    status: "active",
    effect: "require_approval",
    timezone: "Europe/Berlin",
    evaluated_at: "2026-03-14T08:45:00Z",
    window_name: "close",
    window_start: "2026-03-14T08:30:00Z",
    window_end: "2026-03-14T09:00:00Z",
    reason: "quarter close",
    reason_code: "freeze_window_active_require_approval",
  });
  assertEquals(at(IN, {}).freeze_window?.reason, "close");
  assertEquals(at(ZERO_TIME, {}).freeze_window, {
    status: "inactive",
    effect: "block",
    timezone: "UTC",
    evaluated_at: ZERO_TIME,
    window_name: "",
    window_start: ZERO_TIME,
    window_end: ZERO_TIME,
    reason: "",
    reason_code: "",
  });
});
