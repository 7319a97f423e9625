// Settings of agents: hooks are put in once and taken out again, and nothing else changes.
import type { HookClient } from "../../core/hook/clients.ts";
import { findHooks, installHooks, uninstallHooks } from "../../core/hook/settings.ts";
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
      if (client !== "cursor" && !(client === "codex" && text.includes("--client codex"))) {
        assertEquals(removed, expected, text);
      }
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
    ] as const
  ) {
    for (const done of [installHooks(text, "s.json", "claude-code", "c"), uninstallHooks(text, "s.json", "claude-code")]) {
      const { at } = assertFault(done, code, text);
      assertEquals([at?.file, at?.line, at?.column], ["s.json", line, column], text);
    }
  }
});

Deno.test("hook settings: a change is shown line by line", () => {
  assertEquals(lineDiff("a\nb\nc\n", "a\nb\nc\n"), []);
  assertEquals(lineDiff("a\nb\nc\nd\n", "a\nx\nc\ny\nd\n"), ["  a", "- b", "+ x", "  c", "+ y", "  d"]);
  assertEquals(lineDiff("", "a\n"), ["+ a"]);
  assertEquals(lineDiff("1\n2\n3\n4\n5\n", "1\n2\n3\n5\n"), ["  2", "  3", "- 4", "  5"]);
});
