// Settings of agents: hooks are put in once and taken out again, and nothing else changes.
import type { JsonObject } from "../../core/base/json_value.ts";
import { hookCommand, isHookCommand } from "../../core/hook/command.ts";
import type { HookClient } from "../../core/hook/clients.ts";
import { findHooks } from "../../core/hook/find_hooks.ts";
import { installHooks, uninstallHooks } from "../../core/hook/settings.ts";
import { lineDiff } from "../../core/hook/line_diff.ts";
import { HOOK_CLIENTS } from "../../core/schema/hook.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const commandFor = (client: HookClient, policy = "/p.yaml"): string =>
  `gait hook run --client ${client} --policy ${policy} || x`;

const install = (text: string | undefined, client: HookClient = "claude-code", policy?: string) =>
  assertOk(installHooks(text, "s.json", client, commandFor(client, policy)));

const uninstall = (text: string, client: HookClient = "claude-code") => assertOk(uninstallHooks(text, "s.json", client));

Deno.test("hook settings: made where there are none, in the form of each agent", () => {
  const made = Object.fromEntries(HOOK_CLIENTS.map((client) => [client, JSON.parse(install(undefined, client).text)]));
  assertEquals(made["codex"], {
    hooks: {
      PreToolUse: [{ hooks: [{ type: "command", command: commandFor("codex"), timeout: 60 }] }],
      PostToolUse: [{ hooks: [{ type: "command", command: commandFor("codex"), timeout: 60 }] }],
    },
  });
  assertEquals(made["cursor"], {
    version: 1,
    hooks: {
      preToolUse: [{ command: commandFor("cursor"), timeout: 60, failClosed: true }],
      postToolUse: [{ command: commandFor("cursor"), timeout: 60 }],
      postToolUseFailure: [{ command: commandFor("cursor"), timeout: 60 }],
    },
  });
  assertEquals(made["gemini"].hooks.BeforeTool[0].hooks[0].timeout, 60_000);
  assertEquals(made["claude-code"].hooks.PreToolUse[0].hooks[0].onFailure, "block");
  assertEquals(made["claude-code"].hooks.PostToolUse[0].hooks[0].onFailure, undefined);
});

const SETTINGS: readonly string[] = [
  "{}",
  "{}\n",
  `{"a":1}`,
  `{ "a" : [ 1, 2 ] , "b":{}}`,
  `{\n\t"a": 1.50,\n\t"b": "\\u00e9"\n}\n`,
  `{\r\n    "hooks": {\r\n        "Stop": [ {"hooks": []} ]\r\n    },\r\n    "z": null\r\n}\r\n`,
  `{\n  "hooks": {\n    "PreToolUse": [\n      { "matcher": "Bash", "hooks": [{ "type": "command", "command": "mine" }] }\n    ]\n  }\n}`,
  `{"hooks":{"PreToolUse":[{"matcher":"*","hooks":[{"type":"command","command":"other hook run --client codex"}]}]}}`,
];

Deno.test("hook settings: taken out again, every byte of the rest is as before", () => {
  for (const client of HOOK_CLIENTS) {
    for (const text of SETTINGS) {
      const installed = install(text, client);
      assert(installed.changed && installed.text !== text, text);
      const removed = uninstall(installed.text, client).text;
      const expected = client === "cursor" ? install(text, client).text : text; // its version stays
      if (client !== "cursor") assertEquals(removed, expected, text);
      assertEquals(assertOk(findHooks(removed, "s.json", client)).events, []);
    }
  }
});

Deno.test("hook settings: twice is once, and another command takes the place of the old one", () => {
  for (const client of HOOK_CLIENTS) {
    const once = install(SETTINGS[4], client);
    assertEquals(install(once.text, client), { text: once.text, changed: false });
    const other = install(once.text, client, "/q.yaml");
    assertEquals(assertOk(findHooks(other.text, "s.json", client)).commands, [commandFor(client, "/q.yaml")]);
    assertEquals(other.text, once.text.replaceAll("/p.yaml", "/q.yaml"));
    assertEquals(uninstall(SETTINGS[4] ?? "", client).changed, false);
  }
});

Deno.test("hook settings: a hook that its user put beside gait's stays", () => {
  const once = JSON.parse(install(undefined).text);
  once.hooks.PreToolUse[0].hooks.push({ type: "command", command: "mine" });
  const removed = JSON.parse(uninstall(JSON.stringify(once, undefined, 2)).text);
  assertEquals(removed, { hooks: { PreToolUse: [{ hooks: [{ type: "command", command: "mine" }] }] } });
});

Deno.test("hook settings: what cannot be read is refused with its place", () => {
  for (
    const [text, code, line, column] of [
      ["{\n  // mine\n}", "json_syntax", 2, 3],
      [`{"a":1,}`, "json_syntax", 1, 8],
      [`{\n "a": 1,\n "a": 2\n}`, "json_duplicate_key", 3, 2],
      [`{\n "hooks": []\n}`, "hook_settings", 2, 11],
      [`{\n "hooks": {"PreToolUse":\n {}}\n}`, "hook_settings", 3, 2],
      ["[]", "hook_settings", 1, 1],
      ["null", "hook_settings", 1, 1],
      ["5", "hook_settings", 1, 1],
      [`"x"`, "hook_settings", 1, 1],
      ...["null", "5", `"x"`, "true"].flatMap((value) => [
        [`{"hooks":${value}}`, "hook_settings", 1, 10] as const,
        [`{"hooks":{"PreToolUse":${value}}}`, "hook_settings", 1, 24] as const,
        [`{"hooks":{"Mine":${value}}}`, "hook_settings", 1, 18] as const,
      ]),
    ] as const
  ) {
    for (const done of [installHooks(text, "s.json", "claude-code", "c"), uninstallHooks(text, "s.json", "claude-code")]) {
      const { at } = assertFault(done, code, text);
      assertEquals([at?.file, at?.line, at?.column], ["s.json", line, column], text);
    }
  }
});

