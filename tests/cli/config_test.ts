// Project defaults (spec 02, section 9): what is read, what is refused, what counts, and files made to be dear to read.
import { utf8 } from "../../core/base/bytes.ts";
import type { FaultCode } from "../../core/base/errors.ts";
import {
  CONFIG_PATH,
  csv,
  type GateDefaults,
  keySources,
  loadConfig,
  preferred,
  preferredList,
  readConfig,
} from "../../cli/config.ts";
import { memoryPorts } from "../../cli/host/memory.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const read = (text: string) => readConfig(utf8(text), "c.yaml");

/** What a text gives beside nothing. */
const given = async (text: string): Promise<Partial<GateDefaults>> =>
  Object.fromEntries(Object.entries(assertOk(await read(text), text)).filter(([, value]) => value.length > 0));

Deno.test("config: every field of the section gate, trimmed; other sections and unknown names are left alone", async () => {
  const names = [
    "policy",
    "profile",
    "key_mode",
    "private_key",
    "private_key_env",
    "approval_public_key",
    "approval_public_key_env",
    "approval_private_key",
    "approval_private_key_env",
    "kill_switch_state",
    "rate_limit_state",
    "credential_broker",
    "credential_env_prefix",
    "credential_ref",
    "credential_command",
    "credential_evidence_path",
    "trace_path",
    "wrkr_inventory_path",
  ];
  const fields = names.map((name) => `  ${name}: "  the ${name} "`).join("\n");
  const lists = "  credential_scopes: b, a ,,\n  credential_command_args: [ -x, ' a,b ', '' ]\n";
  const text = `# ours\ngate:\n${fields}\n${lists}  later: [1, {2: 3}]\nmcp_serve: {enabled: true}\nelse: 1\n`;
  assertEquals(await given(text), {
    ...Object.fromEntries(names.map((name) => [name, `the ${name}`])),
    credential_scopes: ["b", "a"],
    credential_command_args: ["-x", "a,b"],
  });
});

Deno.test("config: values are texts as they are written; blank and null are not given", async () => {
  const text = "gate:\n  policy: 2024-01-01\n  profile: 007\n  key_mode: yes\n  trace_path: 1e3\n  private_key: ~\n" +
    "  private_key_env: null\n  credential_ref: ''\n  credential_scopes:\n  credential_broker: &a off\n  rate_limit_state: *a\r\n";
  assertEquals(await given(text), {
    policy: "2024-01-01",
    profile: "007",
    key_mode: "yes",
    trace_path: "1e3",
    credential_broker: "off",
    rate_limit_state: "off",
  });
  for (const none of ["", " \n", "# nothing\n", "---\n", "~", "{}", "gate:\n", "gate: ~\n", "gate: {}", "\ufeffgate: {}"]) {
    assertEquals(await given(none), {}, none);
  }
});

Deno.test("config: what is no configuration is refused, with its place and what to do", async () => {
  const bad: readonly (readonly [string, FaultCode, string])[] = [
    ["gate: [1\n", "yaml_syntax", "line 2, column 1: this is not YAML, or a name that is there already"],
    ["gate: {}\ngate: {}\n", "yaml_syntax", "line 2, column 1: this is not YAML, or a name that is there already"],
    ["gate:\ngate: {}\n", "yaml_syntax", "line 2, column 1: this is not YAML, or a name that is there already"],
    ["policy: \npolicy: ", "yaml_syntax", "line 2, column 1: this is not YAML, or a name that is there already"],
    ["gate: {}\n---\ngate: {}\n", "yaml_syntax", "line 2, column 1: this is not YAML, or a name that is there already"],
    ["gate:\n\tprofile: oss-prod\n", "yaml_syntax", "line 2, column 1: a tab does not indent"],
    ["gate:\n  policy: x\n \t profile: y\n", "yaml_syntax", "line 3, column 2: a tab does not indent"],
    ["\0", "yaml_syntax", "line 1, column 1: this is not YAML, or a name that is there already"],
    ["- a\n", "config_invalid", "the file must be a mapping of names to values"],
    ["gate", "config_invalid", "the file must be a mapping of names to values"],
    ["gate: x\n", "config_invalid", 'section "gate" must be a mapping of names to values'],
    ["gate: []\n", "config_invalid", 'section "gate" must be a mapping of names to values'],
    ["gate: {policy: [a]}\n", "config_invalid", 'field "gate.policy" must be one text'],
    ["gate: {policy: {a: b}}\n", "config_invalid", 'field "gate.policy" must be one text'],
    [
      "gate: {credential_scopes: [[a]]}\n",
      "config_invalid",
      'field "gate.credential_scopes" must be a list of texts, or one with commas between them',
    ],
    [
      "base: &b {profile: oss-prod}\ngate:\n  <<: *b\n",
      "config_invalid",
      'section "gate" must be written out: merge keys (<<) are not read here',
    ],
    ["<<: {gate: {}}\n", "config_invalid", "the file must be written out: merge keys (<<) are not read here"],
  ];
  for (const [text, code, words] of bad) {
    const fault = assertFault(await read(text), code, text);
    assertEquals([fault.message, fault.at?.file], [`Cannot read "c.yaml": ${words}`, "c.yaml"]);
  }
  assertFault(await readConfig(Uint8Array.of(0x67, 0xff), "c.yaml"), "text_encoding");
});

