// `gait hook install|status|uninstall`: settings of agents changed safely, shown, and left alone where they cannot be read.
import { utf8 } from "../../core/base/bytes.ts";
import { CLIENTS } from "../../core/hook/clients.ts";
import { HOOK_CLIENTS } from "../../core/schema/hook.ts";
import { assert, assertEquals } from "../assert.ts";
import { machine, type Setup } from "./commands_world.ts";
import { HOOK_POLICY } from "./hook_world.ts";

const on = (setup: Setup = {}) => machine({ home: "/home/u", ...setup, files: { "p.yaml": HOOK_POLICY, ...setup.files } });

const install = (client: string, ...more: readonly string[]) => ["hook", "install", client, "--policy", "p.yaml", ...more];

const MINE = `{\n  "model": "x",\n  "hooks": {\n    "Stop": []\n  }\n}\n`;

Deno.test("hook install: every member of its answer, and the command that the agent runs", async () => {
  const made = on({ files: { ".claude/settings.json": MINE } });
  const flags = ["--key-mode", "prod", "--private-key", "keys/k", "--trip", "--approvals", "deny", "--profile", "oss-prod"];
  const [exit, { diff, ...said }] = await made.json(...install("claude-code", ...flags));
  const command = "gait hook run --client claude-code --policy /memory/p.yaml --profile oss-prod --key-mode prod " +
    "--private-key /memory/keys/k --kill-switch-state /memory/.gait-out/kill_switch_state.json --dir /memory/.gait-out/hooks " +
    "--approvals deny --trip || { echo 'gait: not allowed' >&2; exit 2; }";
  const backup = String(said["backup"]);
  assertEquals([exit, said], [0, {
    ok: true,
    client: "claude-code",
    scope: "project",
    path: ".claude/settings.json",
    changed: true,
    written: true,
    backup,
    command,
    verified: true,
    notes: ["before version 2.1.295 a hook that runs out of time lets the call run"],
  }]);
  assertEquals(made.file(backup), MINE);
  assert(Array.isArray(diff) && diff.some((line) => line.includes("gait hook run")));
  const { model, hooks } = JSON.parse(made.file(".claude/settings.json"));
  assertEquals([model, hooks.Stop, hooks.PreToolUse[0].hooks[0].command], ["x", [], command]);
  assert(made.file("/memory/.gait-out/kill_switch_state.json").includes("kill_switch_state"), "a state that is named is made");
});

Deno.test("hook install: again it changes nothing; status and uninstall know it, and uninstall gives the file back", async () => {
  for (const client of HOOK_CLIENTS) {
    const path = CLIENTS[client].settings;
    const before = client === "cursor" ? `{\n  "version": 1\n}\n` : MINE;
    const made = on({ files: { [path]: before } });
    await made.text(...install(client));
    const [, again] = await made.json(...install(client));
    assertEquals(
      [again["changed"], again["written"], again["backup"], again["diff"]],
      [false, false, undefined, undefined],
      client,
    );
    const [, lines] = await made.text("hook", "status", client);
    assertEquals(lines, [
      `${client} project: installed (format verified) ${path}`,
      `${client} user: absent (format verified) /home/u/${path}`,
    ]);
    const [, removed] = await made.json("hook", "uninstall", client);
    assertEquals([removed["changed"], made.file(path)], [true, before], client);
    const [, once] = await made.text("hook", "uninstall", client);
    assertEquals(once[0], `hook uninstall: ${client} project unchanged`);
  }
});

Deno.test("hook install: for the user everywhere, and only shown", async () => {
  const made = on();
  const [, shown] = await made.text(...install("codex", "--scope", "user", "--dry-run"));
  assertEquals(shown.slice(0, 2), ["hook install: codex user would change", "settings: /home/u/.codex/hooks.json"]);
  assertEquals([...made.disk.files().keys()], ["p.yaml"]);
  await made.text(...install("codex", "--scope", "user", "--program", "/opt/my gait/bin"));
  const { hooks } = JSON.parse(made.file("/home/u/.codex/hooks.json"));
  assertEquals(
    hooks.PreToolUse[0].hooks[0].command,
    "'/opt/my gait/bin' hook run --client codex --policy /memory/p.yaml --dir /home/u/.gait-out/hooks || { echo 'gait: not allowed' >&2; exit 2; }",
  );
  const [, { clients }] = await made.json("hook", "status");
  assert(Array.isArray(clients) && clients.length === 8);
  assertEquals(clients.filter(({ status }) => status === "installed").map(({ path }) => path), ["/home/u/.codex/hooks.json"]);
});

