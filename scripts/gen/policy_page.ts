// The page of all fields of policies, calls and fixtures, of reason codes and of lint findings. What a field comes to when it is left
// out is asked of the program: each field in turn is taken out of an example that has every section, and the example is read again.
import { utf8 } from "../../core/base/bytes.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { isJsonObject } from "../../core/base/json_value.ts";
import { type AnyShape, fieldsOf } from "../../core/base/shape.ts";
import { ZERO_TIME } from "../../core/base/time.ts";
import { readFixture } from "../../core/gate/fixture.ts";
import { intentOf } from "../../core/gate/intent_read.ts";
import { LINT } from "../../core/gate/lint_codes.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { REASONS } from "../../core/gate/reason_words.ts";
import { IntentRequestShape } from "../../core/schema/intent.ts";
import { PolicyShape } from "../../core/schema/policy.ts";
import { PolicyFixtureShape } from "../../core/schema/policy_fixture.ts";
import { nodeHost } from "../../host/node.ts";
import { answer, NOTE, schemaOf } from "./schemas.ts";

/** A document of which the page tells: `read` gives what the program makes of it, undefined where it refuses it. */
type Told = {
  readonly shape: AnyShape;
  readonly title: string;
  /** Together they have every section. */
  readonly examples: readonly JsonObject[];
  readonly read: (json: Json) => unknown;
};

const valueOf = <T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T | undefined =>
  result.ok ? result.value : undefined;

const bytesOf = (json: Json): Uint8Array => utf8(JSON.stringify(json));

const POLICY: Told = {
  shape: PolicyShape,
  title: "",
  examples: [{
    scripts: {},
    fail_closed: { enabled: true },
    mcp_trust: { snapshot: "trust.json", require_registry: true },
    rules: [{
      name: "rule",
      effect: "allow",
      match: { tool_annotations: {} },
      endpoint: { enabled: true },
      freeze_window: { timezone: "UTC", windows: [{ start: "2026-12-24T18:00:00", end: "2027-01-02T06:00:00" }] },
      sandbox: { enabled: true },
      rate_limit: { requests: 1 },
      destructive_budget: { requests: 1, window: "hour" },
      dataflow: { enabled: true },
    }],
  }],
  read: (json) => valueOf(readPolicy(bytesOf(json), "example"))?.policy,
};

const TARGETS = [{ kind: "path", value: "/srv/app" }];
const PROVENANCE = [{ arg_path: "text", source: "user" }];
const CALL: JsonObject = {
  tool_name: "tool",
  targets: TARGETS,
  arg_provenance: PROVENANCE,
  skill_provenance: { skill_name: "skill", source: "registry", publisher: "ann" },
  delegation: { requester_identity: "b", chain: [{ delegator_identity: "a", delegate_identity: "b" }] },
  context: { identity: "b", workspace: "/srv/app", risk_class: "low", agent_identity: {}, sandbox: { user_mode: "root" } },
  relationship: {
    parent_ref: {},
    entity_refs: [{}],
    policy_ref: {},
    agent_chain: [{}],
    edges: [{ from: {}, to: {} }],
    agent_lineage: [{}],
  },
};
const SCRIPT: JsonObject = {
  script: { steps: [{ tool_name: "tool", targets: TARGETS, arg_provenance: PROVENANCE }] },
  context: { identity: "b", workspace: "/srv/app", risk_class: "low" },
};

const REQUEST: Told = {
  shape: IntentRequestShape,
  title: "request",
  examples: [CALL, SCRIPT],
  read: (json) => valueOf(intentOf(json, "example")),
};

const FIXTURE: Told = {
  shape: PolicyFixtureShape,
  title: "fixture",
  examples: [{ intent: CALL, expect: { verdict: "allow" }, kill_switch: [{ entry_id: "stop", tool_name: "tool" }] }],
  read: (json) => valueOf(readFixture(nodeHost.crypto, bytesOf(json), "example")),
};

// What follows from the rest of the call; the guide tells how.
const INFERRED = new Set(["endpoint_class", "endpoint_domain", "destructive"]);

type Path = readonly string[];

