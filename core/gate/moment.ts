// Comparing times where a doubt must not help: a text that is no time is neither reached nor ahead.
import { isZeroTime, toUtc } from "../base/time.ts";

/** Orders two times by the moment that they name: UTC texts without their Z stand in that order. Undefined: one is no time. */
const order = (a: string, b: string): number | undefined => {
  const [x, y] = [toUtc(a)?.slice(0, -1), toUtc(b)?.slice(0, -1)];
  if (x === undefined || y === undefined) return undefined;
  return x < y ? -1 : x > y ? 1 : 0;
};

/** Whether `time` is `now` or before it, beyond doubt. */
export const isReached = (time: string, now: string): boolean => (order(time, now) ?? 1) <= 0;

/** Whether `time` is after `now`, beyond doubt. */
export const isAhead = (time: string, now: string): boolean => (order(time, now) ?? -1) > 0;

/** Whether a time was given: the zero time is none. */
export const isGiven = (time: string): boolean => !isZeroTime(time);