Deno.test("hook settings: what stands in lists of hooks and is none stays", () => {
  for (
    const entry of ["null", "5", `"x"`, "[[]]", `{"hooks":null}`, `{"hooks":{"a":1}}`, `{"hooks":[5,null]}`, `{"command":5}`]
  ) {
    const text = `{"version":1,"hooks":{"PreToolUse":[${entry}],"preToolUse":[${entry}]}}`;
    for (const client of HOOK_CLIENTS) assertEquals(uninstall(install(text, client).text, client).text, text);
  }
});

Deno.test("hook settings: only a command that gait wrote is gait's", () => {
  const written = (program: string) => hookCommand(program, "claude-code", [["policy", "/p.yaml"]]);
  for (
    const [command, ours] of [
      [written("gait"), true],
      [written("/opt/my gait/bin"), true],
      [written("/opt/it's/run"), true],
      ["gait hook run --client claude-code --policy /p.yaml", true],
      ["/usr/bin/gait hook run --client claude-code", true],
      ["gait hook run --client claude-code-2", false],
      ["gait hook run --client codex", false],
      ["true # gait hook run --client claude-code", false],
      ["mywrap && echo hook run --client claude-code", false],
      ["echo hook run --client claude-code", false],
      [`true; ${written("gait")}`, false],
    ] as const
  ) {
    assertEquals([command, isHookCommand(command, "claude-code")], [command, ours]);
    const text = JSON.stringify({ hooks: { Mine: [{ hooks: [{ type: "command", command }] }] } });
    if (!ours) assertEquals(uninstall(install(text).text).text, text);
  }
});

Deno.test("hook settings: what was empty before stays", () => {
  for (const text of [`{"hooks":{}}`, `{"hooks":{"PreToolUse":[]}}`, `{"hooks":{"Stop":[],"PreToolUse":[]}}`]) {
    const installed = install(text).text;
    assertEquals(assertOk(uninstallHooks(installed, "s.json", "claude-code", text)).text, text);
    assertEquals(assertOk(uninstallHooks(installed, "s.json", "claude-code", "no JSON")).changed, true);
  }
});

Deno.test("hook settings: hooks that are not run are not in force", () => {
  const whole = hookCommand("gait", "claude-code", []);
  const of = (hook: JsonObject, group: JsonObject = {}, root: JsonObject = {}) => {
    const entry = { ...group, hooks: [{ type: "command", command: whole, timeout: 5, onFailure: "block", ...hook }] };
    const { events, notes } = found({ ...root, hooks: { PreToolUse: [entry] } });
    return [events.length, ...notes];
  };
  const found = (json: JsonObject) => assertOk(findHooks(JSON.stringify(json), "s.json", "claude-code"));
  assertEquals([of({}), of({}, { matcher: "*" }), of({}, {}, { disableAllHooks: false })], [[1], [1], [1]]);
  assertEquals(of({}, { matcher: "Nope" }), [0, "PreToolUse: its matcher leaves tools out"]);
  assertEquals(of({}, {}, { disableAllHooks: true }), [0, "disableAllHooks is true: the agent runs no hooks"]);
  const gemini = (enabled: boolean) => {
    const text = install(JSON.stringify({ hooksConfig: { enabled } }), "gemini").text.replaceAll(
      "|| x",
      "|| { echo 'gait: not allowed' >&2; exit 2; }",
    );
    const { events, notes } = assertOk(findHooks(text, "s.json", "gemini"));
    return [events.length, ...notes];
  };
  assertEquals([gemini(true), gemini(false)], [[2], [0, "hooksConfig.enabled is false: the agent runs no hooks"]]);
  const listed = (path: readonly [string, string]) => {
    const { text } = install("{}", "gemini");
    const [command = ""] = assertOk(findHooks(text, "s.json", "gemini")).commands;
    const [outer, inner] = path;
    const json = JSON.parse(text);
    const listing = JSON.stringify({ ...json, [outer]: { ...json[outer], [inner]: [command] } });
    const { events, notes } = assertOk(findHooks(listing, "s.json", "gemini"));
    return [events.length, ...new Set(notes.map((note) => note.replace(/^\w+: /, "")))];
  };
  for (const path of [["hooksConfig", "disabled"], ["hooks", "disabled"]] as const) {
    assertEquals(listed(path), [0, `${path.join(".")} lists it: the agent does not run it`]);
  }
  const altered = [0, "PreToolUse: it is not as gait installs it"];
  assertEquals(of({ command: "gait hook run --client claude-code || true" }), altered);
  assertEquals([of({ async: true }), of({ type: "prompt" }), of({ onFailure: "allow" })], [altered, altered, altered]);
  assertEquals(of({ command: "true # gait hook run --client claude-code" }), [
    ...[0, "PreToolUse: a command speaks of gait and is none that gait installs for this agent"],
  ]);
});

Deno.test("hook settings: a change is shown line by line", () => {
  assertEquals(lineDiff("a\nb\nc\n", "a\nb\nc\n"), []);
  assertEquals(lineDiff("a\nb\nc\nd\n", "a\nx\nc\ny\nd\n"), ["  a", "- b", "+ x", "  c", "+ y", "  d"]);
  assertEquals(lineDiff("", "a\n"), ["+ a"]);
  assertEquals(lineDiff("1\n2\n3\n4\n5\n", "1\n2\n3\n5\n"), ["  2", "  3", "- 4", "  5"]);
});
