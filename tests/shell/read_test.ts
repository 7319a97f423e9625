// Reading shell commands: every case of the corpus gives its commands and files, or its reason.
import { SHELL_REASONS } from "../../core/shell/reading.ts";
import { assert, assertEquals } from "../assert.ts";
import { programsOf, readIn, SHELL_CASES } from "./cases.ts";

for (const group of new Set(SHELL_CASES.map((one) => one.group))) {
  Deno.test(`shell: corpus of ${group}`, () => {
    for (const { command, why, programs, files, unresolved } of SHELL_CASES.filter((one) => one.group === group)) {
      const read = readIn(command);
      const said = `${command}\n(${why}) ${JSON.stringify(read)}`;
      const codes = read.unresolved.map(({ code }) => code);
      if (unresolved === undefined) {
        assertEquals([codes, programsOf(read).toSorted()], [[], (programs ?? []).toSorted()], said);
        const opened = read.files.map(({ kind, value, operation }) =>
          `${operation} ${kind === "path" ? "" : `${kind} `}${value}`
        );
        if (files !== undefined) assertEquals(opened.toSorted(), files.toSorted(), said);
      } else assert(codes.some((code) => code === unresolved), said);
    }
  });
}

Deno.test("shell: every reason has a case", () => {
  const told = new Set(SHELL_CASES.map(({ unresolved }) => unresolved));
  assertEquals(SHELL_REASONS.filter((reason) => !told.has(reason)), ["shell_too_large"]);
});
