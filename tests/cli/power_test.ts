// Least power: what each command keeps, and that what it gives up is gone, tried on a real process.
import { fail, ok } from "../../core/base/result.ts";
import { allOf } from "../../cli/command.ts";
import { COMMANDS } from "../../cli/commands.gen.ts";
import { kept, type Permission, restrict } from "../../cli/power.ts";
import { parse } from "../../cli/flags.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";

const loaded = await Promise.all(allOf(COMMANDS).map(async ({ load }) => (await load()).default));

// They run a program in the place of their user; a replay only where it was told so in every way.
const STARTING = ["enforce", "gate eval", "mcp lock", "mcp wrap", "run replay", "test", "trace"];

// They are there to be reached by others, or send to a collector where their user says so.
const NETWORKED = ["mcp lock", "mcp serve", "mcp wrap", "pack export"];

Deno.test("power: no command may load native code, and few may open a socket or ask to start programs", () => {
  for (const { path, needs } of loaded) {
    const stays = [...kept(needs, true)].filter((name) => !["read", "write", "env"].includes(name));
    const name = path.join(" ");
    const wanted = [...(NETWORKED.includes(name) ? ["net"] : []), ...(STARTING.includes(name) ? ["run"] : [])];
    assertEquals(stays.toSorted(), wanted, name);
  }
  assertEquals([...kept([], false)], []);
  assertEquals([...kept(["clock", "random", "machine", "host", "progress"], false)], []);
  assertEquals([...kept(["files"], false)], ["read"]);
  assertEquals([...kept([], true)].sort(), ["read", "write"]);
});

Deno.test("power: a replay gives up starting programs and writing unless it was told so in every way", async () => {
  const { default: replay } = await import("../../cli/commands/run_replay.ts");
  const keeps = (...argv: string[]): string[] => {
    const parsed = assertOk(parse(replay.flags, replay.positionals, ["x.zip", ...argv]));
    return [...kept(replay.needed(parsed.values), false)].sort();
  };
  assertEquals(keeps(), ["read"]);
  assertEquals(keeps("--unsafe-real-tools", "--allow-tools", "echo"), ["read"]);
  assertEquals(keeps("--real-tools"), ["env", "read"]);
  assertEquals(keeps("--real-tools", "--unsafe-real-tools"), ["env", "read"]);
  assertEquals(keeps("--real-tools", "--allow-tools", "echo"), ["env", "read"]);
  assertEquals(keeps("--real-tools", "--unsafe-real-tools", "--allow-tools", "echo"), ["env", "read", "run", "write"]);
});

Deno.test("power: deciding gives up starting programs where no broker can be one", async () => {
  const { default: gate } = await import("../../cli/commands/gate_eval.ts");
  const starts = (...argv: string[]): boolean => {
    const parsed = assertOk(parse(gate.flags, gate.positionals, argv));
    return kept(gate.needed(parsed.values), false).has("run");
  };
  assertEquals([starts("--credential-broker", "command"), starts()], [true, true]); // the project may name one
  assertEquals([starts("--credential-broker", "stub"), starts("--no-config"), starts("--credential-broker=off")], [
    false,
    false,
    false,
  ]);
});

Deno.test("power: the gate before an MCP server has either programs or the network", async () => {
  const { default: wrap } = await import("../../cli/commands/mcp_wrap.ts");
  const keeps = (...argv: string[]): string[] => {
    const parsed = assertOk(parse(wrap.flags, wrap.positionals, ["--policy", "p", ...argv]));
    return [...kept(wrap.needed(parsed.values), false)].filter((name) => name === "run" || name === "net");
  };
  assertEquals(keeps("--", "server"), ["run"]);
  assertEquals(keeps("--upstream", "http://127.0.0.1:1/mcp", "--listen", "127.0.0.1:0"), ["net"]);
});

Deno.test("power: a permission that was never given is fine, one that stays is a fault", () => {
  const asked: Permission[] = [];
  const revoke = (state: string, partial = false) => (name: Permission) => {
    asked.push(name);
    return { state: name === "net" ? state : "denied", partial: name === "net" && partial };
  };
  assertEquals(restrict(new Set(["read"]), revoke("prompt")), ok(undefined));
  assertEquals(asked, ["write", "env", "sys", "run", "net", "ffi", "import"]);
  const refused = fail("internal", "Cannot give up permissions (net): refusing to run with them");
  assertEquals(restrict(new Set(), revoke("granted")), refused);
  assertEquals(restrict(new Set(), revoke("prompt", true)), refused);
});

Deno.test("power: a process that gave it up cannot reach anything", async () => {
  const alone = loaded.filter(({ path }) => !NETWORKED.includes(path.join(" ")));
  const sets = [...new Set(alone.map(({ needs }) => JSON.stringify(needs)))];
  const tries = [...sets.map((needs) => [needs, ""]), ["[]", "logs"]];
  for (const [needs = "", logs = ""] of tries) {
    const child = new URL("./power_child.ts", import.meta.url).pathname;
    const args = ["run", "-A", "-q", "--no-prompt", child, needs, logs];
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
    const text = new TextDecoder().decode(stdout);
    assert(text !== "", new TextDecoder().decode(stderr));
    const { restrict, reached, read, write, env, sys, ...attempts } = JSON.parse(text);
    assertEquals([restrict, reached], ["ok", []], needs);
    for (const [name, how] of Object.entries(attempts)) {
      assert(name === "command" || how !== "possible", `${needs}: ${name} is still possible`);
    }
    const { connect, listen, dns, command, library } = attempts;
    for (const how of [connect, listen, dns, library]) assertEquals(how, "NotCapable", needs);
    const stays = kept(JSON.parse(needs), logs === "logs");
    assertEquals(command, stays.has("run") ? "possible" : "NotCapable", needs);
    assertEquals([read, write, env, sys].map((how) => how === "possible"), [
      stays.has("read"),
      stays.has("write"),
      stays.has("env"),
      false,
    ], needs);
  }
});
