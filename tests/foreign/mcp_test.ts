// Official MCP clients and servers of both generations behave through the gate as without it, and what the policy blocks never reaches the
// server. `deno run -A tests/foreign/mcp_setup.ts` gets the packages.
import { assert, assertEquals } from "../assert.ts";
import { inFolder, run } from "../runtimes/programs.ts";
import { skipped } from "../shared.ts";
import { gait, gated, verified } from "./gate.ts";
import { mcpFolder } from "./mcp_setup.ts";
import { dist, here, observe } from "./mcp_world.ts";

const peers = (
  name: string,
  sdks: readonly string[],
  server: (packages: string, folder: string) => readonly string[],
  calls: (folder: string) => readonly object[],
): void =>
  Deno.test(`foreign: ${name} through the gate as without it`, async () => {
    const packages = mcpFolder();
    if (packages === undefined) return skipped("the official MCP packages", "run tests/foreign/mcp_setup.ts first");
    await inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/allow.yaml`, "default_verdict: allow\n");
      await Deno.writeTextFile(`${folder}/text.txt`, "some text");
      for (const sdk of sdks) {
        const command = server(packages, folder);
        const without = await observe(packages, sdk, calls(folder), command);
        const through = await observe(packages, sdk, calls(folder), gated(folder, command));
        assertEquals(through.seen, without.seen, `SDK ${sdk}: ${through.err}`);
        assertEquals(without.seen.length, 3 + calls(folder).length, JSON.stringify(without.seen));
      }
      assertEquals(
        (await verified(folder)).length,
        sdks.length,
        "a sibling that was only asked for its version leaves nothing",
      );
    });
  });

peers(
  "server-everything, from clients of SDK 1.x and 2.x,",
  ["1", "2", "auto"],
  (packages) => ["node", dist(packages, "server-everything"), "stdio"],
  () => [
    { name: "echo", arguments: { message: "héllo \u2028" } },
    { name: "get-sum", arguments: { a: 1, b: 2.5 } },
    { name: "get-tiny-image", arguments: {} },
    { name: "get-structured-content", arguments: { location: "New York" } },
    { name: "none", arguments: {} },
  ],
);

peers(
  "server-filesystem",
  ["1", "auto"],
  (packages, folder) => ["node", dist(packages, "server-filesystem"), folder],
  (folder) => [
    { name: "read_text_file", arguments: { path: `${folder}/text.txt` } },
    { name: "read_text_file", arguments: { path: "/etc/hostname" } },
    { name: "list_allowed_directories", arguments: {} },
  ],
);

peers(
  "SDK 2.x on both ends, of either generation,",
  ["2", "auto", "pin"],
  (packages) => ["node", here("mcp_server.mjs"), packages],
  () => [{ name: "add", arguments: { a: 1, b: 2 } }, { name: "wipe", arguments: {} }],
);

const POLICY = `default_verdict: block
rules:
  - name: sums
    priority: 10
    effect: allow
    match: { tool_names: [add, write_file] }
    reason_codes: [sums_are_fine]
`;

Deno.test("foreign: what the policy blocks never reaches a server, and its client sees why", async () => {
  const packages = mcpFolder();
  if (packages === undefined) return skipped("the official MCP packages", "run tests/foreign/mcp_setup.ts first");
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/p.yaml`, POLICY);
    for (const sdk of ["2", "pin"]) {
      const server = gated(folder, ["node", here("mcp_server.mjs"), packages], "p.yaml");
      const calls = [{ name: "add", arguments: { a: 1, b: 2 } }, { name: "add", arguments: { a: "1" } }, {
        name: "wipe",
        arguments: {},
      }];
      const { seen } = await observe(packages, sdk, calls, server);
      const texts = seen.slice(3).map((
        { result },
      ) => [Object(result).isError ?? false, Object(result).content[0].text.split("\n")[0]]);
      assertEquals(texts, [
        [false, "3"],
        [true, "gait: block: mcp_arguments_invalid, sums_are_fine"],
        [true, "gait: block: default_block"],
      ]);
    }
    // The server itself says that writing destroys: that is believed, and an approval asked for.
    const files = gated(folder, ["node", dist(packages, "server-filesystem"), folder], "p.yaml");
    const write = { name: "write_file", arguments: { path: `${folder}/new.txt`, content: "x" } };
    const { seen } = await observe(packages, "1", [write], files);
    assertEquals(Object(seen[3]?.["result"]).isError, true);
    assert(!(await run("ls", [folder])).out.includes("new.txt"), "nothing was written");
    assert((await verified(folder)).every((words) => words.includes("signature status: verified")));
  });
});

Deno.test("foreign: a server that cannot be started, in the words of the protocol", async () => {
  const packages = mcpFolder();
  if (packages === undefined) return skipped("the official MCP packages", "run tests/foreign/mcp_setup.ts first");
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/allow.yaml`, "default_verdict: allow\n");
    const { seen } = await observe(packages, "1", [], gated(folder, ["/no/such/program"]));
    assert(String(seen[0]?.["failed"]).includes(`Cannot start "/no/such/program"`), JSON.stringify(seen));
  });
});

Deno.test("foreign: a server that is locked, checked and called; what it declares otherwise is noticed", async () => {
  const packages = mcpFolder();
  if (packages === undefined) return skipped("the official MCP packages", "run tests/foreign/mcp_setup.ts first");
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/allow.yaml`, "default_verdict: allow\n");
    const server = ["node", here("mcp_server.mjs"), packages];
    const lock = (env: Readonly<Record<string, string>>, ...more: readonly string[]) =>
      gait(["mcp", "lock", "--lock", `${folder}/l`, "--server-name", "peer", ...more, "--", ...server], env);
    const made = await lock({});
    assertEquals([made.code, made.out.includes(`+ tool "add"`)], [0, true], made.err);
    assertEquals((await lock({}, "--check")).code, 0);
    const changed = await lock({ ADDS: "Adds, and tells me" }, "--check");
    assertEquals([changed.code, changed.out.includes(`"Adds" became "Adds, and tells me"`)], [2, true], changed.out);

    const before = gated(folder, server);
    const [at, dashes] = [before.slice(0, before.indexOf("--")), before.slice(before.indexOf("--"))];
    const calls = [{ name: "add", arguments: { a: 1, b: 2 } }];
    for (const sdk of ["1", "pin"]) {
      const same = await observe(packages, sdk, calls, [...at, "--lock", `${folder}/l`, ...dashes]);
      assertEquals(Object(same.seen[3]?.["result"]).content[0].text, "3", same.err);
    }
    const drifted = ["env", "ADDS=other", ...at, "--lock", `${folder}/l`, ...dashes];
    const { seen } = await observe(packages, "1", calls, drifted);
    assert(Object(seen[3]?.["result"]).content[0].text.includes("mcp_tool_drift"), JSON.stringify(seen[3]));
  });
});
