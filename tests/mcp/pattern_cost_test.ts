// Patterns that a server declares: those that are told to be quick are, and those that can take for ever are never tried.
import { argumentChecker } from "../../core/mcp/json_schema.ts";
import { patternCost } from "../../core/mcp/pattern_cost.ts";
import { assert, assertEquals } from "../assert.ts";

const LINEAR = [
  "^[a-z0-9-]+$",
  String.raw`^\d{4}-\d\d-\d\d$`,
  "^https?://",
  String.raw`^[A-Za-z_][\w.]*$`,
  "^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
  "^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$",
  "^[a-z0-9]+(?:-[a-z0-9]+)*$",
  "^(?:/[^/]+)+$",
  "^(read|write|read_write)$",
  "^#?([a-f0-9]{6}|[a-f0-9]{3})$",
  String.raw`^[1-9]\d{0,3}(,\d{3})*$`,
  String.raw`^(?<year>\d{4})(?:/|$)`,
  String.raw`^\p{Lu}.*`,
  String.raw`\.json$`,
  String.raw`\S`,
  ".*",
  "^[\\u0041-\\u{1f600}\\x20\\]^-]*$",
  "^.{1,5000}$",
  "",
];

const LIMITED = [
  [String.raw`^.+\.md$`, 2],
  [String.raw`^[^@\s]+@[^@\s]+\.[^@\s]+$`, 2],
  [String.raw`^\S+@\S+\.\S+$`, 3],
  [String.raw`\s+$`, 2],
  ["foo.*bar", 3],
] as const;

const ENDLESS = [
  "^(a+)+$",
  "(a+)+b",
  "^(a*)*$",
  "^(a|a)*$",
  "^(a|ab)*c$",
  "^(?:[a-z]+|[0-9a-f]+)*$",
  "^(a?){30}a{30}$",
  "^(a{0,100}){0,100}$",
  "^(.*a){20}$",
  String.raw`^(\w+\s?)*$`,
  "^(([a-z])+.)+[A-Z]([a-z])+$",
  "a*a*a*a*b",
  "(x+x+)+y",
  "^([a-zA-Z0-9_.-]+)+@",
  "^(?:a|$)*b",
  String.raw`^(?:\p{L}+a)+$`,
  String.raw`^([^\p{L}]+a)+$`,
  String.raw`^(a+)\1$`,
  String.raw`^(?<n>a+)\k<n>$`,
  "^(?=a+)a",
  "^(?!a)b",
  "(?<=a)b",
  String.raw`\bword\b`,
  "a^b",
  "a".repeat(1_001),
];

Deno.test("pattern cost: patterns that are common take a step for each character", () => {
  for (const pattern of LINEAR) {
    new RegExp(pattern, "u");
    assert((patternCost(pattern)?.degree ?? 9) <= 1, pattern);
  }
});

Deno.test("pattern cost: some may be tried on short texts", () => {
  for (const [pattern, degree] of LIMITED) assertEquals(patternCost(pattern)?.degree, degree, pattern);
});

Deno.test("pattern cost: what may take for ever, or cannot be told, is not tried", () => {
  for (const pattern of ENDLESS) {
    new RegExp(pattern, "u");
    assertEquals(patternCost(pattern), undefined, pattern);
  }
});

Deno.test("pattern cost: a schema with such a pattern anywhere cannot be used, and answers at once", () => {
  const args = { a: `${"a".repeat(32)}!`, [`${"a".repeat(32)}!`]: 1 };
  const bad = "^(a+)+$";
  const schemas = [
    { properties: { a: { pattern: bad } } },
    { patternProperties: { [bad]: {} } },
    { propertyNames: { anyOf: [{ pattern: bad }] } },
    { $defs: { x: { pattern: bad } }, additionalProperties: { $ref: "#/$defs/x" } },
    { $schema: "http://json-schema.org/draft-07/schema#", properties: { a: { not: { pattern: bad } } } },
  ];
  for (const schema of schemas) assertEquals(argumentChecker(schema)(args).kind, "unusable", JSON.stringify(schema));
});

Deno.test("pattern cost: what takes longer with the text is tried on short ones only", () => {
  const check = argumentChecker({ properties: { a: { pattern: String.raw`^.+\.md$` } } });
  assertEquals([check({ a: "x.md" }).kind, check({ a: "x" }).kind, check({ a: "x".repeat(10_000) }).kind], [
    "fits",
    "misfit",
    "misfit",
  ]);
  assertEquals(check({ a: "x".repeat(20_000) }).kind, "unusable");
  assertEquals(argumentChecker({ properties: { a: { pattern: "^x+$" } } })({ a: "x".repeat(1_000_000) }).kind, "fits");
});
