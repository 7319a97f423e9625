// README shows what the program prints, word for word, and gives the two commands that the gate runs.
import { machine } from "../cli/commands_world.ts";
import { assert, assertEquals } from "../assert.ts";
import { capture, ROOT } from "../../scripts/tools/run.ts";
import { toolCall, wrapped } from "../cli/mcp_wrap/world.ts";
import { shownPattern } from "./guide.ts";

const README = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
const blocks = [...README.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => ({ kind, text: text ?? "" }));

Deno.test("readme: the output of the demo is what the demo prints", async () => {
  const [exit, lines] = await machine().text("demo");
  assertEquals([exit, blocks.find(({ kind }) => kind === "text")?.text.trimEnd().split("\n")], [0, lines]);
});

Deno.test("readme: the way around the three is what the demo prints, in less than ten seconds", async () => {
  const task = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`)).tasks.demo.command;
  const folder = await Deno.makeTempDir();
  try {
    const [first, second] = task.split(" && ");
    assert(first.endsWith(" cli/main.ts demo") && second.endsWith(" scripts/demo.ts"), task);
    const [program, ...words] = second.replace("--allow-write=gait-out", `--allow-write=${folder}`).split(" ");
    assertEquals(program, "deno");
    const started = performance.now();
    const { code, out, err } = await capture([Deno.execPath(), ...words, `${folder}/demo`]);
    const seconds = (performance.now() - started) / 1000;
    assertEquals(code, 0, err);
    const shown = blocks.filter(({ kind }) => kind === "text")[1]?.text ?? "";
    assert(shownPattern(shown).test(out.trimStart()), out);
    assert(seconds < 10, `${seconds} s`);
    const artifacts = [...out.matchAll(/^ {2}(\S+?)(?:, (\S+))? {2,}/gm)].flatMap(([, ...paths]) =>
      paths.filter((path) => path)
    );
    assert(artifacts.length === 6, artifacts.join());
    for (const path of artifacts) await Deno.stat(`${folder}/demo/${path}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("readme: the two commands, and every gait command that it names is one", async () => {
  const shell = blocks.filter(({ kind }) => kind === "sh").flatMap(({ text }) => text.trimEnd().split("\n"));
  assertEquals(shell.slice(0, 2), ["npx -y deno@2.9.6 task demo", "npx -y deno@2.9.6 task test"]);
  const named = shell.filter((line) => line.startsWith("gait "));
  assert(named.length > 0);
  for (const line of named) {
    const [exit] = await machine().text(...line.split("#")[0]?.trim().split(/\s+/).slice(1) ?? [], "--explain");
    assertEquals(exit, 0, line);
  }
});

Deno.test("readme: what stands under its use can be done as it stands, from the root of the project", async () => {
  const [, use = ""] = README.split("\n## Use it\n");
  const [, block = ""] = /^```sh\n([\s\S]*?)^```$/m.exec(use) ?? [];
  const named = [...block.matchAll(/examples\/\S+/g)].map(([path]) => path);
  assert(named.length > 0);
  const root = new URL("../../", import.meta.url);
  const files = Object.fromEntries(
    await Promise.all(named.map(async (path) => [path, await Deno.readTextFile(new URL(path, root))])),
  );
  const made = machine({ files });
  for (const line of block.trimEnd().split("\n")) {
    const [exit, lines] = await made.text(...line.split("#")[0]?.trim().split(/\s+/).slice(1) ?? []);
    assertEquals(exit, 0, `${line}: ${lines.join("\n")}`);
  }
});

Deno.test("readme: the gate of its second section is the example, and a call that is blocked comes back as shown", async () => {
  const section = README.split("\n## ")[2] ?? "";
  assert(section.startsWith("Gate an agent in a minute\n"));
  const [, entry = ""] = /^```json\n([\s\S]*?)^```$/m.exec(section) ?? [];
  const [, shown = ""] = /^```text\n([\s\S]*?)^```$/m.exec(section) ?? [];
  assertEquals(entry, await Deno.readTextFile(`${ROOT}examples/mcp/mcp.json`));
  const policy = await Deno.readTextFile(`${ROOT}examples/mcp/policy.yaml`);
  const world = wrapped({ files: { "policy.yaml": policy }, settings: { server_name: "files" } });
  await world.client.send(toolCall(1, "write_file", { path: "/srv/app/a", content: "x" }), toolCall(2, "read_text_file"));
  const { isError, content } = Object(world.client.frames()[0]?.["result"]);
  assertEquals([isError, `${content[0].text}\n`], [true, shown]);
  assertEquals(world.server.got().length, 1, "only what is read has left");
  await world.client.close();
});
