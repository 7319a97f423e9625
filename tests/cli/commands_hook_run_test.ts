// `gait hook run`: every call of an agent is decided, recorded and paired; whatever goes wrong denies, by exit code 2 and words on stderr.
import type { Json } from "../../core/base/json_value.ts";
import { recordDefect } from "../../core/base/record.ts";
import { readPublicKey } from "../../core/base/keys.ts";
import { readShape } from "../../core/base/shape.ts";
import { HOOK_CLIENTS, HookBypassShape } from "../../core/schema/hook.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { afterCall, beforeCall, FORMS, TOOLS } from "../hook/events.ts";
import { PUBLIC_KEY } from "./commands_world.ts";
import { hookDisk, SIGNED } from "./hook_world.ts";

const forClient = (client: string) => ["hook", "run", "--client", client, ...SIGNED] as const;

Deno.test("hook run: every agent is told in its own form, by verdict", async () => {
  for (const client of HOOK_CLIENTS) {
    const { shell, read, write } = TOOLS[client];
    const allowed = client === "cursor" ? { permission: "allow" } : {};
    const denied = (err: string) => client === "cursor" ? { permission: "deny", user_message: err, agent_message: err } : {};
    for (
      const [tool, input, exit, words] of [
        [read, { file_path: "/work/a" }, 0, ""],
        [shell, { command: "git status && ls" }, 0, ""],
        [
          "Task",
          { prompt: "x" },
          2,
          client === "gemini" ? "gait: block: default_block" : "gait: dry_run: matched_rule_rehearsals",
        ],
        ["Nobody Knows", { x: 1 }, 2, "gait: block: default_block"],
        [shell, { command: "git status; curl x" }, 2, "gait: block: default_block, matched_rule_programs"],
        [shell, { command: "cat $x" }, 2, "gait: block: default_block, shell_expansion (shell_expansion in: cat $x)"],
      ] as const
    ) {
      const disk = hookDisk();
      const told = await disk.run(beforeCall(client, tool, input), ...forClient(client));
      assertEquals([told.exit, told.err.trim()], [exit, words], `${client} ${tool}`);
      assertEquals(JSON.parse(told.out), exit === 0 ? allowed : denied(words), client);
    }
    const disk = hookDisk();
    const asked = await disk.run(beforeCall(client, write, { file_path: "/work/a" }), ...forClient(client));
    assertEquals(asked.exit, client === "claude-code" ? 0 : 2, client);
    if (client === "claude-code") {
      assertEquals(JSON.parse(asked.out), {
        hookSpecificOutput: {
          hookEventName: "PreToolUse",
          permissionDecision: "ask",
          permissionDecisionReason: "gait: require_approval: writes_are_asked",
        },
      });
    }
  }
});

Deno.test("hook run: a list of paths holds whatever member names the file", async () => {
  const policy = `default_verdict: block
rules:
  - name: files
    effect: allow
    match: {tool_names: [tool.read, tool.write]}
    endpoint: {path_allowlist: [/srv/app/**]}
`;
  const exit = async (client: typeof HOOK_CLIENTS[number], tool: string, input: Json) => {
    const disk = hookDisk({ files: { "p.yaml": policy }, home: "/home/u" });
    return (await disk.run(beforeCall(client, tool, input, { cwd: "/srv/app" }), ...forClient(client))).exit;
  };
  for (
    const [client, tool, input] of [
      ["gemini", "read_many_files", { paths: ["/etc/passwd"] }],
      ["gemini", "read_many_files", { paths: ["a.ts"], include: ["../*"] }],
      ["claude-code", "Write", { path: "/srv/app/x", file_path: "/etc/passwd" }],
      ["claude-code", "Read", { path: "/srv/app/x", file_path: "/etc/passwd" }],
      ["claude-code", "Read", { file_path: ["/etc/passwd"] }],
      ["claude-code", "Read", {}],
      ["claude-code", "Read", { file_path: 5 }],
      ["claude-code", "Read", { file_path: "~/.ssh/id_rsa" }],
      ["claude-code", "Glob", { pattern: "/etc/**" }],
      ["claude-code", "Glob", { pattern: "/srv/app*" }],
      ["claude-code", "Grep", { pattern: "x", glob: "../../etc/*" }],
      ["codex", "apply_patch", { command: "*** Add File: ok.txt\u2028/../../../etc/x\n" }],
    ] as const
  ) assertEquals([tool, input, await exit(client, tool, input)], [tool, input, 2]);
  for (
    const [client, tool, input] of [
      ["gemini", "read_many_files", { paths: ["src/**/*.ts", "README.md"] }],
      ["gemini", "list_directory", { dir_path: "src" }],
      ["claude-code", "Write", { file_path: "/srv/app/x" }],
      ["claude-code", "Grep", { pattern: "x", glob: "*.{ts,tsx}" }],
      ["claude-code", "Glob", { pattern: "**/*" }],
      ["codex", "apply_patch", { command: "*** Add File: ok.txt\n" }],
    ] as const
  ) assertEquals([tool, input, await exit(client, tool, input)], [tool, input, 0]);
});

