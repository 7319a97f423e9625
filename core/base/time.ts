// Times are text. They enter digests, so their spelling is contract (spec 01, section 1.2): nanoseconds and offsets
// survive, and no document passes through a millisecond date.

/** The time that counts as absent. */
export const ZERO_TIME = "0001-01-01T00:00:00Z";

const FORM = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

type Parts = {
  /** Everything up to the seconds, as written. */
  readonly local: string;
  /** Seconds of the local reading since 1970-01-01, as if it were UTC. */
  readonly seconds: number;
  /** `""` or `.` and one to nine digits without trailing zeros. */
  readonly fraction: string;
  /** Minutes east of UTC. */
  readonly offset: number;
  /** `Z` or the offset as written. */
  readonly zone: string;
};

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const leap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const daysIn = (year: number, month: number): number => month === 2 && leap(year) ? 29 : LENGTHS[month - 1] ?? 0;

// Days from 1970-01-01 in the proleptic Gregorian calendar, by counting from a March year start.
const dayNumber = (year: number, month: number, day: number): number => {
  const y = month > 2 ? year : year - 1;
  const m = (month + 9) % 12;
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + Math.floor((153 * m + 2) / 5) + day - 719469;
};

const partsOf = (text: string): Parts | undefined => {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const field = (i: number): number => Number(match[i] ?? "0");
  const [year, month, day, hour, minute, second] = [field(1), field(2), field(3), field(4), field(5), field(6)];
  if (day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59 || field(9) > 23 || field(10) > 59) {
    return undefined;
  }
  const digits = (match[7] ?? "").slice(0, 9).replace(/0+$/, "");
  const offset = (match[8] === "-" ? -1 : 1) * (field(9) * 60 + field(10));
  return {
    local: text.slice(0, 19),
    seconds: dayNumber(year, month, day) * 86400 + hour * 3600 + minute * 60 + second,
    fraction: digits === "" ? "" : `.${digits}`,
    offset: offset === 0 ? 0 : offset,
    zone: offset === 0 ? "Z" : `${match[8]}${match[9]}:${match[10]}`,
  };
};

// A time is checked, spelled and compared in a row, so what the last text says is kept.
const parse = ((text: string, parts: Parts | undefined) => (next: string): Parts | undefined => {
  if (next !== text) [text, parts] = [next, partsOf(next)];
  return parts;
})("", undefined);

// Times are printed more often than they are made, and engines print a text three times as slowly that they hold in pieces.
const inOnePiece = (pieces: readonly string[]): string => pieces.join("");

const pad = (value: number, width = 2): string => String(value).padStart(width, "0");

/** The UTC text of whole seconds since 1970-01-01 and a fraction (`""` or `.` and digits); undefined outside of years 0 to 9999. */
const utcText = (seconds: number, fraction: string): string | undefined => {
  const days = Math.floor(seconds / 86400);
  const rest = seconds - days * 86400;
  const shifted = days + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  if (year < 0 || year > 9999) return undefined;
  const clock = `${pad(Math.floor(rest / 3600))}:${pad(Math.floor(rest / 60) % 60)}:${pad(rest % 60)}`;
  return inOnePiece([`${pad(year, 4)}-${pad(month)}-${pad(day)}T`, clock, fraction, "Z"]);
};

/**
 * The text of a time in UTC: `2026-03-01T12:00:00+01:00` gives `2026-03-01T11:00:00Z`. Undefined when `text` is not a
 * strict RFC 3339 time, or when its UTC year is not between 0 and 9999.
 */
export const toUtc = (text: string): string | undefined => {
  if (latestUtc.text === text) return latestUtc.utc;
  [latestUtc, earlierUtc] = earlierUtc.text === text ? [earlierUtc, latestUtc] : [{ text, utc: inUtc(text) }, latestUtc];
  return latestUtc.utc;
};

// A stream of calls asks for the time of each and for that of its decision, by turns, and many come within one millisecond.
type Utc = { readonly text: string; readonly utc: string | undefined };
let latestUtc: Utc = { text: "", utc: undefined };
let earlierUtc: Utc = latestUtc;

// As clocks tell it: in UTC, to the millisecond. The last days of months are left to what knows how long they are.
const BY_CLOCK = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d\d[1-9]Z$/;

/** The length of such a time up to its milliseconds. */
const SECOND = "2026-03-01T12:00:00.".length;

const inUtc = (text: string): string | undefined => {
  if (BY_CLOCK.test(text)) return text;
  const parts = parse(text);
  return parts === undefined ? undefined : utcText(parts.seconds - parts.offset * 60, parts.fraction);
};

/**
 * The one spelling of a time: the fraction cut to nine digits, trailing zeros removed, offset zero as `Z`, any other
 * offset kept. Undefined under the same conditions as `toUtc`.
 */
