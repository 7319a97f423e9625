// The generated JSON Schemas against those that the existing implementation has published: where they differ is a decision,
// and each such place is written down here.
import { policySchema } from "../../scripts/gen/policy.ts";
import { schemaOf } from "../../scripts/gen/schemas.ts";
import { DOCUMENTS } from "../../core/schema/mod.ts";
import {
  filled,
  integer,
  listOf,
  listOrNull,
  mapOf,
  object,
  payload,
  present,
  strict,
  text,
  time,
} from "../../core/base/shape.ts";
import { assert, assertEquals } from "../assert.ts";
import { shared } from "../shared.ts";

type Schema = { readonly [keyword: string]: unknown };

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null && !Array.isArray(value);

const part = (schema: Schema, keyword: string): Schema => {
  const value = schema[keyword];
  return isSchema(value) ? value : {};
};

const words = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)];

const lacking = (a: readonly string[], b: readonly string[]): string[] => a.filter((name) => !b.includes(name)).sort();

/** Where two schemas of one document differ in members, in what is always there, and in types. */
function differences(ours: Schema, theirs: Schema, at: string): string[] {
  const mine = part(ours, "properties");
  const published = part(theirs, "properties");
  const names = Object.keys(published);
  const own = names.length === 0 ? [] : [
    ...lacking(names, Object.keys(mine)).map((name) => `${at}.${name}: only published`),
    ...lacking(Object.keys(mine), names).map((name) => `${at}.${name}: only ours`),
    ...lacking(words(theirs["required"]), words(ours["required"])).map((name) => `${at}.${name}: published as required`),
    ...lacking(words(ours["required"]), words(theirs["required"])).map((name) => `${at}.${name}: always written`),
  ];
  const types = [words(ours["type"]), words(theirs["type"])] as const;
  const typed = types.some((list) => list.length === 0) || types[0].join() === types[1].join()
    ? []
    : [`${at}: ${types[0].join(" or ")}, published as ${types[1].join(" or ")}`];
  const below = names.filter((name) => name in mine)
    .flatMap((name) => differences(part(mine, name), part(published, name), `${at}.${name}`));
  const items = "items" in ours && "items" in theirs ? differences(part(ours, "items"), part(theirs, "items"), `${at}[]`) : [];
  return [...own, ...typed, ...below, ...items];
}

// Times and digests are written even when they are zero (spec 01, section 1.2); an absent list is null (section 5).
const DECIDED: readonly string[] = [
  "gate/approval_audit_record.entries: array or null, published as array",
  "gate/approval_audit_record.entries[].expires_at: always written",
  "gate/broker_credential_record.expires_at: always written",
  "gate/broker_credential_record.issued_at: always written",
  "gate/delegation_audit_record.entries[].expires_at: always written",
  "gate/intent_request.args_digest: only published", // claimed digests are ignored (spec 02, section 4.1)
  "gate/intent_request.context.agent_identity.approved_at: always written",
  "gate/intent_request.context.agent_identity.expires_at: always written",
  "gate/intent_request.context.agent_identity.issued_at: always written",
  "gate/intent_request.delegation.chain[].expires_at: always written",
  "gate/intent_request.delegation.chain[].issued_at: always written",
  "gate/intent_request.delegation.expires_at: always written",
  "gate/intent_request.delegation.issued_at: always written",
  "gate/intent_request.intent_digest: only published",
  "gate/intent_request.script_hash: only published",
  "gate/kill_switch_state.entries[].expires_at: always written", // spec 03, section 8
  "gate/policy_explain.credential_posture: always written",
  "gate/policy_explain.final_reason_codes: only ours", // spec 02, section 11
  "gate/policy_explain.final_verdict: only ours",
  "gate/policy_explain.proof_refs: always written",
  "gate/trace_record.observed_at: always written",
  "gate/trace_record.agent_identity.approved_at: always written",
  "gate/trace_record.agent_identity.expires_at: always written",
  "gate/trace_record.agent_identity.issued_at: always written",
  "gate/trace_record.freeze_window.evaluated_at: always written",
  "gate/trace_record.freeze_window.window_end: always written",
  "gate/trace_record.freeze_window.window_start: always written",
  "gate/trace_record.kill_switch.evaluated_at: always written",
  "gate/trace_record.mcp_trust.updated_at: always written",
  "runpack/manifest.files: array or null, published as array",
  "runpack/refs.receipts[].immutability: always written",
  "runpack/run.timeline: array or null, published as array",
  "runpack/session_chain.checkpoints[].safety_invariant_hash: only ours",
  "runpack/session_chain.checkpoints[].safety_invariant_version: only ours",
  "runpack/session_checkpoint.safety_invariant_hash: only ours",
  "runpack/session_checkpoint.safety_invariant_version: only ours",
  "runpack/session_journal.checkpoints: only published", // they stand in lines of their own
];

