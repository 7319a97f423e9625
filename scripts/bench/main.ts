// Speed and size against their limits. Each row says what is divided by what; its median decides.
import { childInput } from "../../cli/host/child_input.ts";
import { utf8 } from "../../core/base/bytes.ts";
import type { Host } from "../../core/base/host.ts";
import { writeZip } from "../../core/base/zip_write.ts";
import { compile, compileBundle } from "../compile.ts";
import { kit } from "../tools/kit.ts";
import { capture, die, exists, ROOT } from "../tools/run.ts";
import { holds, line, ratios, type Row, RUNS } from "./measure.ts";
import { record, runInput, verify } from "./packs.ts";
import { contents, inflateAndHash } from "./plain.ts";

const MIB = 2 ** 20;

/** Runs a program that must succeed with a text on its standard input. */
async function fed(argv: readonly string[], cwd: string, input: string): Promise<void> {
  const [program = "", ...args] = argv;
  const env = { HOME: cwd, NO_COLOR: "1" };
  const child = new Deno.Command(program, { args, cwd, env, stdin: "piped", stdout: "null", stderr: "inherit" }).spawn();
  const given = childInput(child.stdin);
  await given.write(utf8(input)); // the empty program reads nothing
  await given.finish();
  const { code } = await child.status;
  if (code !== 0) throw new Error(`${argv.join(" ")} ended with ${code}`);
}

/** Runs a program that must succeed. */
async function must(argv: readonly string[], cwd: string): Promise<void> {
  const done = await capture(argv, { cwd, env: { HOME: cwd, NO_COLOR: "1" } });
  if (done.code !== 0) throw new Error(`${argv.join(" ")} ended with ${done.code}\n${done.out}${done.err}`);
}

/** Compiles the program, once for all parts that need it. A string says why that cannot be done here. */
const compiledGait = ((made?: Promise<true | string>) => () => made ??= compileGait())();

async function compileGait(): Promise<true | string> {
  const pair = await kit();
  if (typeof pair === "string") return pair;
  for (const [name, text] of Object.entries({ ...pair.env, DENO_COMPILE: pair.deno })) Deno.env.set(name, text);
  return await compileBundle("dist/gait", Deno.build.target);
}

const HOOKS = `default_verdict: block
rules:
  - name: calls
    effect: allow
    match: {tool_names: [tool.read, "tool.exec:git", "tool.exec:ls", "tool.exec:cat"]}
`;

