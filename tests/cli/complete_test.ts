// Completion: what a real shell offers after some words. Shells that are not installed are named, not passed over in silence.
import { script, SHELLS } from "../../cli/complete.ts";
import type { Command } from "../../cli/command.ts";
import { assert, assertEquals } from "../assert.ts";
import { TABLE } from "./world.ts";

const commands: Command[] = await Promise.all(TABLE.map(async ({ load }) => (await load()).default));
const text = { bash: script("bash", commands), zsh: script("zsh", commands), fish: script("fish", commands) };

const has = (shell: string): boolean => {
  try {
    return new Deno.Command(shell, { args: ["--version"], stdout: "null", stderr: "null" }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
};

const shell = async (name: string, source: string, cwd?: string): Promise<string> => {
  const args = name === "zsh" ? ["-f", "-c", source] : name === "fish" ? ["--no-config", "-c", source] : ["-c", source];
  const { success, stdout, stderr } = await new Deno.Command(name, { args, ...(cwd === undefined ? {} : { cwd }) }).output();
  const said = new TextDecoder().decode(stdout);
  assert(success && stderr.length === 0, `${name}: ${said}${new TextDecoder().decode(stderr)}`);
  return said;
};

const CASES: readonly (readonly [words: readonly string[], offered: readonly string[]])[] = [
  [[""], ["box", "completion", "help", "version"]],
  [["b"], ["box"]],
  [["box", ""], ["copy", "list"]],
  [["box", "l"], ["list"]],
  [["-"], ["--json", "--explain", "--help"]],
  [["box", "copy", "--"], ["--to", "--note", "--mode", "--exact", "--fail", "--throw", "--json", "--explain", "--help"]],
  [["box", "copy", "--m"], ["--mode"]],
  [["box", "copy", "--mode", ""], ["fast", "safe"]],
  [["box", "copy", "-mode", "s"], ["safe"]],
  [["box", "copy", "--mode", "=", "f"], ["fast"]],
  [["box", "copy", "--mode", "="], ["fast", "safe"]],
  [["box", "copy", "--mode=f"], ["--mode=fast"]],
  [["box", "copy", "--note", ""], []],
  [["box", "copy", "--to", "fi"], ["file one", "file-two"]],
  [["box", "copy", "fi"], ["file one", "file-two"]],
  [["box", "copy", "--fail", "--exact", ""], ["yes", "No"]],
  [["completion", ""], ["bash", "zsh", "fish", "powershell"]],
  [["completion", "p"], ["powershell"]],
  [["version", "box", ""], []],
];

Deno.test("completion: bash offers what can follow", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["file one", "file-two", "other"]) await Deno.writeTextFile(`${folder}/${name}`, "");
    const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
    const asks = CASES.map(([words]) =>
      `COMP_WORDS=(gait ${
        words.map(quote).join(" ")
      }); COMP_CWORD=${words.length}; _gait; printf '%s\\n' "\${COMPREPLY[@]}" --end--`
    );
    const said = await shell("bash", [...text.bash, ...asks].join("\n"), folder);
    const answers = said.split("--end--\n").slice(0, -1).map((answer) => answer.split("\n").filter((word) => word !== ""));
    assertEquals(answers.length, CASES.length);
    CASES.forEach(([words, offered], i) => assertEquals(answers[i]?.sort(), [...offered].sort(), words.join(" ")));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("completion: the scripts for the other shells are well-formed", async () => {
  assertEquals(SHELLS, ["bash", "zsh", "fish", "powershell"]);
  if (has("zsh")) await shell("zsh", `setopt no_exec\n${text.zsh.join("\n")}`);
  else console.log("skipped: completion: zsh is not installed here");
  if (has("fish")) {
    const offered = async (line: string) =>
      (await shell("fish", `${text.fish.join("\n")}\ncomplete -C ${JSON.stringify(line)}`))
        .split("\n").map((row) => row.split("\t")[0]).filter((word) => word !== "");
    assertEquals(await offered("gait box "), ["copy", "list"]);
    assertEquals(await offered("gait box copy --mode "), ["fast", "safe"]);
    assertEquals(await offered("gait box copy --thr"), ["--throw"]);
    assertEquals((await offered("gait ")).sort(), ["box", "completion", "help", "version"]);
  } else console.log("skipped: completion: fish is not installed here");
});

Deno.test("completion: every script names every command and flag, and quotes what it prints", () => {
  const odd: Command = {
    path: ["it's"],
    summary: "Don't $(touch me) `or me` \\",
    explain: "",
    flags: { flag: { kind: "switch", doc: "O'Neill's \\' \"$HOME\"" } },
    needs: [],
    needed: () => [],
    execute: () => Promise.reject(new Error("never run")),
  };
  const expected = { zsh: "'\\''", fish: "\\'", powershell: "''" } as const;
  for (const name of ["zsh", "fish", "powershell"] as const) {
    const lines = script(name, [...commands, odd]).join("\n");
    assert(lines.includes(`O${expected[name]}Neill`), `${name}: a quote in a text is quoted`);
    for (const word of ["box", "copy", "throw", "fast", "safe", "powershell"]) assert(lines.includes(word), `${name}: ${word}`);
  }
});
