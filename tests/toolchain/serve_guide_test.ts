// docs/serve.md does what it says: each of its commands runs as the page says, and its tables are those of the server.
import { LIMITS } from "../../cli/http/connection.ts";
import { SERVE_FLAGS } from "../../cli/serve/flags.ts";
import { families } from "../../scripts/tools/metrics.ts";
import { assert, assertEquals } from "../assert.ts";
import { source } from "../tree.ts";
import { runServeGuide } from "./serve_guide.ts";

const GUIDE = source("docs/serve.md");

/** The rows of the table below a heading, cell by cell, without its head. */
const rowsOf = (heading: string): readonly (readonly string[])[] => {
  const section = GUIDE.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const lines = section.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
};

const flagsIn = (text: string): readonly string[] => [...text.matchAll(/`--([a-z][a-z-]*)`/g)].map(([, name = ""]) => name);

Deno.test("serve guide: every command does what the page says, and its metrics are those of the server", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { commands, shown, metrics } = await runServeGuide(GUIDE, folder);
    assertEquals({ commands, shown }, { commands: 32, shown: 16 });
    const plain = (cell = ""): string => cell.replaceAll(/[`,]/g, "");
    const told = rowsOf("Metrics").map(([name, type, labels]) => {
      const sorted = plain(labels).split(" ").filter((label) => label !== "").sort();
      return [plain(name), plain(type), ...sorted].join(" ");
    });
    const found = families(metrics).families.map(({ name, type, labels }) => [name, type, ...labels].join(" "));
    // One that has counted nothing yet shows no labels.
    const uncounted = (row: string): string => row.startsWith("gait_serve_rejected_total ") ? "gait_serve_rejected_total" : row;
    assertEquals(told.map(uncounted).toSorted(), found.map(uncounted).toSorted());
    assert(found.length >= 15);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("serve guide: its flags are those of the command, each with a purpose", () => {
  const purposes = rowsOf("Flags by purpose").flatMap(([, flags = ""]) => flagsIn(flags));
  assertEquals(purposes.toSorted(), Object.keys(SERVE_FLAGS).toSorted());
});

Deno.test("serve guide: the limits that it names are those of the server", () => {
  const value = (what: string): string => rowsOf("Limits").find(([name = ""]) => name.startsWith(what))?.[1] ?? "";
  const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`;
  assertEquals(
    [value("head of a request"), value("head and body"), value("deciding"), value("taking"), value("between")],
    [LIMITS.head, LIMITS.read, LIMITS.answer, LIMITS.write, LIMITS.idle].map(seconds),
  );
  for (const [what, flag] of [["bytes of a body", "max-request-bytes"], ["connections", "max-connections"]] as const) {
    assert(SERVE_FLAGS[flag].doc.includes(`${value(what)} unless given`), flag);
  }
});
