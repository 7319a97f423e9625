// Official servers over HTTP behave through the gate as without it, for clients of both generations, and what the policy blocks never
// reaches them.
import { start, type Started } from "../../scripts/tools/started.ts";
import { assertEquals } from "../assert.ts";
import { inFolder } from "../runtimes/programs.ts";
import { skipped } from "../shared.ts";
import { gait, httpGate, verified } from "./gate.ts";
import { mcpFolder } from "./mcp_setup.ts";
import { dist, here, observe } from "./mcp_world.ts";

/** The server of both generations, which says where it listens. */
const sums = (packages: string, folder: string, env: Readonly<Record<string, string>> = {}): Promise<Started> => {
  const deno = ["run", "-q", "-A", "--no-config", "--no-lock", "--node-modules-dir=manual"];
  return start([Deno.execPath(), ...deno, here("mcp_server.mjs"), packages, "http"], { cwd: folder, env });
};

/** A server that is told its port. */
async function everything(packages: string, folder: string): Promise<Started> {
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr;
  free.close();
  const argv = ["node", dist(packages, "server-everything"), "streamableHttp"];
  const started = await start(argv, { cwd: folder, env: { PORT: String(port) }, says: "stderr" });
  return { ...started, address: `127.0.0.1:${port}` };
}

const ECHO = [
  { name: "echo", arguments: { message: "héllo \u2028" } },
  { name: "get-sum", arguments: { a: 1, b: 2.5 } },
  { name: "get-tiny-image", arguments: {} },
  { name: "none", arguments: {} },
];

const SUMS = [{ name: "add", arguments: { a: 1, b: 2 } }, { name: "wipe", arguments: {} }];

for (
  const [name, sdks, begin, calls] of [
    ["server-everything", ["1", "2", "auto"], everything, ECHO],
    ["SDK 2.x on both ends, of either generation,", ["1", "2", "auto", "pin"], sums, SUMS],
  ] as const
) {
  Deno.test(`foreign: ${name} over HTTP, through the gate as without it`, async () => {
    const packages = mcpFolder();
    if (packages === undefined) return skipped("the official MCP packages", "run tests/foreign/mcp_setup.ts first");
    await inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/allow.yaml`, "default_verdict: allow\n");
      const server = await begin(packages, folder);
      try {
        const url = `http://${server.address}/mcp`;
        const gate = await httpGate(folder, url);
        for (const sdk of sdks) {
          const { seen } = await observe(packages, sdk, calls, [url]);
          const through = await observe(packages, sdk, calls, [gate.url]);
          assertEquals(seen.length, 3 + calls.length, JSON.stringify(seen));
          assertEquals(through.seen, seen, `SDK ${sdk}: ${through.err}`);
        }
        const { code, err } = await gate.end();
        assertEquals(code, 0, err);
        assertEquals((await verified(folder)).length > 0, true);
      } finally {
        await server.end();
      }
    });
  });
}

const MISFIT = { name: "add", arguments: { a: "1" } };

const POLICY = `default_verdict: block
rules:
  - { name: sums, priority: 10, effect: allow, match: { tool_names: [add] }, reason_codes: [sums_are_fine] }
`;

Deno.test("foreign: what the policy blocks never reaches a server over HTTP, and its client sees why", async () => {
  const packages = mcpFolder();
  if (packages === undefined) return skipped("the official MCP packages", "run tests/foreign/mcp_setup.ts first");
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/p.yaml`, POLICY);
    const server = await sums(packages, folder);
    try {
      const gate = await httpGate(folder, `http://${server.address}/mcp`, "p.yaml");
      for (const sdk of ["2", "pin"]) {
        const { seen } = await observe(packages, sdk, [...SUMS, MISFIT], [gate.url]);
        const results = seen.slice(3).map(({ result }) => Object(result));
        assertEquals(results.map(({ isError, content }) => [isError ?? false, content[0].text.split("\n")[0]]), [
          [false, "3"],
          [true, "gait: block: default_block"],
          [true, "gait: block: mcp_arguments_invalid, sums_are_fine"],
        ]);
      }
      const { code, err } = await gate.end();
      assertEquals(code, 0, err);
      assertEquals((await verified(folder)).every((words) => words.includes("verified")), true);
    } finally {
      await server.end();
    }
  });
});

Deno.test("foreign: servers over HTTP that are locked: clients of each generation call them", async () => {
  const packages = mcpFolder();
  if (packages === undefined) return skipped("the official MCP packages", "run tests/foreign/mcp_setup.ts first");
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/allow.yaml`, "default_verdict: allow\n");
    const [add, echo] = [{ name: "add", arguments: { a: 1, b: 2 } }, { name: "echo", arguments: { message: "x" } }];
    const rows = [[sums, ["1", "2", "auto", "pin"], add], [everything, ["1", "2", "auto"], echo]] as const;
    for (const [begin, sdks, call] of rows) {
      const lock = (url: string, ...more: readonly string[]) =>
        gait(["mcp", "lock", "--lock", `${folder}/l`, "--server-name", "peer", "--upstream", url, ...more]);
      const server = await begin(packages, folder);
      const url = `http://${server.address}/mcp`;
      try {
        const made = await lock(url);
        assertEquals([made.code, made.err], [0, ""], made.out);
        assertEquals((await lock(url, "--check")).code, 0);
        const gate = await httpGate(folder, url, "allow.yaml", ["--lock", `${folder}/l`]);
        for (const sdk of sdks) {
          const { seen, err } = await observe(packages, sdk, [call], [gate.url]);
          const { isError = false, content } = Object(seen.at(-1)?.["result"]);
          assertEquals(isError, false, `SDK ${sdk}: ${JSON.stringify(content)} ${err}`);
        }
        await gate.end();
      } finally {
        await server.end();
      }
    }
  });
});

Deno.test("foreign: a server over HTTP that declares its tools otherwise than when it was locked", async () => {
  const packages = mcpFolder();
  if (packages === undefined) return skipped("the official MCP packages", "run tests/foreign/mcp_setup.ts first");
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/allow.yaml`, "default_verdict: allow\n");
    const server = await sums(packages, folder, { ADDS: "Adds, and tells me" });
    try {
      const url = `http://${server.address}/mcp`;
      const lock = (...more: readonly string[]) =>
        gait(["mcp", "lock", "--lock", `${folder}/l`, "--server-name", "peer", ...more]);
      assertEquals((await lock("--upstream", url)).code, 0);
      const now = await lock("--check", "--", "node", here("mcp_server.mjs"), packages);
      assertEquals([now.code, now.out.includes(`"Adds, and tells me" became "Adds"`)], [2, true], now.out);
      const again = await sums(packages, folder);
      try {
        const gate = await httpGate(folder, `http://${again.address}/mcp`, "allow.yaml", ["--lock", `${folder}/l`]);
        for (const sdk of ["1", "pin"]) {
          const { seen } = await observe(packages, sdk, SUMS, [gate.url]);
          const texts = seen.slice(-2).map(({ result }) => String(Object(result).content?.[0]?.text).split("\n")[0]);
          assertEquals(texts, [
            "gait: block: default_allow, mcp_server_drift, mcp_tool_drift",
            "gait: block: default_allow, mcp_server_drift",
          ]);
        }
        await gate.end();
      } finally {
        await again.end();
      }
    } finally {
      await server.end();
    }
  });
});