/** Start-up of the compiled program against the compiled empty one. A string says why it cannot be measured here. */
async function startUp(): Promise<Row[] | string> {
  const gait = await compiledGait();
  if (gait !== true) return gait;
  const empty = await compile("scripts/bench/empty.ts", "dist/empty", Deno.build.target);
  if (empty !== true) return empty;
  const folder = await Deno.makeTempDir();
  try {
    const nothing = () => must([`${ROOT}dist/empty`], folder);
    const version = () => must([`${ROOT}dist/gait`, "version"], folder);
    const verified = () => must([`${ROOT}dist/gait`, "verify", "run_demo"], folder);
    const { callOf, TEN_RULES } = await import("./gate.ts");
    await Deno.writeTextFile(`${folder}/policy.yaml`, TEN_RULES);
    await Deno.writeTextFile(`${folder}/call.json`, JSON.stringify(callOf(0)));
    const call = ["--policy", "policy.yaml", "--intent", "call.json", "--trace-out", "trace.json", "--json"];
    const decided = () => must([`${ROOT}dist/gait`, "gate", "eval", ...call], folder);
    await must([`${ROOT}dist/gait`, "demo"], folder);
    await Deno.writeTextFile(`${folder}/hooks.yaml`, HOOKS);
    const hook = ["hook", "run", "--client", "codex", "--policy", "hooks.yaml"];
    let calls = 0;
    const hooked = (tool_name: string, tool_input: object) => {
      const about = { hook_event_name: "PreToolUse", session_id: "s", tool_use_id: String(calls++), cwd: folder };
      return fed([`${ROOT}dist/gait`, ...hook], folder, JSON.stringify({ ...about, tool_name, tool_input }));
    };
    const idle = () => fed([`${ROOT}dist/empty`], folder, "{}");
    const by = "the compiled empty program";
    return [
      { what: "compiled gait version", by, values: await ratios(version, nothing, 10), limit: 1.3 },
      { what: "compiled gait verify run_demo", by, values: await ratios(verified, nothing, 10), limit: 1.6 },
      { what: "compiled gait gate eval", by, values: await ratios(decided, nothing, 10), limit: 1.6 },
      {
        what: "compiled gait hook run, a file",
        by,
        values: await ratios(() => hooked("Read", { file_path: "/x" }), idle, 10),
        limit: 1.6,
      },
      {
        what: "compiled gait hook run, a shell command",
        by,
        values: await ratios(() => hooked("Bash", { command: "git status && ls -la | cat" }), idle, 10),
        limit: 1.6,
      },
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The compiled server under load; the one from source where nothing can be compiled. */
async function served(): Promise<Row[]> {
  const { serves, SOURCE } = await import("./serve.ts");
  const gait = await compiledGait();
  if (gait !== true) console.log(`       measured from source: ${gait}`);
  return await serves(gait === true ? { argv: [`${ROOT}dist/gait`], name: "compiled" } : SOURCE);
}

/** The compiled gate before MCP servers; the one from source where nothing can be compiled. */
async function wrapped(): Promise<Row[]> {
  const { wraps } = await import("./wrap.ts");
  const { SOURCE } = await import("./serve.ts");
  const gait = await compiledGait();
  if (gait !== true) console.log(`       measured from source: ${gait}`);
  return await wraps(gait === true ? [`${ROOT}dist/gait`] : SOURCE.argv);
}

/** How many tool calls fill the longest entry that a runpack may have, but for a hundredth. */
const MOST = 220_000;

/** Recording and verifying 20,000 tool calls, and whether both stay linear up to the longest entry. */
async function evidence(host: Host): Promise<Row[]> {
  const input = runInput(20_000);
  const started = performance.now();
  const largeInput = runInput(MOST);
  const largePack = await record(host, largeInput);
  const largeTime = performance.now() - started;
  const pack = await record(host, input);
  const files = contents(pack);
  const large = contents(largePack);
  const bytes = (all: typeof files): number => all.reduce((sum, file) => sum + file.bytes.length, 0);
  const longest = Math.max(...large.map((file) => file.bytes.length)) / MIB;
  const run = `20,000 intents (${(bytes(files) / 1e6).toFixed(1)} MB of JSON)`;
  const limit = `${MOST} intents (longest entry ${longest.toFixed(1)} of 100 MiB), a byte`;
  const growth = bytes(large) / bytes(files);
  const recorded = await ratios(() => record(host, input), () => writeZip(files));
  const once = performance.now();
  await record(host, input);
  const smallTime = performance.now() - once;
  return [
    {
      what: `verify of ${run}`,
      by: "inflating and hashing the same bytes",
      values: await ratios(() => verify(host, pack), () => inflateAndHash(pack)),
      limit: 3,
    },
    {
      what: `verify of ${limit}`,
      by: "verify of 20,000 intents, a byte",
      values: (await ratios(() => verify(host, largePack), () => verify(host, pack))).map((ratio) => ratio / growth),
      limit: 1.5,
    },
    { what: `record of ${run}`, by: "packing its entries into a zip", values: recorded, limit: 10 },
    {
      what: `record of ${limit} (one run)`,
      by: "record of 20,000 intents, a byte",
      values: [largeTime / smallTime / growth],
      limit: 1.5,
    },
  ];
}

/** The verify bundle for browsers: minified, and compressed. */
async function browser(entry: string): Promise<Row[] | string> {
  if (!exists(`${ROOT}${entry}`)) return `there is no ${entry}`;
  const out = `${ROOT}dist/verify_browser.js`;
  const argv = [Deno.execPath(), "bundle", "-q", "--platform", "browser", "--minify", "--output", out, entry];
  const done = await capture(argv, { env: { DENO_TLS_CA_STORE: "system" } });
  if (done.code !== 0) throw new Error(done.err);
  const bytes = await Deno.readFile(out);
  const squeezed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  const packed = new Uint8Array(await new Response(squeezed).arrayBuffer());
  const what = "verify bundle for browsers";
  return [
    { what: `${what}, minified`, by: "1 kB", values: [bytes.length / 1000], limit: 150 },
    { what: `${what}, gzip`, by: "1 kB", values: [packed.length / 1000], limit: 50 },
  ];
}

const PARTS: Readonly<Record<string, () => Promise<Row[] | string>>> = {
  startup: startUp,
  evidence: async () => await evidence((await import("../../host/node.ts")).nodeHost),
  pack: async () => await (await import("./pack.ts")).packs((await import("../../host/node.ts")).nodeHost),
  bulk: async () => await (await import("./bulk.ts")).bulk((await import("../../host/node.ts")).nodeHost),
  diff: async () => await (await import("./diff.ts")).diffs((await import("../../host/node.ts")).nodeHost),
  session: async () => await (await import("./session.ts")).sessions(),
  gate: async () => await (await import("./gate.ts")).gates((await import("../../host/node.ts")).nodeHost),
  boundary: async () => await (await import("./boundary.ts")).boundary((await import("../../host/node.ts")).nodeHost),
  authority: async () => await (await import("./authority.ts")).authority((await import("../../host/node.ts")).nodeHost),
  regress: async () => await (await import("./regress.ts")).regressions((await import("../../host/node.ts")).nodeHost),
  serve: served,
  wrap: wrapped,
  browser: () => browser("wasm/verify_browser.ts"),
};

const chosen = Deno.args.length === 0 ? Object.keys(PARTS) : Deno.args;
let missed = 0;
console.log(`deno ${Deno.version.deno}, ${RUNS} interleaved runs a row: min, median, max`);
for (const name of chosen) {
  const rows = await (PARTS[name] ?? die(`there is no part ${name}; the parts are ${Object.keys(PARTS).join(", ")}`))();
  if (typeof rows === "string") {
    console.log(`skipped: ${name}: ${rows}`);
    if (Deno.env.get("GAIT_REQUIRE_ALL") === "1") missed++;
    continue;
  }
  for (const row of rows) console.log(line(row));
  missed += rows.filter((row) => !holds(row)).length;
}
console.log(missed === 0 ? "all limits are kept" : `${missed} not kept`);
Deno.exit(missed === 0 ? 0 : 1);
