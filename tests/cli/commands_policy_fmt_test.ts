// The contract of `policy fmt` (spec 02, section 1.2): what it prints, when it writes, and that it never touches what it cannot read.
import { utf8 } from "../../core/base/bytes.ts";
import { assert, assertEquals } from "../assert.ts";
import { machine, refusal } from "./commands_world.ts";

const LOOSE = "# c\nrules:\n  - {name: b, effect: Allow} # d\n";
const TIGHT = "# c\nrules:\n- name: b # d\n  effect: allow\n";

const DIGEST = "policy_digest";

/** What it says of both, by the digest that `policy validate` gives. */
async function world() {
  const made = machine({ files: { "p.yaml": LOOSE } });
  const [, { policy_digest }] = await made.json("policy", "validate", "p.yaml");
  return {
    made,
    common: { ok: true, path: "p.yaml", [DIGEST]: policy_digest, default_verdict: "require_approval", rule_count: 1 },
  };
}

Deno.test("policy fmt: prints the text, and touches nothing", async () => {
  const { made, common } = await world();
  assertEquals(await made.json("policy", "fmt", "p.yaml"), [0, { ...common, changed: true, formatted: TIGHT }]);
  assertEquals(await made.text("policy", "fmt", "p.yaml"), [0, TIGHT.trimEnd().split("\n")]);
  assertEquals(made.file("p.yaml"), LOOSE);
});

Deno.test("policy fmt: --write writes once, keeps the file mode, and then finds nothing to do", async () => {
  const { made, common } = await world();
  made.disk.put("p.yaml", utf8(LOOSE), 0o640);
  assertEquals(await made.json("policy", "fmt", "p.yaml", "--write"), [0, { ...common, changed: true, written: true }]);
  assertEquals([made.file("p.yaml"), made.disk.mode("p.yaml")], [TIGHT, 0o640]);
  const steps = made.disk.steps();
  assertEquals(await made.json("policy", "fmt", "--write", "p.yaml"), [0, common]);
  assertEquals(await made.text("policy", "fmt", "--write", "p.yaml"), [0, ["policy fmt ok: p.yaml unchanged"]]);
  assertEquals(made.disk.steps(), steps, "the disk was left alone");
  assertEquals(await made.json("policy", "fmt", "p.yaml"), [0, { ...common, formatted: TIGHT }]);
  made.disk.put("p.yaml", utf8(LOOSE));
  assertEquals(await made.text("policy", "fmt", "--write", "p.yaml"), [0, ["policy fmt ok: p.yaml written"]]);
});

Deno.test("policy fmt: a byte order mark and line breaks of Windows are a change", async () => {
  const { made } = await world();
  for (const text of [`\ufeff${TIGHT}`, TIGHT.replaceAll("\n", "\r\n"), `${TIGHT}\n`, TIGHT.trimEnd()]) {
    made.disk.put("p.yaml", utf8(text));
    const [, { changed, formatted }] = await made.json("policy", "fmt", "p.yaml");
    assertEquals([changed, formatted], [true, TIGHT], text);
  }
});

Deno.test("policy fmt: --canonical spells everything out, without comments, and stays as it is", async () => {
  const { made, common } = await world();
  const [exit, said] = await made.json("policy", "fmt", "--canonical", "p.yaml", "--write");
  assertEquals([exit, said], [0, { ...common, changed: true, written: true }]);
  const text = made.file("p.yaml");
  assert(text.startsWith("schema_id: gait.gate.policy\nschema_version: 1.0.0\n") && !text.includes("#"), text);
  for (const flags of [["--canonical"], []]) {
    assertEquals(await made.json("policy", "fmt", ...flags, "p.yaml"), [0, { ...common, formatted: text }], flags.join());
  }
});

Deno.test("policy fmt: an empty policy stays empty", async () => {
  const made = machine({ files: { "p.yaml": "" } });
  const [exit, said] = await made.json("policy", "fmt", "p.yaml");
  assertEquals([exit, said.changed, said.formatted, said.rule_count], [0, undefined, undefined, undefined]);
});

Deno.test("policy fmt: what is no policy is refused with its place, and not touched", async () => {
  const files = { "p.yaml": "rules:\n  - {name: b}\n", "q.yaml": "rules: [\n", "r.yaml": "\xff\xfe" };
  const made = machine({ files });
  const cases: readonly (readonly [string, string])[] = [
    ["p.yaml", "policy_shape"],
    ["q.yaml", "yaml_syntax"],
    ["none.yaml", "file_missing"],
    [".", "file_unreadable"],
  ];
  const before = new Map(made.disk.files());
  for (const [path, code] of cases) {
    const [exit, { fault, ok, file, retryable }] = await made.json("policy", "fmt", "--write", path);
    assertEquals([exit, fault, ok, file, retryable], [6, code, false, path, false]);
  }
  assertEquals(new Map(made.disk.files()), before);
  const [exit, said] = await made.json("policy", "fmt");
  const words = "Cannot run without <policy>: Policy file, YAML or JSON";
  assertEquals([exit, said], [6, refusal("missing_argument", words, "Run the command with --help to see what it needs")]);
});

Deno.test("policy fmt: what could not be read back is printed, and not written", async () => {
  const rules = Array.from({ length: 500 }, (_, i) => `- {name: r${i}, effect: block}\n`).join("");
  const made = machine({ files: { "p.yaml": `rules:\n${rules}` } });
  const [exit, { formatted }] = await made.json("policy", "fmt", "--canonical", "p.yaml");
  assert(exit === 0 && String(formatted).length > 2 ** 20, `${exit}`);
  const [refused, { fault, error }] = await made.json("policy", "fmt", "--canonical", "--write", "p.yaml");
  assertEquals([refused, fault], [6, "yaml_too_large"]);
  assert(String(error).startsWith('Cannot write "p.yaml": expected at most 1048576 bytes, the formatted policy would hold '));
  assertEquals(made.file("p.yaml"), `rules:\n${rules}`);
});

Deno.test("policy fmt: a disk that fails leaves the policy as it was", async () => {
  const steps = async (step: number) => {
    const made = machine({ files: { "p.yaml": LOOSE }, trouble: { step, kind: "ENOSPC" } });
    const [exit, { fault }] = await made.json("policy", "fmt", "--write", "p.yaml");
    if (exit === 0) return false;
    assertEquals([exit, fault], [1, "write_failed"]);
    assert([LOOSE, TIGHT].includes(made.file("p.yaml")));
    return true;
  };
  let step = 1;
  while (await steps(step)) step++;
  assert(step > 6, `${step} steps`);
});