export const canonicalTime = (text: string): string | undefined => {
  if (latest.text !== text) latest = { text, canonical: canonical(text) };
  return latest.canonical;
};

// Readers ask twice for each time, and the records of a run share many.
let latest: { readonly text: string; readonly canonical: string | undefined } = { text: "", canonical: undefined };

const canonical = (text: string): string | undefined => {
  const parts = parse(text);
  if (parts === undefined) return undefined;
  // Without an offset the UTC year is the four digits that were written.
  if (parts.offset !== 0 && utcText(parts.seconds - parts.offset * 60, "") === undefined) return undefined;
  return inOnePiece([parts.local, parts.fraction, parts.zone]);
};

/** The UTC text of a moment given in whole milliseconds since 1970-01-01 and further nanoseconds (0 to 999 999). */
export const timeFromClock = (milliseconds: number, nanoseconds = 0): string => {
  if (latestClock.milliseconds !== milliseconds || latestClock.nanoseconds !== nanoseconds) {
    latestClock = { milliseconds, nanoseconds, text: clockText(milliseconds, nanoseconds) };
  }
  return latestClock.text;
};

let latestClock = { milliseconds: 0, nanoseconds: 0, text: "1970-01-01T00:00:00Z" };

const clockText = (milliseconds: number, nanoseconds: number): string => {
  const seconds = Math.floor(milliseconds / 1000);
  const digits = `${pad(milliseconds - seconds * 1000, 3)}${pad(nanoseconds, 6)}`.replace(/0+$/, "");
  return utcText(seconds, digits === "" ? "" : `.${digits}`) ?? ZERO_TIME;
};

/** A canonical time in UTC without its fraction. */
export const wholeSeconds = (time: string): string => (toUtc(time) ?? time).replace(/\.\d+Z$/, "Z");

/** Whether a canonical time is the zero time, which counts as absent. */
export const isZeroTime = (text: string): boolean => toUtc(text) === ZERO_TIME;

/** From one canonical time to another: seconds, and nanoseconds to add to them, which may be negative. */
const apart = (from: string, to: string): { readonly seconds: number; readonly nanoseconds: number } => {
  if (from === to) return { seconds: 0, nanoseconds: 0 };
  if (from.startsWith(to.slice(0, SECOND)) && BY_CLOCK.test(from) && BY_CLOCK.test(to)) { // what takes a moment ends in its second
    return { seconds: 0, nanoseconds: (Number(to.slice(SECOND, -1)) - Number(from.slice(SECOND, -1))) * 1e6 };
  }
  const [a, b] = [parse(from), parse(to)];
  if (a === undefined || b === undefined) return { seconds: 0, nanoseconds: 0 };
  const nanoseconds = (parts: Parts): number => Number(parts.fraction.slice(1).padEnd(9, "0"));
  return { seconds: b.seconds - b.offset * 60 - (a.seconds - a.offset * 60), nanoseconds: nanoseconds(b) - nanoseconds(a) };
};

/** Whole milliseconds from one canonical time to another; negative when `to` is the earlier one. */
export const millisecondsBetween = (from: string, to: string): number => {
  const { seconds, nanoseconds } = apart(from, to);
  return Math.trunc(seconds * 1000 + nanoseconds / 1e6);
};

/** Whole seconds from one canonical time to another, rounded down; negative when `to` is the earlier one. */
export const secondsBetween = (from: string, to: string): number => {
  const { seconds, nanoseconds } = apart(from, to);
  return nanoseconds < 0 ? seconds - 1 : seconds;
};

/** The UTC text of the moment `nanoseconds` after a canonical time; undefined outside of years 0 to 9999. */
export const later = (time: string, nanoseconds: bigint): string | undefined => {
  const parts = parse(time);
  if (parts === undefined) return undefined;
  const second = 1_000_000_000n;
  const sum = BigInt(parts.fraction.slice(1).padEnd(9, "0")) + nanoseconds;
  const rest = (sum % second + second) % second;
  const digits = String(rest).padStart(9, "0").replace(/0+$/, "");
  const seconds = parts.seconds - parts.offset * 60 + Number((sum - rest) / second);
  return utcText(seconds, digits === "" ? "" : `.${digits}`);
};

/** Nanoseconds from 1970-01-01T00:00:00Z to a canonical time, exact; undefined for what is no time. */
export const epochNanoseconds = (time: string): bigint | undefined => {
  const parts = parse(time);
  if (parts === undefined) return undefined;
  return BigInt(parts.seconds - parts.offset * 60) * 1_000_000_000n + BigInt(parts.fraction.slice(1).padEnd(9, "0"));
};

/** Orders canonical times by the moment that they name, whatever their offset, to the nanosecond. */
export const byTime = (a: string, b: string): number => {
  if (a === b) return 0;
  const { seconds, nanoseconds } = apart(b, a);
  return seconds === 0 ? nanoseconds : seconds;
};
