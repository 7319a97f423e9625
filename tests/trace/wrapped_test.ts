// What a wrapper reads of a program's output, and how it ends (spec 06, section 6): every row of its table, in its order.
import { namedPaths, verdictCounts, type WrappedEnd, type WrapperEnd, wrapperEnd } from "../../core/trace/wrapped.ts";
import { assertEquals } from "../assert.ts";

Deno.test("wrapped: paths stand at the start of a trimmed line, in either output; each once, in byte order", () => {
  const out =
    "  trace_path= b.json \r\ntrace_path=a.json\nxtrace_path=no\nsee trace_path=no\nTRACE_PATH=no\ntrace_path=\ntrace_path\n";
  const err = "trace_path=a.json\n\u0085trace_path=\u00e9 e.json\u0085\ntrace_path=b/../a.json\rtrace_path=c";
  assertEquals(namedPaths([out, err], "trace_path"), ["a.json", "b.json", "b/../a.json\rtrace_path=c", "\u00e9 e.json"]);
  assertEquals(namedPaths(["runpack_path=z.zip\n", "runpack_path=y.zip"], "runpack_path"), ["y.zip", "z.zip"]);
  assertEquals(namedPaths(["", ""], "trace_path"), []);
});

Deno.test("wrapped: verdicts are counted in byte order, those that were not met left out", () => {
  assertEquals(verdictCounts(["require_approval", "allow", "block", "allow", "dry_run"]), [
    { verdict: "allow", count: 2 },
    { verdict: "block", count: 1 },
    { verdict: "dry_run", count: 1 },
    { verdict: "require_approval", count: 1 },
  ]);
  assertEquals(verdictCounts([]), []);
});

const END: WrappedEnd = { code: 0, timedOut: false, whole: true, named: 1, verdicts: ["allow"] };
const said = (end: WrapperEnd): string | number =>
  end.kind === "failed" ? end.fault : end.kind === "child" ? end.code : end.exit;
const ends = (change: Partial<WrappedEnd>) =>
  (["enforce", "test", "trace"] as const).map((mode) => said(wrapperEnd(mode, { ...END, ...change })));

Deno.test("wrapped: the first rule that applies", () => {
  const all = (end: string | number) => [end, end, end];
  assertEquals(ends({}), all("ok"));
  assertEquals(ends({ timedOut: true, whole: false, named: 0, code: 5, verdicts: [] }), all("child_timed_out"));
  assertEquals(ends({ whole: false, named: 0, verdicts: [] }), all("child_wait_failed"));
  assertEquals(ends({ whole: false, code: 5 }), all(5));
  assertEquals(ends({ named: 0, verdicts: [], code: 9 }), all("missing_trace_reference"));
  assertEquals(ends({ named: 2, code: 9 }), ["invalid_trace_artifact", 9, 9]);
  assertEquals(ends({ named: 2 }), ["invalid_trace_artifact", "ok", "ok"]);
  assertEquals(ends({ code: 9, verdicts: ["block"] }), all(9));
  assertEquals(ends({ code: -1 }), all(255));
  assertEquals(ends({ verdicts: ["block"] }), ["blocked", "ok", "ok"]);
  assertEquals(ends({ verdicts: ["dry_run"] }), ["blocked", "ok", "ok"]);
  assertEquals(ends({ verdicts: ["require_approval"] }), ["approval", "ok", "ok"]);
  assertEquals(ends({ named: 3, verdicts: ["allow", "require_approval", "block"] }), ["blocked", "ok", "ok"]);
});
