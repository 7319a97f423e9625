// What scalars mean (spec 02, section 2.1), case by case: the source text and its quotes decide, and what is wanted.
import { utf8 } from "../../core/base/bytes.ts";
import { readYaml } from "../../core/base/yaml.ts";
import { scalarDecimal, scalarInteger, scalarText, scalarTruth } from "../../core/base/yaml_scalar.ts";
import { memberOf, type YamlScalar } from "../../core/base/yaml_tree.ts";
import { assertEquals, assertOk } from "../assert.ts";

function scalar(source: string): YamlScalar {
  const { root } = assertOk(readYaml(utf8(`a: ${source}\n`), source));
  const value = root === undefined ? undefined : memberOf(root, "a")?.value;
  if (value?.kind !== "scalar") throw new Error(`${source} is no scalar`);
  return value;
}

const NONE = undefined;

Deno.test("yaml scalars: as text, integer, decimal and truth", () => {
  const rows: readonly (readonly [string, string, number | undefined, number | undefined, boolean | undefined])[] = [
    // source, text, integer, decimal, truth
    ["12", "12", 12, 12, NONE],
    ["-7", "-7", -7, -7, NONE],
    ["+7", "7", 7, 7, NONE],
    ["0", "0", 0, 0, NONE],
    ["-0", "0", 0, 0, NONE],
    ["1_000", "1000", 1000, 1000, NONE],
    ["1__0", "1__0", NONE, NONE, NONE],
    ["1_", "1_", NONE, NONE, NONE],
    ["0x10", "16", 16, 16, NONE],
    ["-0xfF", "-255", -255, -255, NONE],
    ["0X10", "0X10", NONE, NONE, NONE],
    ["0o10", "8", 8, 8, NONE],
    ["010", "8", 8, 8, NONE],
    ["007", "7", 7, 7, NONE],
    ["0o8", "0o8", NONE, NONE, NONE],
    ["089", "089", NONE, NONE, NONE],
    ["0b1", "0b1", NONE, NONE, NONE],
    ["1.5", "1.5", NONE, 1.5, NONE],
    ["1.50", "1.5", NONE, 1.5, NONE],
    ["-.5", "-0.5", NONE, -0.5, NONE],
    ["3.0", "3", 3, 3, NONE],
    ["3.", "3", 3, 3, NONE],
    ["-0.0", "0", 0, -0, NONE],
    ["1e3", "1000", 1000, 1000, NONE],
    ["1.5e3", "1500", 1500, 1500, NONE],
    ["1e-3", "0.001", NONE, 0.001, NONE],
    ["1e400", "1e400", NONE, NONE, NONE],
    [".inf", ".inf", NONE, NONE, NONE],
    [".nan", ".nan", NONE, NONE, NONE],
    ["9007199254740993", "9007199254740993", 9007199254740992, 9007199254740992, NONE],
    ["1.2.3", "1.2.3", NONE, NONE, NONE],
    ["12 13", "12 13", NONE, NONE, NONE],
    ["2024-01-01", "2024-01-01", NONE, NONE, NONE],
    ["10:30", "10:30", NONE, NONE, NONE],
    ["true", "true", NONE, NONE, true],
    ["True", "true", NONE, NONE, true],
    ["TRUE", "true", NONE, NONE, true],
    ["tRUE", "tRUE", NONE, NONE, NONE],
    ["false", "false", NONE, NONE, false],
    ["FALSE", "false", NONE, NONE, false],
    ["yes", "yes", NONE, NONE, NONE],
    ["on", "on", NONE, NONE, NONE],
    ["n", "n", NONE, NONE, NONE],
    ["1", "1", 1, 1, NONE],
    // Quoted: text, or the digits of a whole number.
    ["'12'", "12", 12, NONE, NONE],
    ['"-7"', "-7", -7, NONE, NONE],
    ["'0x10'", "0x10", NONE, NONE, NONE],
    ["'010'", "010", NONE, NONE, NONE],
    ["'1_0'", "1_0", NONE, NONE, NONE],
    ["'1.50'", "1.50", NONE, NONE, NONE],
    ["' 1'", " 1", NONE, NONE, NONE],
    ["'true'", "true", NONE, NONE, NONE],
    ["'True'", "True", NONE, NONE, NONE],
    ["''", "", NONE, NONE, NONE],
    ["|-\n  12", "12", 12, NONE, NONE],
    ["!!str 007", "007", NONE, NONE, NONE],
  ];
  for (const [source, text, integer, decimal, truth] of rows) {
    const given = scalar(source);
    assertEquals(
      [scalarText(given), scalarInteger(given), scalarDecimal(given), scalarTruth(given)],
      [text, integer, decimal, truth],
      source,
    );
  }
});

Deno.test("yaml scalars: long digits are text, and take no time", () => {
  const digits = "9".repeat(1_000_000);
  const given = scalar(digits);
  assertEquals([scalarText(given) === digits, scalarInteger(given), scalarDecimal(given)], [true, undefined, undefined]);
});
