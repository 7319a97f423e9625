// The few assertions that the tests need.
import type { FaultCode } from "../core/base/errors.ts";
import type { Fault, Result } from "../core/base/result.ts";

/** Fails with `message` unless `condition` holds. */
export function assert(condition: unknown, message = "assertion failed"): asserts condition {
  if (!condition) throw new Error(message);
}

const show = (value: unknown): string =>
  value instanceof Uint8Array
    ? `bytes[${value.length}] ${Array.from(value.slice(0, 64), (b) => b.toString(16).padStart(2, "0")).join("")}`
    : JSON.stringify(value, undefined, 1) ?? String(value);

const same = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b) || a.constructor !== b.constructor) return false;
  const left = Object.keys(a);
  const right = Object.keys(b);
  return left.length === right.length &&
    left.every((key) => Object.hasOwn(b, key) && same(Reflect.get(a, key), Reflect.get(b, key)));
};

/** Fails unless both values are equal by structure. */
export function assertEquals(actual: unknown, expected: unknown, message = "values differ"): void {
  if (!same(actual, expected)) throw new Error(`${message}\n  actual:   ${show(actual)}\n  expected: ${show(expected)}`);
}

/** The value of a result that must be there. */
export function assertOk<T>(result: Result<T>, message = "result"): T {
  if (!result.ok) {
    throw new Error(`${message}: fault ${result.fault.code}: ${result.fault.message} ${show(result.fault.at ?? {})}`);
  }
  return result.value;
}

/** The fault of a result that must have failed, with this code. */
export function assertFault<T>(result: Result<T>, code: FaultCode, message = "result"): Fault {
  if (result.ok) throw new Error(`${message}: expected fault ${code}, got a value: ${show(result.value)}`);
  assertEquals(result.fault.code, code, `${message}: ${result.fault.message}`);
  return result.fault;
}
