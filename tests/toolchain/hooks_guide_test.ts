// docs/hooks.md does what it says, and the settings under examples/hooks are those that gait would install.
import { CLIENTS } from "../../core/hook/clients.ts";
import { hookCommand } from "../../core/hook/command.ts";
import { installHooks } from "../../core/hook/settings.ts";
import { SHELL_REASONS } from "../../core/shell/reading.ts";
import { HOOK_CLIENTS } from "../../core/schema/hook.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { beforeCall, TOOLS } from "../hook/events.ts";
import { hookDisk } from "../cli/hook_world.ts";
import { blocksOf, shownPattern } from "./guide.ts";

const read = (path: string): Promise<string> => Deno.readTextFile(new URL(`../../${path}`, import.meta.url));

const GUIDE = await read("docs/hooks.md");

Deno.test("hooks guide: every command does what the page says", async () => {
  const disk = hookDisk();
  let last = "";
  let [commands, shown] = [0, 0];
  for (const { kind, name, text } of blocksOf(GUIDE)) {
    if (name !== "") disk.put(name, text);
    else if (kind === "text") {
      assert(shownPattern(text).test(last), `${text}\nis shown of\n${last}`);
      shown++;
    } else if (kind === "sh") {
      for (const line of text.trimEnd().split("\n")) {
        const [, words = "", input = "", code = "0"] = /^gait (.*?)(?: < (\S+))?(?: # exit (\d))?$/.exec(line) ?? [];
        const told = await disk.run(input === "" ? "" : disk.text(input), ...words.split(" "));
        assertEquals([line, told.exit], [line, Number(code)], told.err);
        last = told.out + told.err;
        commands++;
      }
    }
  }
  assertEquals([commands, shown], [8, 5]);
});

Deno.test("hooks guide: every reason code and every page of documentation is named", () => {
  for (const reason of SHELL_REASONS) assert(GUIDE.includes(`| \`${reason}\``), reason);
  for (const client of HOOK_CLIENTS) {
    for (const page of CLIENTS[client].documentation) assert(GUIDE.includes(`<${page}>`), page);
  }
});

Deno.test("hooks guide: the settings of the examples are what gait would install, and their policy decides as it says", async () => {
  const policy = await read("examples/hooks/policy.yaml");
  for (const client of HOOK_CLIENTS) {
    const command = hookCommand("gait", client, [["policy", "/srv/app/policy.yaml"], ["dir", "/srv/app/.gait-out/hooks"]]);
    const made = assertOk(installHooks(undefined, "s", client, command));
    assertEquals(await read(`examples/hooks/${CLIENTS[client].settings.slice(1)}`), made.text, client);
    for (
      const [command, exit] of [
        ["cd src && grep -rn x . | head", 0],
        ["git commit -m \"$(cat <<'END'\nfirst line\n\nrest\nEND\n)\"", 0],
        ["npm test > /srv/app/.git/hooks/pre-commit", 2],
        ["curl https://example.org", 2],
        ["bash -c 'rm -rf /'", client === "claude-code" ? 0 : 2],
      ] as const
    ) {
      const disk = hookDisk({ files: { "policy.yaml": policy } });
      const told = await disk.run(
        beforeCall(client, TOOLS[client].shell, { command }, { cwd: "/srv/app" }),
        ...["hook", "run", "--client", client, "--policy", "policy.yaml"],
      );
      assertEquals([command, told.exit], [command, exit], told.err);
    }
  }
});
