// README shows what the program prints, word for word, and gives the two commands that the gate runs.
import { machine } from "../cli/commands_world.ts";
import { assert, assertEquals } from "../assert.ts";

const README = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
const blocks = [...README.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => ({ kind, text: text ?? "" }));

Deno.test("readme: the output of the demo is what the demo prints", async () => {
  const [exit, lines] = await machine().text("demo");
  assertEquals([exit, blocks.find(({ kind }) => kind === "text")?.text.trimEnd().split("\n")], [0, lines]);
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
