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