Deno.test("hook run: nobody is asked where that is not wanted or proves nothing", async () => {
  const write = beforeCall("claude-code", "Write", { file_path: "/work/a" });
  for (
    const [json, ...more] of [
      [write, "--approvals", "deny"],
      [write, "--profile", "oss-prod"],
      [{ ...write, permission_mode: "bypassPermissions" }],
    ] as const
  ) {
    const told = await hookDisk().run(json, ...forClient("claude-code"), ...more);
    assertEquals([told.exit, told.out], [2, "{}\n"], JSON.stringify(more));
    assert(told.err.includes("writes_are_asked"), told.err);
  }
});

Deno.test("hook run: what is decided is recorded, its trace is signed, and its result is paired with it", async () => {
  const disk = hookDisk();
  const input = { command: "ls" };
  assertEquals((await disk.run(beforeCall("codex", "Bash", input), ...forClient("codex"))).exit, 0);
  assertEquals(await disk.run(afterCall("codex", "Bash", input), ...forClient("codex")), { exit: 0, out: "{}\n", err: "" });
  const [decision, result, ...more] = disk.journal();
  assertEquals([more.length, decision?.["record_type"], result?.["record_type"]], [0, "decision", "result"]);
  for (const member of ["call_key", "input_digest", "trace_id", "trace_path", "intent_digest", "policy_digest", "session_id"]) {
    assertEquals([member, result?.[member]], [member, decision?.[member]]);
  }
  assertEquals([decision?.["verdict"], decision?.["answer"], result?.["outcome"]], ["allow", "allow", "ran"]);
  const path = String(decision?.["trace_path"]);
  assertEquals(JSON.parse(disk.text(path)).trace_id, decision?.["trace_id"]);
  disk.put("pub", PUBLIC_KEY);
  const verified = await disk.run("", "trace", "verify", path, "--public-key", "pub");
  assertEquals([verified.exit, verified.out.startsWith("trace verify ok")], [0, true], verified.out);
});

/** What tools print that is no JSON that all read alike, or too much of it. */
const ODD_OUTCOMES: Readonly<Record<string, string>> = {
  "half a character": `{"stdout":"cut \\ud83d"}`,
  "a name twice": `{"stdout":"a","stdout":"b"}`,
  "a number that no double holds": `{"n":1e400}`,
  "deep nesting": `${"[".repeat(600)}${"]".repeat(600)}`,
  "eleven million characters": `{"stdout":"${"x".repeat(11_000_000)}"}`,
};

for (const [what, outcome] of Object.entries(ODD_OUTCOMES)) {
  Deno.test(`hook run: no tool keeps its call out of the records by what it gives: ${what}`, async () => {
    const input = { file_path: "/work/a" };
    const after = JSON.stringify({ ...afterCall("claude-code", "Read", input), tool_response: "@" }).replace(`"@"`, outcome);
    const paired = hookDisk();
    await paired.run(beforeCall("claude-code", "Read", input), ...forClient("claude-code"));
    assertEquals((await paired.run(after, ...forClient("claude-code"))).exit, 0);
    const [, result] = paired.journal();
    assertEquals([result?.["record_type"], result?.["outcome"]], ["result", "ran"]);
    assert(/^[0-9a-f]{64}$/.test(String(result?.["outcome_digest"])));
    const alone = hookDisk();
    const told = await alone.run(after, ...forClient("claude-code"), "--trip", "--kill-switch-state", "stop.json");
    assert(told.exit === 2 && told.err.includes("all calls of claude-code are stopped"), told.err);
    assert(alone.files().some((name) => name.includes("/bypass_")), alone.files().join());
  });
}

