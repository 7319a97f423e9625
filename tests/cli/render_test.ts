// Output and exits, spelled out by hand: these are contracts that scripts rely on (spec 01, section 3.2).
import { errors, type ExitName } from "../../core/base/errors.ts";
import { ending, fail, type Fault, located } from "../../core/base/result.ts";
import { EXIT, jsonLine, renderAnswer, renderFault, type View } from "../../cli/render.ts";
import { assert, assertEquals, assertFault } from "../assert.ts";

const TEXT: View = { json: false, colour: false, correlation_id: "c" };
const JSON_VIEW: View = { ...TEXT, json: true };
const fault: Fault = assertFault(fail("json_syntax", 'Cannot read "\x1b[2J"'), "json_syntax");

Deno.test("render: the nine exits, their codes and categories", () => {
  const table: Readonly<Record<Exclude<ExitName, "ok">, readonly [number, string, string]>> = {
    internal: [1, "internal_failure", "internal_failure"],
    verification: [2, "verification_failed", "verification_failed"],
    blocked: [3, "policy_blocked", "policy_blocked"],
    approval: [4, "approval_required", "approval_required"],
    regression: [5, "regress_failed", "internal_failure"],
    usage: [6, "invalid_input", "invalid_input"],
    dependency: [7, "dependency_missing", "dependency_missing"],
    unsafe: [8, "unsafe_operation", "internal_failure"],
  };
  assertEquals(EXIT, { ok: 0, ...Object.fromEntries(Object.entries(table).map(([name, [number]]) => [name, number])) });
  const hints = new Set<string>();
  for (const [exit, [, code, category]] of Object.entries(table)) {
    const { out, exit: ended } = renderFault("x", { ...fault, exit: exit as ExitName }, JSON_VIEW);
    const said = JSON.parse(out);
    assertEquals([ended, said.error_code, said.error_category, said.retryable], [exit, code, category, false]);
    hints.add(said.hint);
  }
  assertEquals(hints.size, 8, "one fixed sentence for each exit");
});

Deno.test("render: an error is one sorted line with exactly these members", () => {
  const full = located(fault, { file: "in.json", entry: "run.json", line: 3, column: 1, pointer: "/run" });
  assertEquals(
    renderFault("run record", full, JSON_VIEW, { migration: { kind: "command" } }).out,
    '{"column":1,"correlation_id":"c","entry":"run.json","error":"Cannot read \\"\\u001b[2J\\"","error_category":"invalid_input",' +
      '"error_code":"invalid_input","fault":"json_syntax","file":"in.json",' +
      '"hint":"Mend the command line or the input that the message names, and run it again","line":3,' +
      `"migration":{"kind":"command"},"ok":false,"pointer":"/run","remedy":"${errors().json_syntax.remedy}","retryable":false}\n`,
  );
});

Deno.test("render: contention may be tried again, and a changed ending takes the category of its exit", () => {
  const busy: Fault = { code: "store_busy", message: "Cannot lock" };
  const said = JSON.parse(renderFault("x", busy, JSON_VIEW).out);
  assertEquals([said.error_code, said.error_category, said.retryable], ["internal_failure", "state_contention", true]);
  const damage: Fault = { code: "zip_damaged", message: "Cannot read" };
  const { out, exit } = renderFault("x", ending(damage, "usage"), JSON_VIEW);
  assertEquals([exit, JSON.parse(out).error_category], ["usage", "invalid_input"]);
  assertEquals(renderFault("x", ending(damage, "ok"), JSON_VIEW).exit, "internal", "no fault ends well");
});

Deno.test("render: in text an error names the command, the place and the remedy, and cannot drive the terminal", () => {
  const { remedy } = errors().json_syntax;
  assertEquals(renderFault("run record", fault, TEXT).out, `run record error: Cannot read "\\x1b[2J"\n${remedy}\n`);
  assertEquals(renderFault("", fault, TEXT).out, `error: Cannot read "\\x1b[2J"\n${remedy}\n`);
  assertEquals(
    renderFault("x", located(fault, { file: "a\n", line: 3, column: 14 }), TEXT).out,
    `x error: Cannot read "\\x1b[2J"\nat file "a\\n", line 3, column 14\n${remedy}\n`,
  );
  assert(renderFault("x", fault, { ...TEXT, colour: true }).out.startsWith("\x1b[31mx error: "));
});

