// gait help: the usage of everything, of a group, or of one command.
import { fail, ok } from "../../core/base/result.ts";
import { allOf, command } from "../command.ts";
import { below, named, usageOf, usageOfGroup } from "../help.ts";

export default command({
  path: ["help"],
  summary: "Show how to use gait or one of its commands",
  explain: "Prints the usage of all commands, of a group of commands, or of the one that is named.",
  positionals: { name: "command", doc: "Words of the command to show", min: 0, max: 4 },
  flags: {},
  needs: [],
  examples: ["gait help", "gait help run record"],
  async run({ positionals }, _ports, program) {
    const commands = allOf(program.commands);
    const entry = commands.find(({ path }) => path.join(" ") === positionals.join(" "));
    if (entry !== undefined) {
      const lines = usageOf((await entry.load()).default, commands);
      return ok({ exit: "ok", data: { ok: true, usage: lines.join("\n") } });
    }
    if (!commands.some(({ path }) => below(path, positionals))) {
      return fail("unknown_command", `Cannot show help of "${named(positionals)}": there is no such command`);
    }
    return ok({ exit: "ok", data: { ok: true, usage: usageOfGroup(positionals, commands).join("\n") } });
  },
  lines: ({ usage }) => usage.split("\n"),
});