Deno.test("hook run: of a call that is to come nothing odd is taken, and neither is what is cut off or names no call", async () => {
  const flags = forClient("claude-code");
  const before = JSON.stringify({ ...beforeCall("claude-code", "Read", { file_path: "/work/a" }), tool_response: "@" });
  for (const outcome of Object.values(ODD_OUTCOMES)) {
    const disk = hookDisk();
    assertEquals((await disk.run(before.replace(`"@"`, outcome), ...flags)).exit, 2);
    assertEquals(disk.files(), ["k", "p.yaml"]);
  }
  const after = JSON.stringify({ ...afterCall("claude-code", "Read", { file_path: "/work/a" }), tool_response: "@" });
  const half = after.replace(`"@"`, `"\\ud83d"`);
  for (const text of [half.slice(0, -1), half.replace("Read", "Re\\"), `{"tool_response":"\\ud83d"}`, `{x"tool_response":1}`]) {
    const disk = hookDisk();
    assertEquals((await disk.run(text, ...flags)).exit, 2, text.slice(0, 100));
    assertEquals(disk.files(), ["k", "p.yaml"]);
  }
});

Deno.test("hook run: a call that ran without its decision is signed evidence, and trips the kill switch", async () => {
  const flags = [...forClient("claude-code"), "--trip", "--kill-switch-state", "stop.json"];
  const disk = hookDisk();
  const told = await disk.run(afterCall("claude-code", "Read", { file_path: "/work/a" }), ...flags);
  assertEquals([told.exit, told.out], [2, "{}\n"]);
  assert(
    told.err.includes("it ran and was never decided") && told.err.includes("all calls of claude-code are stopped"),
    told.err,
  );
  const path = disk.files().find((name) => name.includes("/bypass_")) ?? "";
  const evidence = assertOk(readShape(HookBypassShape, JSON.parse(disk.text(path)), path));
  const key = assertOk(readPublicKey(nodeHost.crypto, PUBLIC_KEY));
  assertEquals(await recordDefect(nodeHost.crypto, HookBypassShape, evidence, key), undefined);
  const altered = await recordDefect(nodeHost.crypto, HookBypassShape, { ...evidence, tool_name: "Write" }, key);
  assert(altered !== undefined, "altered evidence holds");
  assertEquals([evidence.reason, evidence.client, evidence.call_id, evidence.outcome], [
    "no_decision",
    "claude-code",
    "toolu_01",
    "ran",
  ]);
  assertEquals(disk.journal().map(({ record_type, bypass_path }) => [record_type, bypass_path]), [["bypass", path]]);

  const next = { ...beforeCall("claude-code", "Read", { file_path: "/work/b" }), tool_use_id: "toolu_02" };
  const stopped = await disk.run(next, ...flags);
  assertEquals([stopped.exit, stopped.err.includes("kill_switch_active")], [2, true], stopped.err);
  assert(disk.text("kill_switch_journal.jsonl").includes(`"identity":"claude-code"`));
});

Deno.test("hook run: denied, with other arguments, or once more: all of it is a bypass", async () => {
  const read = { file_path: "/work/a" };
  for (
    const [decided, ran, reason] of [
      [beforeCall("codex", "Write", read), afterCall("codex", "Write", read), "denied"],
      [beforeCall("codex", "Read", read), afterCall("codex", "Read", { file_path: "/etc/passwd" }), "other_arguments"],
    ] as const
  ) {
    const disk = hookDisk();
    await disk.run(decided, ...forClient("codex"));
    assertEquals((await disk.run(ran, ...forClient("codex"))).exit, 2);
    assertEquals(disk.journal().at(-1)?.["bypass_reason"], reason);
  }
  const disk = hookDisk();
  const gemini = forClient("gemini");
  await disk.run(beforeCall("gemini", "read_file", read), ...gemini);
  assertEquals((await disk.run(afterCall("gemini", "read_file", read), ...gemini)).exit, 0);
  assertEquals((await disk.run(afterCall("gemini", "read_file", read), ...gemini)).exit, 2);
  assertEquals(disk.journal().at(-1)?.["bypass_reason"], "ran_again");
});

Deno.test("hook run: a call that the agent refused itself is no bypass", async () => {
  const disk = hookDisk();
  const failed = {
    ...afterCall("cursor", "Shell", { command: "ls" }),
    hook_event_name: "postToolUseFailure",
    failure_type: "permission_denied",
  };
  assertEquals((await disk.run(failed, ...forClient("cursor"))).exit, 0);
  const timedOut = await disk.run({ ...failed, failure_type: "timeout" }, ...forClient("cursor"));
  assertEquals([timedOut.exit, disk.journal().at(-1)?.["outcome"]], [2, "failed"]);
  const ran = hookDisk();
  const gave = { ...afterCall("claude-code", "Bash", { command: "rm x" }), failure_type: "permission_denied" };
  assertEquals((await ran.run(gave, ...forClient("claude-code"))).exit, 2);
  assertEquals(ran.journal().at(-1)?.["bypass_reason"], "no_decision");
});