Deno.test("schemas: they say what the published ones say, but where it was decided otherwise", () => {
  const folder = shared("schemas/v1/");
  if (folder === undefined) return;
  const published = Object.keys(DOCUMENTS).filter((name) => {
    try {
      return Deno.statSync(`${folder}${name}.schema.json`).isFile;
    } catch {
      return false;
    }
  });
  assert(published.length >= 8, `only ${published.join(", ")} are published`);
  const found = published.flatMap((name) => {
    const shape = DOCUMENTS[name];
    if (shape === undefined) throw new Error(name);
    return differences(schemaOf(shape), JSON.parse(Deno.readTextFileSync(`${folder}${name}.schema.json`)), name);
  });
  assertEquals(found.sort(), [...DECIDED].sort());
});

// A policy is read, not written: its schema takes any scalar for a text and null for anything (spec 02, section 2.1), and has nothing
// required that has a default.
Deno.test("schemas: the policy has the fields of the published one, and asks for no less", () => {
  const path = shared("schemas/v1/gate/policy.schema.json");
  if (path === undefined) return;
  const found = differences(JSON.parse(policySchema()), JSON.parse(Deno.readTextFileSync(path)), "policy");
  const meant = / string or number or boolean or null, published as string$| (\w+) or null, published as \1$/;
  assertEquals(found.filter((line) => !meant.test(line)), [
    "policy.rules[].freeze_window.timezone: always written", // it has to have both (spec 02, section 6.7)
    "policy.rules[].freeze_window.windows: always written",
  ]);
});

const RULES = ["const", "enum", "pattern", "minimum", "minItems", "minLength", "additionalProperties"];

/** The rules of a schema by place, references followed; below an object without `properties` there are none to compare. */
function rules(schema: Schema, resolve: (ref: string) => Schema, at = ""): readonly string[] {
  const ref = schema["$ref"];
  if (typeof ref === "string") return rules(resolve(ref), resolve, at);
  const own = [
    ...RULES.filter((rule) => rule in schema).map((rule) => `${at} ${rule} ${JSON.stringify(schema[rule])}`),
    ...words(schema["required"]).map((name) => `${at} needs ${name}`),
    // Words and fixed values say their type themselves.
    ...("enum" in schema || "const" in schema ? [] : words(schema["type"]).map((type) => `${at} is ${type}`)),
  ];
  const members = Object.keys(part(schema, "properties")).flatMap((name) =>
    rules(part(part(schema, "properties"), name), resolve, `${at}.${name}`)
  );
  return [...own, ...members, ...("items" in schema ? rules(part(schema, "items"), resolve, `${at}[]`) : [])];
}

Deno.test("schemas: those of action contracts refuse whatever the published ones refuse, and nothing else", () => {
  const folder = shared("schemas/v1/action-contract/");
  if (folder === undefined) return;
  const read = (name: string): Schema => JSON.parse(Deno.readTextFileSync(`${folder}${name}.schema.json`));
  const contract = read("proposed-action-contract-v3");
  const resolve = (ref: string): Schema => ref.startsWith("#/$defs/") ? part(part(contract, "$defs"), ref.slice(8)) : contract;
  for (
    const name of ["activated-action-contract-artifact", "proposed-action-contract-artifact", "proposed-action-contract-v3"]
  ) {
    const shape = DOCUMENTS[`action-contract/${name}`];
    if (shape === undefined) throw new Error(name);
    const published = rules(read(name), resolve);
    assert(published.length > 30, `${name} has ${published.length} rules`);
    assertEquals(rules(schemaOf(shape), resolve).toSorted(), published.toSorted(), name);
  }
});

Deno.test("schemas: every kind of shape has its schema", () => {
  const shape = object("all", () => ({
    word: text("a text"),
    count: filled(integer("a count")),
    when: time("a time"),
    any: payload("a payload"),
    list: listOf(text("an item"), "a list"),
    maybe: listOrNull(text("an item"), "a list or null"),
    map: mapOf(payload("a payload"), "a map"),
    inner: present(strict("an object", () => ({ id: text("an id") }))),
  }));
  assertEquals(schemaOf(shape), {
    description: "all",
    type: "object",
    required: ["word", "when", "list", "maybe"],
    properties: {
      word: { description: "a text", type: "string" },
      count: { description: "a count", type: "integer" },
      when: { description: "a time", type: "string", format: "date-time" },
      any: { description: "a payload", type: "object" },
      list: { description: "a list", type: "array", items: { description: "an item", type: "string" } },
      maybe: { description: "a list or null", type: ["array", "null"], items: { description: "an item", type: "string" } },
      map: { description: "a map", type: "object", additionalProperties: { description: "a payload", type: "object" } },
      inner: {
        description: "an object",
        type: "object",
        required: ["id"],
        properties: { id: { description: "an id", type: "string" } },
        additionalProperties: false,
      },
    },
    additionalProperties: true,
  });
});
