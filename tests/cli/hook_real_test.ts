// Hooks as agents run them: a shell starts gait with the call on standard input; many at once, without room, without gait.
import { childInput } from "../../cli/host/child_input.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { hookCommand } from "../../core/hook/command.ts";
import { assert, assertEquals } from "../assert.ts";
import { afterCall, beforeCall } from "../hook/events.ts";
import { HOOK_POLICY } from "./hook_world.ts";

const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;

async function world() {
  const folder = await Deno.makeTempDir({ prefix: "gait-hook-" });
  await Deno.writeTextFile(`${folder}/p.yaml`, HOOK_POLICY);
  const gait = `${folder}/gait`;
  await Deno.writeTextFile(gait, `#!/bin/sh\nexec '${Deno.execPath()}' run -A -q --no-check '${MAIN}' "$@"\n`, { mode: 0o755 });
  const flags = [["policy", `${folder}/p.yaml`], ["dir", `${folder}/out`]] as const;
  const run = async (command: string, input: object) => {
    const child = new Deno.Command("/bin/sh", {
      args: ["-c", command],
      cwd: folder,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const given = childInput(child.stdin);
    await given.write(utf8(JSON.stringify(input))); // it may end before it reads
    await given.finish();
    const { code, stdout, stderr } = await child.output();
    return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
  };
  return { folder, gait, flags, run, close: () => Deno.remove(folder, { recursive: true }) };
}

Deno.test("hook real: the installed command lets run, denies and pairs", async () => {
  const { gait, flags, run, close } = await world();
  try {
    const command = hookCommand(gait, "claude-code", flags);
    const call = { command: "git status" };
    assertEquals(await run(command, beforeCall("claude-code", "Bash", call)), { code: 0, out: "{}\n", err: "" });
    assertEquals((await run(command, afterCall("claude-code", "Bash", call))).code, 0);
    const denied = await run(command, beforeCall("claude-code", "Bash", { command: "curl x" }, { tool_use_id: "2" }));
    assertEquals([denied.code, denied.err], [2, "gait: block: default_block\ngait: not allowed\n"]);
  } finally {
    await close();
  }
});

Deno.test("hook real: without gait, without room and after a crash the call is denied, with a reason", async () => {
  const { folder, gait, flags, run, close } = await world();
  try {
    const call = beforeCall("codex", "Read", { file_path: "/w" });
    const crashing = `${folder}/crash`;
    await Deno.writeTextFile(crashing, "#!/bin/sh\nkill -9 $$\n", { mode: 0o755 });
    for (const program of [`${folder}/gone`, crashing, "/bin/false", "/bin/cat /nowhere;"]) {
      const told = await run(hookCommand(program, "codex", flags), call);
      assertEquals([told.code, told.err.trim() !== ""], [2, true], program);
    }
    const full = await run(`'${gait}' hook run --client codex --policy p.yaml --dir out > /dev/full`, call);
    assertEquals([full.code, full.err.includes("cannot write the answer")], [2, true], full.err);
    const closed = await run(`'${gait}' hook run --client codex --policy p.yaml --dir /dev/null/x`, call);
    assertEquals([closed.code, closed.out, closed.err !== ""], [2, "{}\n", true]);
  } finally {
    await close();
  }
});

Deno.test("hook real: calls at once are each recorded once, none is lost", async () => {
  const { folder, gait, flags, run, close } = await world();
  try {
    const command = hookCommand(gait, "codex", flags);
    const ids = Array.from({ length: 8 }, (_, at) => `call_${at}`);
    const told = await Promise.all(
      ids.map((tool_use_id) => run(command, beforeCall("codex", "Read", { file_path: "/w" }, { tool_use_id }))),
    );
    assertEquals(told.map(({ code }) => code), ids.map(() => 0));
    const [session] = [...Deno.readDirSync(`${folder}/out/codex`)].map(({ name }) => name);
    const lines = (await Deno.readTextFile(`${folder}/out/codex/${session}/journal.jsonl`)).trimEnd().split("\n");
    assertEquals(lines.map((line) => JSON.parse(line).call_id).toSorted(), ids);
    assert([...Deno.readDirSync(`${folder}/out/codex/${session}`)].every(({ name }) => !name.endsWith(".lock")));
  } finally {
    await close();
  }
});