Deno.test("config: a name of the section gate that is nearly known is warned of, any other is left alone", async () => {
  const text = "gate: {polcy: p, key-mode: prod, later: 1, profile: standard}\ngates: {policy: p}\n";
  const say = (name: string, meant: string) =>
    `field "gate.${name}" of "c.yaml" is not known and was left out, did you mean "${meant}"`;
  assertEquals(await given(text), { profile: "standard", warnings: [say("polcy", "policy"), say("key-mode", "key_mode")] });
});

Deno.test("config: the file of the project may be absent, one that was named may not", async () => {
  const { files } = memoryPorts({ host: nodeHost, files: { "d/x": utf8(""), "c.yaml": utf8("gate: {policy: p}") } });
  const policy = async (path: string | undefined, off = false) => assertOk(await loadConfig({ path, off }, files)).policy;
  assertEquals([await policy(undefined), await policy(CONFIG_PATH), await policy(" ./.gait/config.yaml")], ["", "", ""]);
  assertEquals([await policy("c.yaml"), await policy("c.yaml", true), await policy("none.yaml", true)], ["p", "", ""]);
  assertFault(await loadConfig({ path: "none.yaml", off: false }, files), "file_missing");
  assertFault(await loadConfig({ path: "d", off: false }, files), "file_unreadable");
  assertFault(await loadConfig({ path: " ", off: false }, files), "path_refused");
  const own = memoryPorts({ host: nodeHost, files: { [CONFIG_PATH]: utf8("gate: {policy: own}") } });
  assertEquals(assertOk(await loadConfig({ off: false }, own.files)).policy, "own");
  const large = memoryPorts({ host: nodeHost, files: { [CONFIG_PATH]: new Uint8Array(2 ** 18 + 1).fill(0x20) } });
  assertFault(await loadConfig({ off: false }, large.files), "file_too_large");
});

Deno.test("config: a flag comes first, then the file, then what is built in; blank is not given", () => {
  assertEquals(
    [preferred(" f ", "c", "b"), preferred(" ", " c ", "b"), preferred(undefined, "", "b"), preferred(undefined, " ")],
    ["f", "c", "b", ""],
  );
  assertEquals(
    [preferredList("b, a", ["c"]), preferredList(" , ", ["c"]), preferredList(undefined, [])],
    [["b", "a"], ["c"], []],
  );
  assertEquals(csv(" b,,a , b"), ["b", "a", "b"]);
});

Deno.test("config: one flag of a kind of keys displaces all sources of that kind", () => {
  const config = { path: "k", env: "K" };
  assertEquals(keySources({ path: undefined, env: " " }, config), config);
  assertEquals(keySources({ path: undefined, env: "F" }, config), { path: undefined, env: "F" });
  assertEquals(keySources({ path: "f", env: undefined }, { path: "", env: "K" }), { path: "f", env: undefined });
});

Deno.test("config: files made to be dear to read are read or refused at once", async () => {
  const most = 2 ** 18;
  const bombs: readonly (readonly [string, string, FaultCode | undefined])[] = [
    ["lists", "[".repeat(most), "yaml_too_large"],
    ["maps", "{".repeat(most), "yaml_too_large"],
    ["dashes", "- ".repeat(most / 2), "yaml_too_large"],
    ["keys that are keys", "? ".repeat(most / 2), "yaml_too_large"],
    ["tags", "!".repeat(most), "yaml_syntax"],
    ["quotes", `"${"\\".repeat(most - 1)}`, "yaml_syntax"],
    ["blank", " \t".repeat(most / 2), undefined],
    ["comments", "#".repeat(most), undefined],
    [
      "aliases",
      Array.from({ length: 40 }, (_, i) => `a${i}: &a${i} [${i === 0 ? "lol" : `*a${i - 1},`.repeat(9)}]\n`).join("") +
      "gate: {policy: p}\n",
      undefined,
    ],
    ["an alias of itself", "gate: &g\n  policy: p\n  later: *g\n", undefined],
    ["an alias where text belongs", "a: &a [b]\nc: &c [*a, *a]\ngate: {credential_scopes: *c}\n", "config_invalid"],
    ["many names", Array.from({ length: 30_000 }, (_, i) => `k${i}:\n`).join("").slice(0, most), undefined],
  ];
  for (const [name, text, code] of bombs) {
    const begun = performance.now();
    const result = await read(text);
    assertEquals(result.ok ? undefined : result.fault.code, code, name);
    const took = performance.now() - begun;
    assert(took < 2_000, `${name} took ${Math.round(took)} ms`);
  }
});
