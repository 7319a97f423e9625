// Local times of time zones in UTC. The only file of the core that asks Intl, and it asks for one thing: what a clock in a named zone
// shows at a moment. So the answer depends on neither locale nor the zone of the machine.
import { canonicalTime, millisecondsBetween, timeFromClock } from "../base/time.ts";
import { isZoneName } from "./zone_names.ts";

const MOST_CLOCKS = 16;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** A clock of the zone; undefined when there is no such zone, or none that this runtime knows. */
function clockOf(zone: string): Intl.DateTimeFormat | undefined {
  const made = clocks.get(zone);
  if (made !== undefined || !isZoneName(zone)) return made;
  try {
    const clock = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    if (clocks.size >= MOST_CLOCKS) clocks.clear();
    clocks.set(zone, clock);
    return clock;
  } catch {
    return undefined; // newer or older than this runtime's table of zones
  }
}

/** Whether a name is that of a time zone, as IANA spells it. */
export const isZone = (name: string): boolean => clockOf(name) !== undefined;

const EPOCH = "1970-01-01T00:00:00Z";
const FIRST = -62_167_219_200_000; // 0000-01-01T00:00:00Z
const LAST = 253_402_300_799_000; // 9999-12-31T23:59:59Z
const DAYS = 2 * 86_400_000;
const LEAP_YEAR = 366 * 86_400_000;

/** How far the clock is ahead of UTC at a moment, in milliseconds. Moments at the ends of the calendar are moved into it. */
function offsetAt(clock: Intl.DateTimeFormat, moment: number): number {
  const at = Math.min(Math.max(moment, FIRST + LEAP_YEAR + DAYS), LAST - DAYS);
  const shown = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => shown.get(type) ?? "";
  const day = `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
  return millisecondsBetween(EPOCH, `${day}T${part("hour")}:${part("minute")}:${part("second")}Z`) -
    Math.floor(at / 1000) * 1000;
}

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;

/**
 * The UTC text of a local time such as `2026-03-08T01:00:00`; undefined when it is no such text, or the zone is not known. What lies
 * outside of the years 0 to 9999 in UTC, as an end that is meant for ever may, is the nearest moment inside of them.
 *
 * Where clocks are set forward some local times do not exist, and where they are set back some exist twice. The answer is that of
 * Go's `time.ParseInLocation`: the local time read as UTC has an offset, and what that offset makes of it has the offset that counts.
 * So a time that does not exist is read with the offset before the change in zones ahead of UTC and with the one after it in zones
 * behind; of a time that exists twice it is the second in zones ahead of UTC and the first in zones behind.
 */
export function localToUtc(zone: string, local: string): string | undefined {
  const clock = clockOf(zone);
  if (clock === undefined || !LOCAL.test(local) || canonicalTime(`${local}Z`) === undefined) return undefined;
  const shown = millisecondsBetween(EPOCH, `${local}Z`);
  const moment = shown - offsetAt(clock, shown - offsetAt(clock, shown));
  return timeFromClock(Math.min(Math.max(moment, FIRST), LAST));
}
