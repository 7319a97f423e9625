// Help says what the data says, all of it.
import { allOf } from "../../cli/command.ts";
import { COMMANDS } from "../../cli/commands.gen.ts";
import { COMMON } from "../../cli/flags.ts";
import { usageOf, usageOfGroup } from "../../cli/help.ts";
import { assert, assertEquals } from "../assert.ts";
import { copy, TABLE } from "./world.ts";

Deno.test("help: of one command, in full", () => {
  assertEquals(usageOf(copy, TABLE), [
    "Usage: gait box copy <source> --to <path> [flags]",
    "",
    "Copies a file byte by byte.",
    "",
    "Arguments:",
    "  <source>  The file",
    "",
    "Flags:",
    "  --to <path>       The copy",
    "  --note <text>     A word (default none)",
    "  --mode fast|safe  How (default fast)",
    "  --exact yes|No    How exactly",
    "  --fail            Answer that it did not work",
    "  --throw           Have a bug",
    "  --json            Print one JSON object on one line",
    "  --explain         Say in one sentence what the command does, and do nothing",
    "  --help            Show this help",
    "",
    "Examples:",
    "  gait box copy a --to b",
  ]);
});

Deno.test("help: a flag that has a default need not be given", async () => {
  const check = allOf(COMMANDS).find(({ path }) => path.join(" ") === "check");
  assert(check !== undefined);
  const lines = usageOf((await check.load()).default, allOf(COMMANDS));
  assertEquals(lines[0], "Usage: gait check [flags]");
  assert(lines.some((line) => line.startsWith("  --policy <file>") && line.includes("(default ")));
});

Deno.test("help: a default that is nothing is not told", async () => {
  for (const { path, load } of allOf(COMMANDS)) {
    const lines = usageOf((await load()).default, allOf(COMMANDS));
    assertEquals(lines.filter((line) => line.includes("(default )")), [], path.join(" "));
  }
});

Deno.test("help: of a group, and of everything", () => {
  assertEquals(usageOfGroup(["box"], TABLE), [
    "Usage: gait box <command> [arguments] [flags]",
    "",
    "Commands:",
    "  gait box copy  Copy a file",
    "  gait box list  List the box",
    "",
    "Every command takes --json, --explain, --help.",
    "Run gait box <command> --help to see what a command takes.",
  ]);
  const all = usageOfGroup([], allOf(COMMANDS)).join("\n");
  for (const { path, summary } of allOf(COMMANDS)) {
    assert(all.includes(`gait ${path.join(" ")} `) && all.includes(summary), path.join(" "));
  }
});

Deno.test("help: each command of the program names itself, its flags and one sentence", async () => {
  for (const { path, summary, load } of allOf(COMMANDS)) {
    const { default: command } = await load();
    const name = path.join(" ");
    assertEquals(command.summary, summary, name);
    const usage = usageOf(command, allOf(COMMANDS));
    assert(usage[0]?.startsWith(`Usage: gait ${name}`), usage[0]);
    for (const flag of [...Object.keys(command.flags), ...Object.keys(COMMON)]) {
      assert(usage.some((line) => line.trimStart().startsWith(`--${flag} `)), `${name} --${flag}`);
    }
    assert(
      /^[A-Z][^\n]*[^.]\.$/.test(command.explain) && !/\. [A-Z]/.test(command.explain),
      `one sentence: ${command.explain}`,
    );
    for (const example of command.examples ?? []) assert(example.includes("gait "), example);
  }
});
