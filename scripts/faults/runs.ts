// Planted faults: runs.
import type { Fault } from "./fault.ts";

/** Its rows. */
export const RUNS: readonly Fault[] = [
  {
    name: "forget to blank manifest_digest before its digest is taken",
    file: "core/run/manifest.ts",
    find: `manifest_digest: "", signatures: []`,
    replace: "signatures: []",
    test: "tests/run/worked_test.ts",
    filter: "it verifies with its key",
  },
  {
    name: "keep arguments in a reference capture",
    file: "core/run/complete.ts",
    find: `intents: capture === "raw" ? intents.value : intents.value.map(withoutArgs),`,
    replace: "intents: intents.value,",
    test: "tests/run/digests_test.ts",
    filter: "before reference capture strips",
  },
  {
    name: "take the digest of an entry on trust",
    file: "core/base/zip_declared.ts",
    find: "if (found !== sha256.toLowerCase())",
    replace: "if (found.length !== sha256.length)",
    test: "tests/properties/runpack_test.ts",
    filter: "any change of the content of a declared entry",
  },
  {
    name: "forgive a missing entry",
    file: "core/base/zip_declared.ts",
    find: "      missing.push(path);",
    replace: "",
    test: "tests/properties/runpack_test.ts",
    filter: "a dropped entry",
  },
  {
    name: "keep an undeclared entry quiet",
    file: "core/base/zip_declared.ts",
    find: "path !== manifest && !declared.has(path)",
    replace: "path !== manifest && declared.has(path)",
    test: "tests/properties/runpack_test.ts",
    filter: "listed as undeclared",
  },
];
