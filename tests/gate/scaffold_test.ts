// The policy that `init` writes: still the template to every reader, with what was found beside it.
import { utf8 } from "../../core/base/bytes.ts";
import { formatPolicy } from "../../core/gate/policy_fmt.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { scaffold } from "../../core/gate/scaffold.ts";
import { signalsOf } from "../../core/gate/signals.ts";
import { TEMPLATES } from "../../core/gate/templates.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";

const names = (all: readonly string[]) => all.map((name) => ({ name, paths: ["a.py"] }));
const FOUND = { frameworks: names(["langchain", "mcp"]), tools: names(["db.drop", "mail.send", "save_note", "x.y"]) };
const NOTHING = { frameworks: [], tools: [] };

const load = (text: string) => assertOk(readPolicy(utf8(text), "p.yaml"), text);

Deno.test("scaffold: the template's policy behind comments, and formatting changes nothing", () => {
  for (const template of TEMPLATES) {
    for (const detection of [FOUND, NOTHING]) {
      const text = scaffold(template, detection, signalsOf(detection).starters);
      const loaded = load(text);
      assertEquals(loaded.policy, load(template.text).policy, text);
      assertEquals(formatPolicy(loaded), text);
      assertEquals(text.split("\n")[0], template.text.split("\n")[0], "editors look for the schema in the first line");
      for (const path of [".gait.yaml", ".gait/config.yaml", "gait.yaml"]) assert(text.includes(`#   ${path} `), path);
    }
  }
});

Deno.test("scaffold: says what was found, and how much more", () => {
  const [template] = TEMPLATES;
  assert(template !== undefined);
  const found = scaffold(template, FOUND, []);
  assert(found.includes("\n# Frameworks found here: langchain, mcp\n"), found);
  assert(found.includes("\n# Tools found here: db.drop, mail.send, save_note, x.y\n"), found);
  assert(scaffold(template, NOTHING, []).includes("\n# Frameworks found here: none\n# Tools found here: none\n"));
  const many = { ...NOTHING, tools: names(Array.from({ length: 14 }, (_, i) => `t${i}`)) };
  assert(scaffold(template, many, []).includes(", t11 and 2 more\n"));
});

Deno.test("scaffold: the rules drawn from tools become rules when their signs are taken away", () => {
  for (const template of TEMPLATES) {
    const text = scaffold(template, FOUND, signalsOf(FOUND).starters);
    const at = text.indexOf("# - name: starter.");
    const taken = load(text.slice(0, at) + text.slice(at).replaceAll(/^# /gm, "")).policy;
    const before = load(template.text).policy;
    assertEquals(taken.rules.length, before.rules.length + 2);
    const starters = taken.rules.filter(({ name }) => name.startsWith("starter."));
    assertEquals(
      starters.map(({ name, effect, priority, match, reason_codes }) => [
        name,
        effect,
        priority,
        match.tool_names,
        reason_codes,
      ]),
      [
        ["starter.block.destructive", "block", 10, ["db.drop"], ["destructive_tool_blocked"]],
        ["starter.require_approval.state_change", "require_approval", 20, ["save_note"], [
          "approval_required_for_state_change",
        ]],
      ],
    );
  }
});
