// What a program that gait waits for says of its decisions, and how its wrapper ends for that (spec 06, section 6). Nothing is read
// into its output but the paths that it names.
import type { ExitName, FaultCode } from "../base/errors.ts";
import { trim, trimmedSet } from "../base/text.ts";
import { VERDICTS } from "../schema/trace.ts";

/** `enforce` ends as the decisions say; `test` and `trace` only tell them. */
export type WrapperMode = "test" | "enforce" | "trace";

type Verdict = typeof VERDICTS[number];

/** The paths that lines `key=path` of some outputs name: each once, in byte order. */
export const namedPaths = (outputs: readonly string[], key: string): readonly string[] =>
  trimmedSet(
    outputs.flatMap((output) => output.split("\n")).map(trim)
      .filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1)),
  );

/** How often each verdict was met, in byte order of the verdicts; those that were not are left out. */
export const verdictCounts = (
  verdicts: readonly Verdict[],
): readonly { readonly verdict: Verdict; readonly count: number }[] =>
  VERDICTS.toSorted().map((verdict) => ({ verdict, count: verdicts.filter((one) => one === verdict).length }))
    .filter(({ count }) => count > 0);

/** What is known when the program has ended. */
export type WrappedEnd = {
  /** Its exit code; -1 when a signal ended it. */
  readonly code: number;
  readonly timedOut: boolean;
  /** Whether all that it printed is known. */
  readonly whole: boolean;
  /** How many traces it named. */
  readonly named: number;
  /** The verdicts of those that are traces. */
  readonly verdicts: readonly Verdict[];
};

/** How the wrapper ends: for what the program did not do, with the program's own exit code, or for what was decided. */
export type WrapperEnd =
  | { readonly kind: "failed"; readonly fault: FaultCode; readonly words: string }
  | { readonly kind: "child"; readonly code: number }
  | { readonly kind: "decided"; readonly exit: ExitName };

const SIGNALLED = 255;

/** Decides how the wrapper ends: the first rule that applies. */
export function wrapperEnd(mode: WrapperMode, { code, timedOut, whole, named, verdicts }: WrappedEnd): WrapperEnd {
  const failed = (fault: FaultCode, words: string): WrapperEnd => ({ kind: "failed", fault, words });
  const enforced = mode === "enforce";
  if (timedOut) return failed("child_timed_out", "it took longer than --timeout lets it");
  if (!whole && code === 0) return failed("child_wait_failed", "it printed more than can be held, or its output broke off");
  if (named === 0) return failed("missing_trace_reference", "it printed no line trace_path=<file>");
  const invalid = named - verdicts.length;
  if (enforced && invalid > 0) return failed("invalid_trace_artifact", `${invalid} of ${named} traces that it named are none`);
  if (code !== 0) return { kind: "child", code: code < 0 ? SIGNALLED : code };
  if (enforced && verdicts.some((verdict) => verdict === "block" || verdict === "dry_run")) {
    return { kind: "decided", exit: "blocked" };
  }
  return { kind: "decided", exit: enforced && verdicts.includes("require_approval") ? "approval" : "ok" };
}
