// gait.yaml: one suite in JSON and in YAML, what is filled in, what is passed over, and every refusal with its place.
import { utf8 } from "../../core/base/bytes.ts";
import { readYaml } from "../../core/base/yaml.ts";
import type { FaultCode } from "../../core/base/errors.ts";
import { readSuite, suiteBytes } from "../../core/regress/suite.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";

const yaml = (bytes: Uint8Array, what: string) => Promise.resolve(readYaml(bytes, what));
const read = (text: string) => readSuite(utf8(text), "gait.yaml", yaml);

const A = { name: "a", run_id: "r", runpack: "fixtures/a/runpack.zip" };
const B = { name: "b", run_id: "", runpack: "b.zip" };

Deno.test("regress suite: JSON and YAML say the same, sorted by name, with what is not known passed over", async () => {
  const wanted = { fixture_set: "nightly", fixtures: [A, B] };
  const json = { fixture_set: "nightly", owner: ["x"], fixtures: [{ name: "b", runpack: "b.zip", note: 1 }, A] };
  assertEquals(assertOk(await read(JSON.stringify(json))), wanted);
  assertEquals(
    assertOk(
      await read(
        "# by hand\nowner: [x]\nfixture_set: nightly\nfixtures:\n  - name: b\n    runpack: b.zip\n    note: {deep: [1]}\n" +
          "  - {name: a, run_id: r, runpack: fixtures/a/runpack.zip}\n",
      ),
    ),
    wanted,
  );
  assertEquals(assertOk(await read("{fixtures: [{name: b, runpack: b.zip}]}")), { fixture_set: "default", fixtures: [B] });
});

Deno.test("regress suite: a fixture that stands twice stays twice, and names are in the order of bytes", async () => {
  const names = ["b", "a-b", "a", "B", "a.b", "a"];
  const text = JSON.stringify({ fixtures: names.map((name) => ({ name, runpack: "x.zip" })) });
  assertEquals(assertOk(await read(text)).fixtures.map(({ name }) => name), ["B", "a", "a", "a-b", "a.b", "b"]);
});

Deno.test("regress suite: what is written is read back", async () => {
  const bytes = suiteBytes([B, A]);
  assertEquals(assertOk(await readSuite(bytes, "gait.yaml", yaml)), { fixture_set: "default", fixtures: [A, B] });
  const first = { schema_id: "gait.regress.config", schema_version: "1.0.0", fixture_set: "default" };
  const fixtures = [A, { name: "b", runpack: "b.zip" }];
  assertEquals(JSON.parse(new TextDecoder().decode(bytes)), { ...first, fixtures });
});

Deno.test("regress suite: each refusal has its name and its place", async () => {
  const one = `"fixtures":[${JSON.stringify(A)}]`;
  const rows: readonly (readonly [string, FaultCode, number | undefined, number | undefined])[] = [
    [`{"schema_id":"x.y",${one}}`, "document_kind", 1, 14],
    [`{"schema_version":"2.0.0",${one}}`, "schema_newer", 1, 19],
    [`{"schema_version":"0.9",${one}}`, "document_kind", 1, 19],
    [`schema_version: 1.1.0\nfixtures: [{name: a, runpack: x}]\n`, "schema_newer", 1, 17],
    [`{"fixtures":[]}`, "suite_invalid", 1, 13],
    [`{}`, "suite_invalid", 1, 1],
    [``, "suite_invalid", undefined, undefined],
    [`# nothing\n`, "suite_invalid", undefined, undefined],
    [`{"fixtures":[{"name":" ","runpack":"x"}]}`, "suite_invalid", 1, 22],
    [`{"fixtures":[{"name":"a"}]}`, "suite_invalid", 1, 14],
    [`fixtures:\n  - name: a\n    runpack: ""\n`, "suite_invalid", 3, 14],
    [`fixtures:\n  - name: [a]\n`, "document_shape", 2, 5],
    [`{"fixtures":{}}`, "document_shape", 1, 13],
    [`[]`, "document_shape", 1, 1],
    [`{"fixtures":[],"fixtures":[]}`, "json_duplicate_key", 1, 16],
    [`a: 1\na: 2\n`, "yaml_duplicate_key", 2, 1],
    [`{"fixtures":[}`, "json_syntax", 1, 14],
    [`- a\n`, "yaml_syntax", 1, 1],
    [`fixtures: [\n`, "yaml_syntax", 1, 12],
  ];
  for (const [text, code, line, column] of rows) {
    const { at } = assertFault(await read(text), code, text);
    assertEquals([text, at?.file, at?.line, at?.column], [text, "gait.yaml", line, column]);
  }
});
