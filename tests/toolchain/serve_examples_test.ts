// examples/serve holds what can be run: flags and fields that there are, units and YAML that can be read, metrics of the page, and a
// container whose command and health check do what they say.
import { serveSettings } from "../../cli/serve/settings.ts";
import { SERVE_FLAGS } from "../../cli/serve/flags.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { readWholeYaml } from "../../core/base/yaml.ts";
import { start } from "../../scripts/tools/started.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { machineOf, POLICY } from "../cli/serve/world.ts";
import { machine, PRIVATE_KEY } from "../cli/commands_world.ts";
import { source } from "../tree.ts";
import { linksOf } from "./guide.ts";

const FOLDER = "examples/serve/";
const CONFIG = source(`${FOLDER}.gait/config.yaml`);
const UNIT = source(`${FOLDER}gait-serve.service`);
const CONTAINER = source(`${FOLDER}Containerfile`);
const SIDECAR = source(`${FOLDER}sidecar.yaml`);
const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;
const PROJECT = new URL("../../deno.json", import.meta.url).pathname;

/** The words of the last line of a kind that is a list of JSON. */
function wordsOf(kind: string): readonly string[] {
  const found = [...CONTAINER.matchAll(new RegExp(`^ *${kind} (\\[.*\\])$`, "gm"))].at(-1)?.[1];
  const words: unknown = JSON.parse(found ?? "");
  assert(Array.isArray(words) && words.every((word) => typeof word === "string"));
  return words;
}

/** The flags that follow `mcp serve` in a text, by line or by word. */
const flagsAfter = (text: string): readonly string[] =>
  [...(text.split(/\bmcp[\s",-]+serve\b/).slice(1).join(" ")).matchAll(/(?<=[\s"])--([a-z][a-z-]*)/g)].map(([, name = ""]) =>
    name
  );

Deno.test("serve examples: every flag that they name is one of the command", () => {
  for (const [what, text] of Object.entries({ UNIT, CONTAINER, SIDECAR })) {
    const flags = flagsAfter(text);
    assert(flags.length >= 2, `${what} names ${flags}`);
    assertEquals(flags.filter((name) => !Object.hasOwn(SERVE_FLAGS, name)), [], what);
  }
  const advice = UNIT.split("\n").filter((line) => /^#\s+--/.test(line)).join(" ");
  const advised = [...advice.matchAll(/--([a-z][a-z-]*)/g)].map(([, name = ""]) => name);
  assertEquals(advised, ["listen", "auth-mode", "auth-token-env"]);
});

Deno.test("serve examples: the server takes the configuration, and knows each of its fields", async () => {
  const fields = [...CONFIG.matchAll(/^ {2}([a-z_]+):/gm)].map(([, name = ""]) => name.replaceAll("_", "-"));
  assertEquals(fields.filter((name) => !Object.hasOwn(SERVE_FLAGS, name)), []);
  const { ports } = machineOf({ files: { "/etc/gait/config.yaml": CONFIG } });
  const settings = assertOk(await serveSettings({ config: "/etc/gait/config.yaml", "private-key": "k" }, ports, "t"));
  assertEquals(settings.warnings, []);
  const { strict, local, boundary, dirs, keep } = settings;
  assertEquals([strict, local, boundary.policy, dirs.journal, keep.trace.age], [
    true,
    true,
    "/etc/gait/policy.yaml",
    "journal",
    604_800_000,
  ]);
});

Deno.test("serve examples: YAML can be read, and rules use metrics that the page names", () => {
  const page = source("docs/serve.md");
  for (const name of ["sidecar.yaml", "prometheus.yml", "alerts.yml", ".gait/config.yaml"]) {
    assertOk(readWholeYaml(source(`${FOLDER}${name}`), name));
  }
  const used = [...source(`${FOLDER}alerts.yml`).matchAll(/\b(gait_serve_[a-z_]+)/g)].map(([, name = ""]) =>
    name.replace(/_bucket$/, "")
  );
  assert(used.length > 8);
  assertEquals(used.filter((name) => !page.includes(`| \`${name}\``)), []);
  const verdicts = source(`${FOLDER}alerts.yml`).match(/verdict="(\w+)"/g);
  assertEquals([...new Set(verdicts)], ['verdict="block"']);
  const readme = source(`${FOLDER}README.md`);
  const there = linksOf(readme).filter((link) => Deno.statSync(new URL(`../../${FOLDER}${link}`, import.meta.url)).isFile);
  assertEquals(there.length, 7);
});

Deno.test("serve examples: systemd takes the unit, and finds little that it could still touch", async () => {
  const present = await new Deno.Command("sh", { args: ["-c", "command -v systemd-analyze"], stdout: "null" }).output();
  if (!present.success) return; // nothing on this machine can say
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/gait-serve.service`;
    await Deno.writeTextFile(path, UNIT.replace("ExecStart=/usr/local/bin/gait", "ExecStart=/bin/true"));
    const told = async (...args: readonly string[]): Promise<readonly [boolean, string]> => {
      const { success, stdout, stderr } = await new Deno.Command("systemd-analyze", { args: [...args, path] }).output();
      return [success, new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr)];
    };
    assertEquals(await told("verify", "--man=no"), [true, ""]);
    const [secure, words] = await told("security", "--offline=true", "--threshold=20", "--no-pager");
    assert(secure, words.split("\n").slice(-3).join("\n"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("serve examples: the container's command serves, and its health check finds it, or that it is gone", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/etc`);
    const approver = machine();
    assertEquals((await approver.text("keys", "init", "--prefix", "ann"))[0], 0);
    const files = {
      "config.yaml": CONFIG.replaceAll("/etc/gait", `${folder}/etc`),
      "policy.yaml": POLICY,
      "approvers.key": approver.file("gait-out/keys/ann_public.key"),
      "signing.key": PRIVATE_KEY,
    };
    for (const [name, text] of Object.entries(files)) await Deno.writeFile(`${folder}/etc/${name}`, utf8(text));
    const words = wordsOf("CMD").map((word) =>
      word.replace("/etc/gait", `${folder}/etc`).replace("0.0.0.0:8787", "127.0.0.1:0")
    );
    const program = [Deno.execPath(), "run", "-A", "-q", "--no-check", "--config", PROJECT, MAIN];
    const server = await start([...program, ...words], { cwd: folder, env: { GAIT_MCP_TOKEN: "t" } });
    const port = server.address.split(":")[1] ?? "";
    const healthy = async (check: readonly string[]): Promise<boolean> => {
      const [shell = "", ...args] = check.map((word) => word.replace("/8787", `/${port}`));
      return (await new Deno.Command(shell, { args, stderr: "null" }).output()).success;
    };
    const health: readonly string[] = JSON.parse(/HEALTHCHECK[^[]*(\[".*\])$/m.exec(CONTAINER)?.[1] ?? "[]");
    const probes = [...SIDECAR.matchAll(/^ +(exec 3<>.*)$/gm)].map(([, line = ""]) => ["bash", "-c", line]);
    assertEquals([health.length, probes.length], [3, 3]);
    const seen = await Promise.all([health, ...probes].map(healthy));
    const { code, err } = await server.end();
    assertEquals([seen, code], [[true, true, true, true], 0], err);
    assertEquals(await Promise.all([health, ...probes].map(healthy)), [false, false, false, false]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
