// The page of faults, from the one table of them.
import { EXIT } from "../../cli/render.ts";
import { errors } from "../../core/base/errors.ts";

/** The page docs/gen/errors.md. */
export function errorPage(): string {
  const rows = Object.entries(errors()).map(([name, { exit, category, remedy }]) =>
    `| \`${name}\` | ${EXIT[exit]} ${exit} | ${category ?? ""} | ${remedy} |`
  );
  const exits = Object.entries(EXIT).map(([name, code]) => `| ${code} | ${name} |`);
  return [
    "# Faults and exit codes",
    "Written by `deno task gen` from `core/base/errors.ts`. Do not edit.",
    "A fault has a stable name, the `fault` member of the JSON envelope. A command may end otherwise than the table says where its contract asks for that.",
    ["| exit code | meaning |", "|---|---|", ...exits].join("\n"),
    ["| fault | exit | category, where not that of the exit | what to do |", "|---|---|---|---|", ...rows].join("\n"),
  ].join("\n\n") + "\n";
}
