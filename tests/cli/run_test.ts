// Whole invocations in memory: what each command line comes to, and in which order things happen.
import { utf8 } from "../../core/base/bytes.ts";
import type { ExitName } from "../../core/base/errors.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { PortFault } from "../../core/ports.ts";
import { command, type Entry } from "../../cli/command.ts";
import { correlationId, run } from "../../cli/run.ts";
import { assert, assertEquals } from "../assert.ts";
import { copy, world } from "./world.ts";

const FILES = { "a": utf8("abc") };

const text = async (...argv: string[]) => {
  const { exit, out } = await run(argv, world(FILES));
  return [exit, out.split("\n")[0]];
};
const json = async (...argv: string[]) => {
  const { exit, out } = await run(argv, world(FILES));
  assertEquals(out.split("\n").length, 2, `one line of JSON for ${argv.join(" ")}: ${out}`);
  return { exit, ...JSON.parse(out) };
};

Deno.test("run: version by every spelling, and what follows it is ignored", async () => {
  for (const argv of [[], ["version"], ["--version"], ["-version"], ["-v"], ["version", "x", "y"], ["-v", "x"]]) {
    assertEquals(await text(...argv), ["ok", "gait 1.2.3"], argv.join(" "));
  }
  const { correlation_id: _, ...said } = await json("--version", "--json");
  assertEquals(said, { exit: "ok", ok: true, version: "1.2.3" });
});

Deno.test("run: help by every spelling", async () => {
  for (const argv of [["help"], ["--help"], ["-h"], ["-help"], ["help", "--help"]]) {
    const { exit, out } = await run(argv, world());
    assert(exit === "ok" && out.startsWith("Usage: gait "), argv.join(" "));
  }
  for (const argv of [["box", "copy", "--help"], ["box", "copy", "-h", "--bogus"], ["help", "box", "copy"]]) {
    assertEquals(await text(...argv), ["ok", "Usage: gait box copy <source> --to <path> [flags]"], argv.join(" "));
  }
  for (const argv of [["box", "--help"], ["box", "-h"], ["help", "box"], ["box", "--bogus", "-h"]]) {
    assertEquals(await text(...argv), ["ok", "Usage: gait box <command> [arguments] [flags]"], argv.join(" "));
  }
  assertEquals((await json("box", "copy", "--help", "--json")).usage.split("\n")[0].slice(0, 20), "Usage: gait box copy");
  assertEquals((await text("help", "bxo"))[0], "usage");
  const whole = (await json("--help", "--json")).usage;
  assertEquals([(await json("--json", "--help")).usage, (await json("--json", "-h")).usage], [whole, whole]);
  assertEquals((await json("box", "--json", "--help")).usage, (await json("box", "--help", "--json")).usage);
  assertEquals((await text("box", "--", "--help"))[0], "usage");
});

Deno.test("run: --explain wins over everything and does nothing", async () => {
  const made = world(FILES);
  for (
    const argv of [["--bogus", "--explain"], ["a", "--to", "--explain"], ["--explain", "--help"], ["--throw", "--explain", "a"]]
  ) {
    const { exit, out } = await run(["box", "copy", ...argv], made);
    assertEquals([exit, out], ["ok", `${copy.explain}\n`], argv.join(" "));
  }
  assertEquals(made.seen, ["restrict ", "restrict ", "restrict ", "restrict "]);
  assertEquals(await text("box", "copy", "--to", "b", "--", "--explain"), [
    "usage",
    'box copy error: Cannot read "--explain": there is no such file or folder (ENOENT)',
  ]);
  assertEquals((await json("box", "copy", "--explain", "--json")).explain, copy.explain);
  assertEquals(await text("box", "--explain"), ["ok", "gait box groups the commands copy, list."]);
  assertEquals((await text("--explain"))[0], "ok");
  assertEquals((await text("bxo", "--explain"))[0], "usage");
  assertEquals((await json("--json", "--explain")).explain, (await json("--explain", "--json")).explain);
  assertEquals((await json("box", "--json", "--explain")).explain, "gait box groups the commands copy, list.");
});