Deno.test("hook install: settings that cannot be read stay as they are, with the place told", async () => {
  for (
    const [text, line, column, fault] of [
      [`{\n  // mine\n}\n`, 2, 3, "json_syntax"],
      [`{\n  "hooks": {},\n}\n`, 3, 1, "json_syntax"],
      [`{"hooks": {"PreToolUse": {}}}`, 1, 26, "hook_settings"],
      [`{"hooks": null}`, 1, 11, "hook_settings"],
      [`{"hooks": {"PreToolUse": null}}`, 1, 26, "hook_settings"],
    ] as const
  ) {
    for (const words of [install("claude-code"), ["hook", "uninstall", "claude-code"]]) {
      const made = on({ files: { ".claude/settings.json": text } });
      const [exit, said] = await made.json(...words);
      assertEquals([exit, said["fault"], said["file"], said["line"], said["column"]], [
        6,
        fault,
        ".claude/settings.json",
        line,
        column,
      ], text);
      assertEquals([made.file(".claude/settings.json"), made.disk.files().size], [text, 2]);
    }
    const made = on({ files: { ".claude/settings.json": text } });
    const [exit, said] = await made.json("hook", "status", "claude-code");
    const [standing] = Array.isArray(said["clients"]) ? said["clients"] : [];
    assertEquals([exit, standing.status, standing.message.includes(`line ${line}`) || fault === "hook_settings"], [
      0,
      "unreadable",
      true,
    ]);
  }
});

Deno.test("hook install: nothing is put in place that would deny every call", async () => {
  for (
    const [words, exit, fault] of [
      [["hook", "install", "codex", "--policy", "gone.yaml"], 6, "file_missing"],
      [["hook", "install", "codex", "--policy", "bad.yaml"], 6, "policy_shape"],
      [["hook", "install", "codex"], 6, "missing_argument"],
      [["hook", "install", "emacs", "--policy", "p.yaml"], 6, "flag_value"],
      [["hook", "install"], 6, "missing_argument"],
    ] as const
  ) {
    const made = on({ files: { "bad.yaml": "rules: 1\n" } });
    const [ended, said] = await made.json(...words);
    assertEquals([ended, said["fault"], made.disk.files().size], [exit, fault, 2], words.join(" "));
  }
  const homeless = machine({ files: { "p.yaml": HOOK_POLICY } });
  assertEquals((await homeless.json(...install("codex", "--scope", "user")))[1]["fault"], "path_refused");
});

Deno.test("hook install: a disk that fails leaves the settings whole", async () => {
  let struck = 0;
  for (let step = 1; step < 60; step++) {
    const made = on({ files: { ".claude/settings.json": MINE }, trouble: { step, kind: "ENOSPC" } });
    const [exit, said] = await made.json(...install("claude-code"));
    if (exit === 0) break;
    struck++;
    assertEquals([exit, said["fault"]], [1, "write_failed"]);
    const now = made.file(".claude/settings.json");
    assert(now === MINE || JSON.parse(now).hooks.PreToolUse.length === 1, now);
  }
  assert(struck > 2, String(struck));
});

Deno.test("hook status: only hooks that are run for every tool are installed", async () => {
  const status = async (change: (text: string) => string) => {
    const made = on();
    await made.text(...install("claude-code"));
    made.disk.put(".claude/settings.json", utf8(change(made.file(".claude/settings.json"))));
    return (await made.text("hook", "status", "claude-code"))[1].slice(0, 2);
  };
  const line = (word: string) => `claude-code project: ${word} (format verified) .claude/settings.json`;
  assertEquals((await status((text) => text))[0], line("installed"));
  assertEquals(await status((text) => text.replace("{", `{ "disableAllHooks": true,`)), [
    line("partly"),
    "  disableAllHooks is true: the agent runs no hooks",
  ]);
  assertEquals(await status((text) => text.replace(`"hooks": [`, `"matcher": "Nope", "hooks": [`)), [
    line("partly"),
    "  PreToolUse: its matcher leaves tools out",
  ]);
  assertEquals(await status((text) => text.replaceAll(`"gait hook`, `"true # gait hook`)), [
    line("absent"),
    "  " + ["PreToolUse", "PostToolUse", "PostToolUseFailure"]
      .map((event) => `${event}: a command speaks of gait and is none that gait installs for this agent`).join("; "),
  ]);
});

Deno.test("hook uninstall: lists that were empty before gait came stay, by the copy from before", async () => {
  const path = ".claude/settings.json";
  const before = `{\n  "hooks": {\n    "PreToolUse": [],\n    "Stop": []\n  }\n}\n`;
  const made = on({ files: { [path]: before } });
  await made.text(...install("claude-code"));
  await made.text(...install("claude-code", "--profile", "oss-prod")); // its copy has gait's hooks
  await made.text("hook", "uninstall", "claude-code");
  assertEquals(made.file(path), before);
});

Deno.test("hook install: a link to nothing is named, and nothing is made where it leads", async () => {
  const path = ".claude/settings.json";
  for (const words of [install("claude-code"), ["hook", "uninstall", "claude-code"]]) {
    const made = on({ links: [path] });
    const [exit, said] = await made.json(...words);
    assertEquals([exit, said["fault"], said["file"], made.disk.files().size], [6, "hook_settings", path, 1]);
    assert(String(said["error"]).includes("a link to a file that is not there; make that file"), JSON.stringify(said));
  }
  const [, lines] = await on({ links: [path] }).text("hook", "status", "claude-code");
  assertEquals(lines[0], `claude-code project: unreadable (format verified) ${path}`);
});