const answer = (ok: boolean, exit: ExitName) => ({
  exit,
  data: { ok, n: 0, b: "x", a: { z: 0, y: "" } },
  lines: () => ["one", "two\x1b"],
});

Deno.test("render: an answer keeps its own shape; empty members are left out at the top only", () => {
  assertEquals(
    renderAnswer("x", answer(false, "verification"), JSON_VIEW, true),
    { exit: "verification", out: '{"a":{"y":"","z":0},"b":"x","correlation_id":"c","ok":false}\n' },
  );
  const kept = { ...answer(true, "ok"), always: ["n"] };
  assertEquals(
    renderAnswer("x", kept, JSON_VIEW, false).out,
    '{"a":{"y":"","z":0},"b":"x","correlation_id":"c","n":0,"ok":true}\n',
  );
});

Deno.test("render: an answer that failed with a fault has the envelope around its members", () => {
  const failed = { ...answer(false, "internal"), fault: { code: "pack_tampered", message: "Cannot use it" } as const };
  const { exit, out } = renderAnswer("x", failed, JSON_VIEW, false);
  assertEquals([exit, JSON.parse(out).b, JSON.parse(out).fault, JSON.parse(out).error], [
    "verification",
    "x",
    "pack_tampered",
    "Cannot use it",
  ]);
  const lines = renderAnswer("x", failed, TEXT, false).out.split("\n");
  assertEquals(lines, ["x error: Cannot use it", errors().pack_tampered.remedy, "one", "two\\x1b", ""]);
});

Deno.test("render: colour marks a verdict only, and only where it was asked for", () => {
  const colour = { ...TEXT, colour: true };
  assertEquals(renderAnswer("x", answer(true, "ok"), TEXT, true).out, "one\ntwo\\x1b\n");
  assertEquals(renderAnswer("x", answer(true, "ok"), colour, false).out, "one\ntwo\\x1b\n");
  assertEquals(renderAnswer("x", answer(true, "ok"), colour, true).out, "\x1b[32mone\x1b[0m\ntwo\\x1b\n");
  assertEquals(renderAnswer("x", answer(false, "verification"), colour, true).out, "\x1b[31mone\x1b[0m\ntwo\\x1b\n");
  assert(!renderAnswer("x", answer(true, "ok"), { ...colour, json: true }, true).out.includes("\x1b"));
});

Deno.test("render: names are sorted by their bytes, whole numbers among them, at every depth", () => {
  const mixed = { "10": 1, "9": [{ b: 1, a: undefined, A: 2 }], "\u{1f600}": 1, "\ufb33": 1, gone: undefined, none: {} };
  assertEquals(jsonLine(mixed, []), '{"10":1,"9":[{"A":2,"b":1}],"\ufb33":1,"\u{1f600}":1}\n');
});

Deno.test("render: a fault that knows its line shows it with carets below, and JSON holds both", () => {
  const at = { file: "p\x1b.yaml", line: 3, column: 5, end_column: 8, pointer: "/a", frame: "    a\u202eb: 1\n    ^^^" };
  const framed: Fault = { code: "policy_shape", message: "Cannot read", at, details: { migration: { kind: "k" } } };
  const { remedy } = errors().policy_shape;
  assertEquals(
    renderFault("x", framed, TEXT).out,
    `x error: Cannot read\np\\x1b.yaml:3:5\n    a\\u202eb: 1\n    ^^^\n${remedy}\n`,
  );
  assertEquals(renderFault("x", framed, { ...TEXT, colour: true }).out.split("\n")[3], "\x1b[31m    ^^^\x1b[0m");
  const { file: _, ...nameless } = at;
  assertEquals(renderFault("x", { ...framed, at: nameless }, TEXT).out.split("\n")[1], "3:5");
  const said = JSON.parse(renderFault("x", framed, JSON_VIEW).out);
  assertEquals([said.line, said.column, said.end_column, said.frame, said.migration], [3, 5, 8, at.frame, { kind: "k" }]);
});