Deno.test("run: an unknown command, and a group alone, end with usage", async () => {
  const odd = ["constructor", "__proto__"].map((word) => [word]);
  for (const argv of [["conjure"], ["box"], ["box", "burn"], ["box", "--force"], ["--force"], [""], ...odd]) {
    const { exit, out } = await run(argv, world());
    assert(
      exit === "usage" && /^(?:box )?error: Cannot run /.test(out) && out.includes("\nUsage: gait"),
      `${argv.join(" ")}: ${out}`,
    );
    const said = await json(...argv, "--json");
    assertEquals([said.exit, said.ok, said.error_code, said.fault], ["usage", false, "invalid_input", "unknown_command"]);
  }
  assertEquals((await text("bxo", "copy"))[1], 'error: Cannot run "gait bxo": there is no such command, did you mean "box"');
  assertEquals(
    (await text("box", "cpoy"))[1],
    'box error: Cannot run "gait box cpoy": there is no such command, did you mean "copy"',
  );
});

Deno.test("run: a retired command names its replacement", async () => {
  const said = await json("mcp-verify", "x", "--json");
  assertEquals([said.exit, said.fault, said.migration], ["usage", "retired", {
    kind: "command",
    deprecated_command: "gait mcp-verify",
    replacement_command: "gait mcp verify",
  }]);
  assertEquals((await text("mcp-verify"))[1], 'mcp-verify error: Cannot run "gait mcp-verify": it is now "gait mcp verify"');
});

Deno.test("run: JSON was asked for, so a fault of the command line is JSON too", async () => {
  for (const argv of [["--bogus", "--json"], ["--json", "--to"], ["-json", "a", "b", "--to=x"], ["--json=maybe", "a"]]) {
    const said = await json("box", "copy", ...argv);
    assertEquals([said.exit, said.ok, said.error_category, said.retryable], ["usage", false, "invalid_input", false]);
  }
  assertEquals(await text("box", "copy", "--bogus", "--", "--json"), [
    "usage",
    'box copy error: Cannot take flag "--bogus": the command has no such flag',
  ]);
  const { exit, out } = await run(["box", "copy", "a", "--to", "--json"], world(FILES));
  assertEquals([exit, out], ["ok", "copied to --json\nnote none\n"], "the value of --to is no flag");
  const dashes = await json("box", "copy", "a", "--to", "--", "--json");
  assertEquals([dashes.to, dashes.correlation_id.length], ["--", 24], "nor does the value of --to end the flags");
});

Deno.test("run: power is given up after the command is known and before it reads, and never comes back on refusal", async () => {
  const made = world(FILES);
  assertEquals((await run(["box", "copy", "a", "--to", "b"], made)).exit, "ok");
  assertEquals(made.seen, ["restrict files store", "read a"]);
  assertEquals(made.disk.bytes("b"), utf8("abc"));
  const stubborn = world(FILES);
  const held = { ...stubborn, restrict: () => fail("internal", "Cannot give up permissions (net)") };
  const { exit, out } = await run(["box", "copy", "a", "--to", "b"], held);
  assertEquals([exit, out.split("\n")[0]], ["internal", "gait error: Cannot give up permissions (net)"]);
  assertEquals([stubborn.seen, stubborn.disk.bytes("b")], [[], "nothing"]);
});

Deno.test("run: the answer, its exit and what it marks as always there", async () => {
  const { correlation_id, ...said } = await json("box", "copy", "a", "--to", "b", "--mode", "", "--json", "--fail");
  assertEquals(said, { exit: "verification", empty: [], mode: "safe", note: "none", ok: false, size: 3, to: "b" });
  assertEquals(correlation_id.length, 24);
  assertEquals((await json("box", "list", "--json")).retryable, true);
});

Deno.test("run: a bug ends with the internal fault, its trace apart and harmless", async () => {
  const { exit, out, err } = await run(["box", "copy", "a", "--to", "b", "--throw"], world(FILES));
  assertEquals([exit, out.split("\n")[0]], [
    "internal",
    "gait error: Cannot finish the command: a bug in gait (TypeError: boom \\x1b[2J)",
  ]);
  assert(err !== undefined && err.includes("world.ts") && !err.includes("\x1b"), err);
  const said = await json("box", "copy", "a", "--to", "b", "--throw", "--json");
  assertEquals([said.exit, said.error_code, said.fault], ["internal", "internal_failure", "internal"]);
});