/** The document without the member at the path, the items of a list alike; undefined where there is no section around it. */
function without(json: Json, [name = "", ...rest]: Path): Json | undefined {
  if (Array.isArray(json)) {
    const items = json.map((item) => without(item, [name, ...rest]));
    return items.every((item): item is Json => item !== undefined) ? items : undefined;
  }
  if (!isJsonObject(json)) return undefined;
  const { [name]: inner, ...others } = json;
  if (rest.length === 0) return others;
  const changed = inner === undefined ? undefined : without(inner, rest);
  return changed === undefined ? undefined : { ...others, [name]: changed };
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((outer, name) => {
    const item: unknown = Array.isArray(outer) ? outer[0] : outer;
    return typeof item === "object" && item !== null ? Reflect.get(item, name) : undefined;
  }, value);

/** What a field comes to when it is left out. */
function leftOut({ examples, read, title }: Told, path: Path, shape: AnyShape): string {
  const [changed] = examples.flatMap((example) => without(example, path) ?? []);
  if (changed === undefined) throw new Error(`no example of "${title}" has the section of ${path.join(".")}`);
  const found = read(changed);
  if (found === undefined) return "required";
  if (INFERRED.has(path.at(-1) ?? "") && title === "request") return "inferred";
  const zero = answer(shape, undefined);
  if (zero.issues !== undefined || shape.fields !== undefined || shape.items?.fields !== undefined) return "";
  // A section that is on says so of itself.
  const value = shape.scalar === "truth" ? zero.value : at(found, path) ?? zero.value;
  if (Array.isArray(value)) return value.join(", ");
  if (value === undefined || value === null || value === ZERO_TIME) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const accepts = (shape: AnyShape, value: unknown): boolean => answer(shape, value).issues === undefined;

const kindOf = (shape: AnyShape): string => {
  if (shape.items !== undefined) {
    const { words, fields } = shape.items;
    return fields !== undefined ? "list" : words === undefined ? "list of texts" : `list of: ${words.join(", ")}`;
  }
  if (shape.fields !== undefined) return "section";
  const words = shape.words ?? schemaOf(shape)["enum"];
  if (Array.isArray(words)) return words.join(", ");
  switch (shape.scalar) {
    case "integer":
      return accepts(shape, -1) ? "whole number" : "whole number, not negative";
    case "decimal":
      return "number";
    case "truth":
      return "true or false";
    case "text":
      return accepts(shape, "x") ? "text" : "time";
    case undefined:
      return "object";
    default:
      throw new Error(shape.scalar satisfies never);
  }
};

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "\\<");

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(heads), `|${"---|".repeat(heads.length)}`, ...rows.map(row)].join("\n");

/** A section of a document: where it is, what it is called, and what is in it. */
type Section = { readonly path: Path; readonly title: string; readonly shape: AnyShape };

const titleOf = (outer: string, name: string, { items }: AnyShape): string =>
  `${outer === "" ? "" : `${outer}.`}${name}${items === undefined ? "" : "[]"}`;

/** A section and each section in it, outermost first. */
function sections({ path, title, shape }: Section): readonly Section[] {
  const inner = Object.entries(fieldsOf(shape)).flatMap(([name, field]) => {
    const within = field.items ?? field;
    if (within.fields === undefined) return [];
    return sections({ path: [...path, name], title: titleOf(title, name, field), shape: within });
  });
  return [{ path, title, shape }, ...inner];
}

const allOf = ({ shape, title }: Told): readonly Section[] => sections({ path: [], title, shape });

/** Where each set of fields is told: where it stands furthest out. */
const HOMES: ReadonlyMap<AnyShape["fields"], string> = new Map(
  [POLICY, REQUEST, FIXTURE].flatMap(allOf).sort((a, b) => b.path.length - a.path.length)
    .map(({ shape, title }) => [shape.fields, title]),
);

const elsewhere = (field: AnyShape, here: string): string => {
  const home = HOMES.get((field.items ?? field).fields);
  return home === undefined || home === here ? "" : `, see \`${home}\``;
};

/** A heading and a table for each section that is told here. */
const told = (document: Told): readonly string[] =>
  allOf(document).filter(({ shape, title }) => HOMES.get(shape.fields) === title).flatMap(({ path, title, shape }) => {
    const rows = Object.entries(fieldsOf(shape)).map(([name, field]) => {
      const absent = leftOut(document, [...path, name], field);
      return [
        `\`${name}\``,
        cell(kindOf(field)) + elsewhere(field, titleOf(title, name, field)),
        cell(absent),
        cell(field.doc),
      ];
    });
    const fields = table(["field", "takes", "left out", "meaning"], rows);
    return path.length === 0 ? [fields] : [`## \`${title}\``, `${shape.doc}.`, fields];
  });

const codes = (rows: readonly (readonly [code: string, ...words: string[]])[]): readonly (readonly string[])[] =>
  rows.map(([code, ...words]) => [`\`${code}\``, ...words.map(cell)]);

/** The page. */
export const policyPage = (): string =>
  [
    "# Policy reference",
    NOTE,
    "The guide is [policy](../policy.md); the schema for editors is [policy.schema.json](../../schemas/v1/gate/policy.schema.json).",
    [
      "Unknown fields are refused. Words are taken in any letter case and with blanks around them. A text may be written as any",
      'scalar: `12` is the text 12. Lists of texts are sets: order and repeats say nothing. "left out" is what an absent field comes',
      "to; where nothing stands, nothing is asked for.",
    ].join("\n"),
    ...told(POLICY),
    "# A call",
    "A request is one JSON object. Unknown members are ignored, names are exact and must not repeat.",
    ...told(REQUEST),
    "# A fixture",
    "What `gait policy test` and `gait policy simulate` read: a request as it is, or a call and what is expected of it. Unknown members are refused.",
    ...told(FIXTURE),
    "# Reason codes",
    "A rule adds its own, or `matched_rule_<name>` where it has none: its name in lower case, blanks and dashes as `_`.",
    table(["code", "what it says"], codes([...REASONS, ["fail_closed_missing_<field>", MISSING]])),
    "# Lint findings",
    "What `gait policy validate` tells of a policy that loads. `--strict` refuses errors and warnings.",
    table(
      ["code", "severity", "what it says", "what to do"],
      codes(Object.entries(LINT).map(([code, { severity, summary, remedy }]) => [code, severity, summary, remedy])),
    ),
  ].join("\n\n") + "\n";

const MISSING = "calls of this risk class have to name the field";
