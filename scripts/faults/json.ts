// Planted faults: JSON.
import type { Fault } from "./fault.ts";

/** Its rows. */
export const JSON: readonly Fault[] = [
  {
    name: "drop the duplicate-key check",
    file: "core/base/json_scan.ts",
    find: "if (names.has(level.name)) {",
    replace: "if (names.has(level.name) && at < 0) {",
    test: "tests/base/json_test.ts",
    filter: "every file of JSONTestSuite",
  },
  {
    name: "let a lone surrogate take the fast path",
    file: "core/base/json.ts",
    find: `text.includes("\\\\ud") ||`,
    replace: "",
    test: "tests/base/json_test.ts",
    filter: "faults: code, line, column",
  },
  {
    name: "nest one level too deep",
    file: "core/base/json_scan.ts",
    find: "if (open.length === maxDepth)",
    replace: "if (open.length > maxDepth)",
    test: "tests/base/json_test.ts",
    filter: "limits: the last that fits",
  },
  {
    name: "print canonical JSON in the order given",
    file: "core/base/canonical.ts",
    find: "canonicalize(value)",
    replace: "JSON.stringify(value)",
    test: "tests/base/canonical_test.ts",
    filter: "come out byte for byte",
  },
  {
    name: "print a shape in the order given",
    file: "core/base/shape_text.ts",
    find: "made === member && field.at > last",
    replace: "made === member",
    test: "tests/base/shape_text_test.ts",
    filter: "in order",
  },
  {
    name: "read an absent count as one",
    file: "core/base/shape.ts",
    find: "const COUNT = withZero(0,",
    replace: "const COUNT = withZero(1,",
    test: "tests/schema/absent_test.ts",
    filter: "absent",
  },
  {
    name: "count as many names as there are members",
    file: "core/base/json.ts",
    find: "membersIn(value) === namesIn(text)",
    replace: "membersIn(value) <= namesIn(text)",
    test: "tests/base/json_test.ts",
    filter: "begin with a colon",
  },
  {
    name: "order surrogates as UTF-16 does",
    file: "core/base/text.ts",
    find: "unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800",
    replace: "unit",
    test: "tests/base/text_test.ts",
    filter: "sets: trimmed, unique, sorted",
  },
  {
    name: "let the engine read names that are written with escapes",
    file: "core/base/json_parse.ts",
    find: `text.includes("\\\\") ? read(text) : JSON.parse(text);`,
    replace: "JSON.parse(text);",
    test: "tests/base/json_parse_test.ts",
    filter: "whatever was read before",
  },
];