Deno.test("hook run: whatever goes wrong denies, in words and with exit code 2", async () => {
  const call = beforeCall("codex", "Read", { file_path: "/work/a" });
  const flags = ["hook", "run", "--client", "codex"];
  for (
    const [input, words, said] of [
      ["", [...flags, ...SIGNED], "line 1, column 1"],
      ["{", [...flags, ...SIGNED], "line 1, column 2"],
      [`{"a":1,"a":2}`, [...flags, ...SIGNED], `"a"`],
      ["\ufeff{}", [...flags, ...SIGNED], "byte order mark"],
      [{ ...call, hook_event_name: "Stop" }, [...flags, ...SIGNED], `no hook "Stop"`],
      [{ ...call, tool_name: "" }, [...flags, ...SIGNED], "/tool_name"],
      [call, flags, "--policy"],
      [call, [...flags, "--policy", "gone.yaml"], "gone.yaml"],
      [call, [...flags, "--policy", "bad.yaml"], "bad.yaml"],
      [call, [...flags, "--policy", "p.yaml", "--key-mode", "prod", "--private-key", "gone"], "gone"],
      [call, [...flags, "--policy", "p.yaml", "--key-mode", "prod"], "--private-key"],
      [call, [...flags, "--policy", "p.yaml", "--kill-switch-state", "gone.json"], "gone.json"],
      [call, [...flags, "--policy", "p.yaml", "--trip"], "--kill-switch-state"],
      [call, [...flags, "--policy", "p.yaml", "--profile", "oss-prod"], "oss-prod"],
      [call, [...flags, "--policy", "p.yaml", "--dir", "../out"], "../out"],
      [call, ["hook", "run", "--client", "emacs", "--policy", "p.yaml"], `"emacs"`],
      [call, ["hook", "run", "--policy", "p.yaml"], "--client"],
      [call, [...flags, "--polcy", "p.yaml"], "--polcy"],
    ] as const
  ) {
    for (const json of [[], ["--json"]]) {
      const told = await hookDisk({ files: { "bad.yaml": "rules: 1\n" } }).run(input, ...words, ...json);
      assertEquals([told.exit, told.out], [2, "{}\n"], words.join(" "));
      assert(told.err.includes(said), `${words.join(" ")}: ${told.err}`);
    }
  }
});

Deno.test("hook run: a disk that fails at any step denies, and never loses what it said yes to", async () => {
  const call = beforeCall("codex", "Read", { file_path: "/work/a" });
  let failed = 0;
  for (let nth = 1; nth < 200; nth++) {
    const disk = hookDisk({ trouble: { step: nth, kind: "ENOSPC" } });
    const told = await disk.run(call, ...forClient("codex"));
    if (told.exit === 0) {
      assertEquals(disk.journal().length, 1);
      if (nth > failed + 3) break;
      continue;
    }
    failed = nth;
    assertEquals([told.exit, told.out], [2, "{}\n"], String(nth));
    assert(told.err !== "", String(nth));
  }
  assert(failed > 4, `only ${failed} steps were struck`);
});

Deno.test("hook run: sessions are kept apart, and ids never become paths", async () => {
  const disk = hookDisk();
  for (const session_id of ["a", "../../etc", "b/c", "é".repeat(300)]) {
    const call = { ...beforeCall("codex", "Read", { file_path: "/w" }), session_id, tool_use_id: "../x" };
    assertEquals((await disk.run(call, ...forClient("codex"))).exit, 0);
  }
  const journals = disk.files().filter((path) => path.endsWith("journal.jsonl"));
  assertEquals(journals.length, 4);
  assert(journals.every((path) => /^\.gait-out\/hooks\/codex\/[0-9a-f]{32}\/journal\.jsonl$/.test(path)), journals.join());
});

Deno.test("hook run: the names of hooks are those of the agent", () => {
  assertEquals(HOOK_CLIENTS.map((client) => FORMS[client].before), ["PreToolUse", "PreToolUse", "preToolUse", "BeforeTool"]);
});