Deno.test("run: a disk that fails under an open file is a fault, not a bug", async () => {
  const made = world(FILES);
  const thrown = new PortFault({ code: "file_unreadable", message: 'Cannot read "a": EIO' });
  const { exit, out, err } = await run(["box", "copy", "a", "--to", "b"], { ...made, ports: () => Promise.reject(thrown) });
  assertEquals([exit, out.split("\n")[0], err], ["usage", 'gait error: Cannot read "a": EIO', undefined]);
});

Deno.test("run: event logs bracket the run and learn its exit, also after a bug", async () => {
  const made = world(FILES);
  const events = {
    start: () => Promise.resolve(void made.seen.push("start")),
    end: (exit: string) => Promise.resolve(void made.seen.push(`end ${exit}`)),
  };
  await run(["box", "copy", "a", "--to", "b"], { ...made, events });
  await run(["box", "copy", "a", "--to", "c", "--throw"], { ...made, events });
  await run(["conjure"], { ...made, events });
  assertEquals(made.seen, [
    ...["restrict files store", "start", "read a", "end ok"],
    ...["restrict files store", "start", "end internal"],
    ...["restrict ", "start", "end usage"],
  ]);
});

Deno.test("run: correlation ids follow from the words, each trimmed, the program counted as gait", async () => {
  const { sha256Text } = world();
  assertEquals(correlationId(["version", "--json"], sha256Text), "e817da1ea5bc1c4b0c6da48f");
  assertEquals(correlationId([" version\t", "--json"], sha256Text), "e817da1ea5bc1c4b0c6da48f");
  assertEquals((await json("version", "--json")).correlation_id, "e817da1ea5bc1c4b0c6da48f");
  assert(correlationId(["version --json"], sha256Text) !== "e817da1ea5bc1c4b0c6da48f");
});

const speaking = (records: () => AsyncGenerator<string, Result<ExitName>, boolean>): Entry => {
  const made = command({
    path: ["speak"],
    summary: "Speak",
    explain: "Speaks.",
    flags: {},
    needs: [],
    run: () => Promise.resolve(ok({ records: records() })),
    lines: () => [],
  });
  return { path: made.path, summary: made.summary, load: () => Promise.resolve({ default: made }) };
};
const speak = async (
  records: () => AsyncGenerator<string, Result<ExitName>, boolean>,
  say: (text: string) => Promise<boolean> = () => Promise.resolve(true),
) => {
  const { exit, out } = await run(["speak"], {
    ...world(),
    program: { version: "1", commands: { speak: () => [speaking(records)] } },
    say,
  });
  return [exit, out.startsWith("{") ? JSON.parse(out).fault : out];
};

Deno.test("run: records are written as they come, each before the next is asked for, and the end says how it ends", async () => {
  const seen: string[] = [];
  const said = await speak(async function* () {
    for (const n of [1, 2]) {
      seen.push(`make ${n}`);
      assertEquals(yield `${n}`, true);
    }
    return ok("approval");
  }, (text) => {
    seen.push(`say ${text}`);
    return Promise.resolve(true);
  });
  assertEquals([said, seen], [["approval", ""], ["make 1", "say 1", "make 2", "say 2"]]);
});

Deno.test("run: a fault after records is a last line of JSON; a reader that is gone is told to whoever makes them", async () => {
  assertEquals(
    await speak(async function* () {
      yield "1";
      return fail("store_busy", "Cannot go on");
    }),
    ["internal", "store_busy"],
  );
  const gone = async function* (): AsyncGenerator<string, Result<ExitName>, boolean> {
    return ok((yield "1") ? "internal" : "blocked");
  };
  assertEquals(await speak(gone, () => Promise.resolve(false)), ["blocked", ""]);
});

Deno.test("run: records that cannot be written end as a fault, and what is open is closed", async () => {
  let closed = false;
  const said = await speak(async function* () {
    try {
      yield "1";
      return ok("ok");
    } finally {
      closed = true;
    }
  }, () => {
    throw new PortFault({ code: "write_failed", message: "cannot write" });
  });
  assertEquals([said[0], closed], ["internal", true]);
});
