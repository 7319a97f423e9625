// The documents that gait writes, held against the published schemas of the existing implementation and against gait's own. Where
// a document may be what a published schema forbids, the place is written down with its reason.
import { type Schema, Validator } from "@cfworker/json-schema";
import fc from "fast-check";
import { utf8 } from "../../core/base/bytes.ts";
import { type AnyShape, writeShape } from "../../core/base/shape.ts";
import { readContext } from "../../core/run/context.ts";
import { DOCUMENTS } from "../../core/schema/mod.ts";
import { ContextRecordShape } from "../../core/schema/context.ts";
import { ShownTraceShape } from "../../core/schema/trace.ts";
import { readTrace } from "../../core/trace/verify.ts";
import { nodeHost } from "../../host/node.ts";
import { schemaOf } from "../../scripts/gen/schemas.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { machine } from "../cli/commands_world.ts";
import { answerTo, toolCall, wrapped } from "../cli/mcp_wrap/world.ts";
import { texts } from "../run/packs.ts";
import { arbitraryRun, sealed, SMALL } from "../run/runs.ts";
import { shared } from "../shared.ts";

/** A document and the name of its schema. */
type Written = { readonly name: string; readonly json: unknown };

const ENTRIES: Readonly<Record<string, string>> = {
  "manifest.json": "runpack/manifest",
  "run.json": "runpack/run",
  "refs.json": "runpack/refs",
  "intents.jsonl": "runpack/intent",
  "results.jsonl": "runpack/result",
};

/** What the runpack of a wrapped session has beside them. */
const JOURNAL: typeof ENTRIES = { "journals/01.jsonl": "mcp/wrap_session_record", "gait_sequences.json": "pack/sequences" };

/** The documents of a runpack. */
async function documents(pack: Uint8Array): Promise<Written[]> {
  const found: Written[] = [];
  for (const [path, text] of Object.entries(await texts(pack))) {
    const name = ENTRIES[path] ?? JOURNAL[path];
    if (name === undefined) throw new Error(`no schema for ${path}`);
    const lines = path.endsWith("l") ? text.split("\n").slice(0, -1) : [text];
    found.push(...lines.map((line) => ({ name, json: JSON.parse(line) })));
  }
  return found;
}

type Case = {
  readonly case: string;
  readonly files?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly {
    readonly argv: readonly string[];
    readonly exit: number;
    readonly env?: Readonly<Record<string, string>>;
  }[];
};

const casesIn = (folder: string, start: string): Case[] =>
  [...Deno.readDirSync(folder)].filter(({ name }) => name.startsWith(start))
    .map(({ name }) => JSON.parse(Deno.readTextFileSync(`${folder}${name}`)));

const textFile = (content: unknown): string | undefined => {
  if (typeof content === "string") return content;
  const special = typeof content === "object" && content !== null &&
    ("base64" in content || "zip" in content || "text" in content);
  return special ? undefined : JSON.stringify(content);
};

// Recorded cases whose run id would be refused: none.
const REFUSED: readonly string[] = [];

