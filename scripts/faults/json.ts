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
