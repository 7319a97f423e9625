// Planted faults: durable writes.
import type { Fault } from "./fault.ts";

/** Its rows. */
export const DURABLE: readonly Fault[] = [
  {
    name: "move a file into place before its bytes are on the disk",
    file: "cli/host/durable.ts",
    find: "file?.sync();",
    replace: "",
    test: "tests/cli/host/durable_test.ts",
    filter: "a crash at any step",
  },
  {
    name: "say that a file is written before its name is on the disk",
    file: "cli/host/durable.ts",
    find: "    disk.syncFolder(folder);",
    replace: "",
    test: "tests/cli/host/durable_test.ts",
    filter: "survives a crash right after",
  },
  {
    name: "leave a temporary file after a failure",
    file: "cli/host/durable.ts",
    find: "if (temp !== undefined) discard(disk, temp);",
    replace: "",
    test: "tests/cli/host/durable_test.ts",
    filter: "a failure at any step",
  },
  {
    name: "move a file into place whose giver gave up",
    file: "cli/host/durable.ts",
    find: "return given.ok ? begun.value.commit(() => true) : given;",
    replace: "const moved = begun.value.commit(() => true);\n    return given.ok ? moved : given;",
    test: "tests/cli/host/durable_test.ts",
    filter: "pieces that end in a fault",
  },
  {
    name: "forget that a piece was lost",
    file: "cli/host/durable.ts",
    find: "if (!refusal.ok) lost = refusal.fault;",
    replace: "",
    test: "tests/cli/host/durable_test.ts",
    filter: "once a piece is lost",
  },
  {
    name: "leave the pieces of a file that was given up",
    file: "cli/host/durable.ts",
    find: "    begun.value.drop();",
    replace: "",
    test: "tests/cli/host/durable_test.ts",
    filter: "pieces that end in a fault",
  },
  {
    name: "let others read what is written",
    file: "cli/host/deno_disk.ts",
    find: "mode: 0o600",
    replace: "mode: 0o644",
    test: "tests/cli/host/deno_test.ts",
    filter: "deno host",
  },
];