/** Every runpack that the recorded cases have `run record` write. */
async function recordedPacks(folder: string): Promise<Uint8Array[]> {
  const packs: Uint8Array[] = [];
  const refused: string[] = [];
  const folders = [...Deno.readDirSync(folder)].filter(({ isDirectory }) => isDirectory).map(({ name }) => `${folder}${name}/`);
  for (const { case: name, files = {}, env = {}, steps } of folders.flatMap((area) => casesIn(area, ""))) {
    const records = steps.filter(({ argv, exit }) =>
      exit === 0 && argv[0] === "run" && argv[1] === "record" &&
      !argv.some((word) => ["--explain", "--help", "-h"].includes(word))
    );
    if (records.length === 0) continue;
    const given = Object.entries(files).flatMap(([path, content]) => {
      const text = textFile(content);
      return text === undefined ? [] : [[path, text] as const];
    });
    const made = machine({
      files: Object.fromEntries(given),
      env: Object.assign({}, env, ...records.map((step) => step.env ?? {})),
    });
    for (const { argv } of records) {
      const [exit, said] = await made.json(...argv.filter((word) => word !== "--json"));
      if (said.fault === "path_refused") {
        refused.push(name);
        continue;
      }
      assertEquals(exit, 0, `${argv.join(" ")}: ${JSON.stringify(said)}`);
      const pack = made.disk.bytes(String(said.bundle).replace(/^\.\//, ""));
      if (typeof pack === "string") throw new Error(`${said.bundle}: ${pack}`);
      packs.push(pack);
    }
  }
  assertEquals(refused, REFUSED, "refused by name");
  return packs;
}

const validator = (schema: Schema, others: readonly Schema[] = []): Validator => {
  const made = new Validator(schema, "2020-12", false);
  for (const other of others) made.addSchema(other);
  return made;
};

/** Where documents break a schema: name, place without indexes, keyword; each once, sorted. */
function breaches(written: readonly Written[], schemas: ReadonlyMap<string, Validator>): string[] {
  const found = new Set<string>();
  for (const { name, json } of written) {
    const schema = schemas.get(name);
    if (schema === undefined) throw new Error(`no schema ${name}`);
    for (const { instanceLocation, keyword } of schema.validate(json).errors) {
      if (["properties", "items", "$ref"].includes(keyword)) continue; // what lies below is told by itself
      found.add(`${name} ${instanceLocation.replaceAll(/\/\d+(?=\/|$)/g, "[]")} ${keyword}`);
    }
  }
  return [...found].sort();
}

const published = (folder: string, names: readonly string[]): Map<string, Validator> =>
  new Map(names.map((name) => {
    const schema: Schema = JSON.parse(Deno.readTextFileSync(`${folder}${name}.schema.json`));
    return [name, validator(schema)];
  }));

const OURS: ReadonlyMap<string, Validator> = new Map(
  Object.entries(DOCUMENTS).map((
    [name, shape]: readonly [string, AnyShape],
  ) => [name, validator(JSON.parse(JSON.stringify(schemaOf(shape))))]),
);

// Spec 01 keeps as given what the published schemas narrow; the recorded cases do it.
const KEPT_AS_GIVEN: readonly string[] = [
  // A run id is not held to a pattern (section 6, step 3).
  "runpack/intent #/run_id pattern",
  "runpack/manifest #/run_id pattern",
  "runpack/refs #/run_id pattern",
  "runpack/result #/run_id pattern",
  "runpack/run #/run_id pattern",
  // A digest without its payload is kept and not checked (section 6.1 c).
  "runpack/intent #/args_digest pattern",
  // The status is the producer's word (section 5.3 names none).
  "runpack/result #/status enum",
  // A timeline that was absent is null, which is not an empty one (section 5.2).
  "runpack/run #/timeline type",
];

Deno.test("schema: every document that run record writes for the recorded cases is what the published schemas say", async () => {
  const cases = shared("conformance/");
  const folder = shared("schemas/v1/");
  if (cases === undefined || folder === undefined) return;
  const packs = await recordedPacks(cases);
  assert(packs.length > 80, `only ${packs.length} packs`);
  const written = (await Promise.all(packs.map(documents))).flat();
  assertEquals(breaches(written, published(folder, Object.values(ENTRIES))), [...KEPT_AS_GIVEN].sort());
  assertEquals(breaches(written, OURS), []);
});

Deno.test("schema: arbitrary runs are what gait's own schemas say", async () => {
  const runs = fc.sample(arbitraryRun, { numRuns: 30, seed: 7 });
  const written = (await Promise.all(runs.map(async (run) => documents((await sealed(run)).bytes)))).flat();
  assertEquals(breaches(written, OURS), []);
});

Deno.test("schema: the demo is what the published schemas say, without an exception", async () => {
  const folder = shared("schemas/v1/");
  if (folder === undefined) return;
  const made = machine();
  await made.json("demo");
  const pack = made.disk.bytes("gait-out/runpack_run_demo.zip");
  if (typeof pack === "string") throw new Error(pack);
  const written = await documents(pack);
  assertEquals(written.length, 9);
  assertEquals(breaches(written, published(folder, Object.values(ENTRIES))), []);
});

Deno.test("schema: the runpack of a wrapped session is what the published schemas say, but for the words of its results", async () => {
  const folder = shared("schemas/v1/");
  if (folder === undefined) return;
  const world = wrapped();
  await world.client.send(toolCall(1, "shelf.peek"), toolCall(2, "shelf.wipe"), toolCall(3, "shelf.peek", { "": 1 }));
  await world.server.send(answerTo(1));
  await world.client.close();
  assertEquals(await world.session, "ok");
  const pack = world.ports.disk.bytes(world.paths().find((path) => path.endsWith("/runpack.zip")) ?? "none");
  if (typeof pack === "string") throw new Error(pack);
  const written = await documents(pack);
  const own = written.filter(({ name }) => Object.values(JOURNAL).includes(name));
  assertEquals([written.length - own.length, breaches(written, OURS)], [9, []]);
  assertEquals(
    breaches(written.filter((one) => !own.includes(one)), published(folder, Object.values(ENTRIES))),
    ["runpack/result #/status enum"], // the producer's word
  );
});

Deno.test("schema: the traces of the recorded cases, as gait writes them, are what the schemas say", () => {
  const cases = shared("conformance/authority/");
  const folder = shared("schemas/v1/");
  if (cases === undefined || folder === undefined) return;
  const traces = casesIn(cases, "trace-verify").flatMap(({ files = {} }) => {
    const read = readTrace(utf8(JSON.stringify(files["t.json"] ?? null)), "t.json");
    return read.ok ? [{ name: "gate/trace_record", json: writeShape(ShownTraceShape, read.value.trace) }] : [];
  });
  assert(traces.length > 20, `only ${traces.length} traces`);
  assertEquals(breaches(traces, published(folder, ["gate/trace_record"])), []);
  assertEquals(breaches(traces, OURS), []);
});

Deno.test("schema: the records of a context envelope in normal form are what the schemas say", () => {
  const folder = shared("schemas/v1/");
  if (folder === undefined) return;
  const digest = "A".repeat(64);
  const record = {
    ref_id: " d ",
    source_type: "kb",
    source_locator: "l",
    query_digest: digest,
    content_digest: digest,
    redaction_mode: "hashes",
  };
  const full = {
    ...record,
    immutability: "MUTABLE",
    freshness_sla_seconds: 5,
    sensitivity_label: "pii",
    retrieval_params: { k: 1 },
  };
  const text = JSON.stringify({ context_set_id: "s", records: [record, full] });
  const { records } = assertOk(readContext(nodeHost.crypto, utf8(text), "ctx.json"));
  const written = records.map((normal) => ({ name: "context/reference_record", json: writeShape(ContextRecordShape, normal) }));
  assertEquals(breaches(written, published(folder, ["context/reference_record"])), []);
  assertEquals(breaches(written, OURS), []);
});

Deno.test("schema: a document that breaks its schema is found, also below a reference", async () => {
  const folder = shared("schemas/v1/");
  if (folder === undefined) return;
  const relationship = { parent_ref: { kind: "moon", id: "x" } };
  const run = { ...SMALL, run: { run_id: "run x", timeline: [{ event: "e", ts: "2026-01-01T00:00:00Z", relationship }] } };
  const written = await documents((await sealed(run)).bytes);
  const broken = written.map(({ name, json }) => ({ name, json: { ...Object(json), producer_version: 5 } }));
  const schemas = published(folder, Object.values(ENTRIES));
  assertEquals(breaches(written, schemas), [
    "runpack/intent #/run_id pattern",
    "runpack/manifest #/run_id pattern",
    "runpack/refs #/run_id pattern",
    "runpack/result #/run_id pattern",
    "runpack/run #/run_id pattern",
    "runpack/run #/timeline[]/relationship/parent_ref/kind enum",
  ]);
  assertEquals(breaches(broken, OURS).filter((row) => row.endsWith("type")).length, 5);
});
