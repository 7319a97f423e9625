// Planted faults: the same bytes on every runtime.
import type { Fault } from "./fault.ts";

/** Its rows. */
export const RUNTIMES: readonly Fault[] = [
  {
    name: "lower letters that not every runtime knows",
    file: "core/base/text.ts",
    find: "isKnownText(char) ? char.toLowerCase() : char",
    replace: "char.toLowerCase()",
    test: "tests/base/unicode_test.ts",
    filter: "what came later",
  },
  {
    name: "take entry names of characters that not every runtime knows",
    file: "core/base/zip_names.ts",
    find: "if (!isKnownText(name)) return",
    replace: `if (!isKnownText(name) && name === "") return`,
    test: "tests/base/zip_hostile_test.ts",
    filter: "a letter of Unicode 1",
  },
  {
    name: "answer a request that brings too many artifacts",
    file: "wasm/call.ts",
    find: "artifacts.length !== names.length",
    replace: "artifacts.length < names.length",
    test: "tests/wasm/call_test.ts",
    filter: "a wrong request",
  },
  {
    name: "read every slice of a file from its start",
    file: "wasm/node.ts",
    find: "bytes.length - done, at + done)",
    replace: "bytes.length - done, done)",
    test: "tests/wasm/node_test.ts",
    filter: "reads artifacts",
  },
];
