// How YAML trees are laid out, with what stands around their lines. How scalars are quoted is a property (`policy_fmt_test.ts` there).
import { BARE, type Notes, plainOrQuoted, writeYaml, type YamlTree } from "../../core/base/yaml_write.ts";
import { assertEquals } from "../assert.ts";

const scalar = (text: string): YamlTree => ({ kind: "scalar", text });
const list = (items: readonly YamlTree[]): YamlTree => ({
  kind: "list",
  items: items.map((value) => ({ value, notes: BARE })),
  below: [],
});
const map = (entries: Readonly<Record<string, YamlTree>>): YamlTree => ({
  kind: "map",
  entries: Object.entries(entries).map(([key, value]) => ({ key, value, notes: BARE })),
  below: [],
});

Deno.test("yaml write: two spaces a level, dashes under their key, the first entry of an item on its dash", () => {
  const tree = map({ a: map({ b: scalar("1") }), c: list([scalar("x"), map({ d: list([scalar("y")]), e: scalar("2") })]) });
  assertEquals(writeYaml(tree), "a:\n  b: 1\nc:\n- x\n- d:\n  - y\n  e: 2\n");
  assertEquals(writeYaml(list([list([scalar("x")])])), "-\n  - x\n");
});

Deno.test("yaml write: what is empty fits on a line, and nothing at all is an empty text", () => {
  assertEquals(writeYaml(map({ a: map({}), b: list([]), c: list([map({})]) })), "a: {}\nb: []\nc:\n- {}\n");
  assertEquals([writeYaml(undefined), writeYaml(map({})), writeYaml(list([]))], ["", "{}\n", "[]\n"]);
  assertEquals(writeYaml(undefined, [{ text: "# a", gap: true }, { text: "# b", gap: true }]), "# a\n\n# b\n");
});

Deno.test("yaml write: remarks stand above at the indentation of their line, or behind; gaps not where something opens", () => {
  const notes = (name: string): Notes => ({ above: [{ text: `# ${name}`, gap: true }], behind: `# by ${name}`, gap: true });
  const entry = (key: string, value: YamlTree) => ({ key, value, notes: notes(key) });
  const item = (...entries: readonly ReturnType<typeof entry>[]): YamlTree => ({ kind: "map", entries, below: [] });
  const tree = item(
    entry("a", {
      kind: "list",
      items: [{ value: item(entry("b", scalar("1")), entry("c", scalar("2"))), notes: notes("i") }],
      below: [],
    }),
  );
  assertEquals(
    writeYaml(tree),
    "# a\n\na: # by a\n# i\n\n# b\n# by b\n\n- b: 1 # by i\n\n  # c\n\n  c: 2 # by c\n",
    "the item and its first entry share a line",
  );
});

Deno.test("yaml write: what stands below a collection stands behind its last line, of an empty one above it", () => {
  const below = (text: string) => [{ text, gap: true }];
  const tree: YamlTree = {
    kind: "map",
    entries: [
      { key: "a", value: { kind: "map", entries: [], below: below("# in a") }, notes: BARE },
      { key: "b", value: { kind: "list", items: [{ value: scalar("x"), notes: BARE }], below: below("# in b") }, notes: BARE },
    ],
    below: below("# end"),
  };
  assertEquals(writeYaml(tree), "# in a\na: {}\nb:\n- x\n\n# in b\n\n# end\n");
});

Deno.test("yaml write: texts that would turn the reading direction, or cannot be seen, are spelled out", () => {
  assertEquals(
    ["a\u202eb", "\ufeffa", "a\u0085b", "\u2028", "bücher 😀", "a\tb"].map(plainOrQuoted),
    ['"a\\u202eb"', '"\\ufeffa"', '"a\\u0085b"', '"\\u2028"', "bücher 😀", '"a\\tb"'],
  );
});
