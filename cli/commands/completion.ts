// gait completion: a script that teaches a shell to complete gait's commands, flags and values.
import { ok } from "../../core/base/result.ts";
import { allOf, command } from "../command.ts";
import { isShell, script, SHELLS } from "../complete.ts";

export default command({
  path: ["completion"],
  summary: "Print a completion script for a shell",
  explain: "Prints a script that teaches a shell to complete commands, flags and values; it changes nothing by itself.",
  positionals: { name: "shell", doc: "The shell", min: 1, max: 1, values: SHELLS },
  flags: {},
  needs: [],
  examples: ["source <(gait completion bash)", "gait completion fish > ~/.config/fish/completions/gait.fish"],
  async run({ positionals: [shell] }, _ports, program) {
    const commands = allOf(program.commands);
    if (shell === undefined || !isShell(shell)) throw new Error("the parser let an unknown shell pass");
    const loaded = await Promise.all(commands.map(async ({ load }) => (await load()).default));
    return ok({ exit: "ok", data: { ok: true, shell, script: script(shell, loaded).join("\n") } });
  },
  lines: ({ script }) => script.split("\n"),
});
