// A page of docs that shows commands: what it says is done, so that it stays true. A fenced block with a name is a file, `sh` blocks are
// commands (`# exit 3` where it is not 0), a `text` block is what the last command printed (`...` for what is left out), and a `json`
// block without a name has members of the object that it printed. `<name>` in a command is the value that some command before it printed
// as `name: value`, or as a member of its JSON.
import { assert, assertEquals } from "../assert.ts";
import { machine } from "../cli/commands_world.ts";
import { utf8 } from "../../core/base/bytes.ts";

type Block = { readonly kind: string; readonly name: string; readonly text: string };

/** The fenced blocks of a page. */
export const blocksOf = (page: string): readonly Block[] =>
  [...page.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, kind = "", name = "", text = ""]) => ({ kind, name, text }),
  );

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** What a page shows of an output, as a pattern: `...` in a line is any text of that line, a line of its own any lines. */
export const shownPattern = (shown: string): RegExp =>
  new RegExp(
    `^${
      shown.replaceAll(/^\.\.\.\n/gm, "\0").split("\0").map((part) => part.split("...").map(literal).join(".*")).join(
        "(?:.*\\n)*",
      )
    }$`,
  );

/** What an output names: `name: value` lines, and the members of a JSON object that are text. */
export function namesIn(lines: readonly string[]): readonly (readonly [string, string])[] {
  const [only = "", ...others] = lines;
  if (others.length === 0 && only.startsWith("{")) {
    const members = Object.entries<unknown>(JSON.parse(only));
    return members.flatMap(([name, value]) => typeof value === "string" ? [[name, value] as const] : []);
  }
  return lines.flatMap((line) => {
    const [, name = "", value = ""] = /^([a-z_]+): (\S+)$/.exec(line) ?? [];
    return name === "" ? [] : [[name, value] as const];
  });
}

/** Runs all of a page in order, on a machine that has these files; how many commands there were, and how many outputs. */
export async function runGuide(
  page: string,
  files: Readonly<Record<string, string>> = {},
): Promise<{ readonly commands: number; readonly shown: number }> {
  const { text, records, disk } = machine({ files });
  let last: readonly string[] = [];
  const named = new Map<string, string>();
  let [commands, shown] = [0, 0];
  for (const block of blocksOf(page)) {
    if (block.name !== "") {
      disk.put(block.name, utf8(block.text));
      continue;
    }
    if (block.kind === "sh") {
      for (const line of block.text.trimEnd().split("\n")) {
        const [, words = "", code = "0"] = /^gait (.*?)(?: # exit (\d))?$/.exec(line) ?? [];
        assert(words !== "", `no command of gait: ${line}`);
        const argv = words.split(" ").map((word) => word.replaceAll(/<([a-z_]+)>/g, (whole, name) => named.get(name) ?? whole));
        const streams = argv.includes("--intents");
        const [exit, told] = streams ? await records(...argv) : await text(...argv);
        assertEquals([line, exit], [line, Number(code)], JSON.stringify(told));
        last = told.map((one) => typeof one === "string" ? one : JSON.stringify(one));
        for (const [name, value] of namesIn(last)) named.set(name, value);
        commands++;
      }
    }
    if (block.kind === "text") {
      const printed = `${last.join("\n")}\n`;
      if (block.text.includes("...")) assert(shownPattern(block.text).test(printed), `${block.text}\nis shown of\n${printed}`);
      else assertEquals(printed, block.text);
      shown++;
    }
    if (block.kind === "json") {
      const printed = JSON.parse(last.join("\n"));
      const wanted = JSON.parse(block.text);
      assertEquals(Object.fromEntries(Object.keys(wanted).map((name) => [name, printed[name]])), wanted);
      shown++;
    }
  }
  return { commands, shown };
}

/** Where the links of a page lead, those to other sites and to its own headings left out. */
export const linksOf = (page: string): readonly string[] =>
  [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = ""]) => link).filter((link) => !link.includes(":"));
