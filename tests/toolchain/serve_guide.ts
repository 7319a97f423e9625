// A page whose commands need a server that runs: they are run as its reader would, by a shell in a folder, with `gait` and `curl`. A line
// `gait mcp serve` that is to succeed starts a server and ends the one before; the port that the page names is one that is free.
// Blocks are those of the other guides: named ones are files, `text` is what the last command printed, `json` members of it.
import { start, type Started } from "../../scripts/tools/started.ts";
import { assert, assertEquals } from "../assert.ts";
import { blocksOf, namesIn, shownPattern } from "./guide.ts";

const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const PLACE = "127.0.0.1:8787";
const ANY = "127.0.0.1:0";

/** What was run of a page, and the last text that `/metrics` gave. */
export type Ran = { readonly commands: number; readonly shown: number; readonly metrics: string };

/** Runs all of a page in order, in a folder that is empty. */
export async function runServeGuide(page: string, folder: string): Promise<Ran> {
  await Deno.mkdir(`${folder}/bin`);
  const program = [Deno.execPath(), "run", "-A", "-q", "--no-check", "--config", CONFIG, MAIN];
  await Deno.writeTextFile(
    `${folder}/bin/gait`,
    `#!/bin/sh\nexec ${program.map((word) => `'${word}'`).join(" ")} "$@"\n`,
    { mode: 0o755 },
  );
  const env = { NO_COLOR: "1", PATH: `${folder}/bin:${Deno.env.get("PATH") ?? ""}` };
  const named = new Map<string, string>();
  let server: Started | undefined;
  let [last, metrics, commands, shown] = ["", "", 0, 0];

  async function end(): Promise<void> {
    const ended = await server?.end();
    server = undefined;
    if (ended !== undefined) assertEquals(ended.code, 0, ended.err);
  }
  async function serve(line: string): Promise<void> {
    await end();
    server = await start(["sh", "-c", `exec env ${line.replaceAll(PLACE, ANY)}`], { cwd: folder, env });
    last = "";
  }
  async function run(line: string, code: number): Promise<void> {
    const at = server?.address ?? "";
    const words = line.replaceAll(/<([a-z_]+)>/g, (whole, name) => named.get(name) ?? whole);
    const { code: exit, stdout, stderr } = await new Deno.Command("sh", {
      args: ["-c", words.replaceAll(PLACE, at)],
      cwd: folder,
      env,
      stdin: "null",
    }).output();
    last = new TextDecoder().decode(stdout).replaceAll(at === "" ? PLACE : at, PLACE);
    assertEquals([line, exit], [line, code], last + new TextDecoder().decode(stderr));
    for (const [name, value] of namesIn(last.trimEnd().split("\n"))) named.set(name, value);
    if (line.includes("/metrics")) metrics = last;
  }

  try {
    for (const { kind, name, text } of blocksOf(page)) {
      if (name !== "") {
        await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
        await Deno.writeTextFile(`${folder}/${name}`, name.endsWith("config.yaml") ? text.replaceAll(PLACE, ANY) : text);
      } else if (kind === "sh") {
        for (const line of text.trimEnd().split("\n")) {
          const [, words = "", code = "0"] = /^(.*?)(?: # exit (\d))?$/.exec(line) ?? [];
          const serves = /^(?:[A-Z_]+=\S+ )*gait mcp serve\b/.test(words) && code === "0";
          await (serves ? serve(words) : run(words, Number(code)));
          commands++;
        }
      } else if (kind === "text") {
        const printed = `${last.trimEnd()}\n`;
        assert(shownPattern(text).test(printed), `${text}\nis shown of\n${printed}`);
        shown++;
      } else if (kind === "json") {
        const printed = JSON.parse(last);
        const wanted = JSON.parse(text);
        assertEquals(Object.fromEntries(Object.keys(wanted).map((member) => [member, printed[member]])), wanted, last);
        shown++;
      }
    }
    await end();
  } finally {
    await server?.end();
  }
  return { commands, shown, metrics };
}
