// Durations as flags, variables and policies spell them (spec 01, section 1.2): 150ms, 2s, 1h30m.

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  "\u00b5s": 1e-3,
  "\u03bcs": 1e-3,
  ms: 1,
  s: 1e3,
  m: 6e4,
  h: 36e5,
};

const PART = /(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/y;

/**
 * Milliseconds of a duration: an optional sign, then numbers each with a unit, or a bare `0`. Undefined for any other text, and
 * for what a double can not count.
 */
export const durationMs = (text: string): number | undefined => {
  const sign = text.startsWith("-") ? -1 : 1;
  const body = /^[+-]/.test(text) ? text.slice(1) : text;
  if (body === "0") return 0;
  if (body === "") return undefined;
  let sum = 0;
  PART.lastIndex = 0;
  while (PART.lastIndex < body.length) {
    const part = PART.exec(body);
    if (part === null) return undefined;
    sum += Number(part[1]) * (UNITS[part[2] ?? ""] ?? Number.NaN);
  }
  return Number.isFinite(sum) ? sign * sum : undefined;
};

const SECOND = 1_000_000_000n;
const NANOSECONDS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  "\u00b5s": 1_000n,
  "\u03bcs": 1_000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
};
const MOST = 2n ** 63n - 1n;
const LONGEST = 100;

const PARTS = new RegExp(PART.source, "g");

// Nanoseconds of the size of a duration, what is smaller cut off; undefined for what 64 bits can not count.
function nanoseconds(text: string): bigint | undefined {
  let sum = 0n;
  for (const [, number = "", unit = ""] of text.matchAll(PARTS)) {
    const [whole = "", fraction = ""] = number.split(".");
    sum += BigInt(`${whole}${fraction}`) * (NANOSECONDS[unit] ?? 0n) / 10n ** BigInt(fraction.length);
  }
  return sum > MOST ? undefined : sum;
}

/** Nanoseconds of whole seconds. */
export const durationNsOfSeconds = (seconds: number): bigint => BigInt(seconds) * SECOND;

/** Whole nanoseconds of a duration, or undefined for a text that is none or goes beyond 64 bits. */
export function durationNs(text: string): bigint | undefined {
  const size = text.length > LONGEST || durationMs(text) === undefined ? undefined : nanoseconds(text);
  return size !== undefined && text.startsWith("-") ? -size : size;
}

/**
 * The one spelling of a duration, as digests have it: `1h30m0s`, `1m0s`, `1.5s`, `250ms`, `0s`. Undefined for what is none, is longer
 * than 100 letters, or goes beyond 64 bits of nanoseconds.
 */
export function durationText(text: string): string | undefined {
  const signed = durationNs(text);
  if (signed === undefined) return undefined;
  const sign = signed < 0n ? "-" : "";
  const size = signed < 0n ? -signed : signed;
  if (size === 0n) return "0s";
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimals(size, 1_000n)}\u00b5s`;
  if (size < SECOND) return `${sign}${decimals(size, 1_000_000n)}ms`;
  const minutes = size / (60n * SECOND);
  const hours = minutes / 60n;
  const seconds = decimals(size % (60n * SECOND), SECOND);
  return `${sign}${hours > 0n ? `${hours}h` : ""}${minutes > 0n ? `${minutes % 60n}m` : ""}${seconds}s`;
}

// A number of units, with as many decimals as it takes.
const decimals = (size: bigint, unit: bigint): string => {
  const rest = String(size % unit + unit).slice(1).replace(/0+$/, "");
  return rest === "" ? String(size / unit) : `${size / unit}.${rest}`;
};
