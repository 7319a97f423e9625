// A bundle depends on the input alone: not on time zone, locale, order of members, the folder's other files, or where it is made.
import { assertEquals } from "../assert.ts";
import { machine } from "./commands_world.ts";

const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;
const RECEIPT = { source_type: "GAIT.TRACE", source_locator: "I\u0130\u0131i", redaction_mode: "reference" };
const INPUT = {
  run: {
    run_id: "run_places",
    created_at: "2026-03-29T02:30:00.123456789+01:00",
    env: { os: "o", arch: "a", runtime: "r" },
    timeline: [{ event: "b", ts: "2026-10-25T02:30:00+02:00" }, { event: "a", ts: "1969-12-31T23:59:59Z" }],
  },
  intents: ["z", "a", "\u00e4", "I", "\u0131", "10", "9"].map((intent_id) => ({
    intent_id,
    tool_name: "T",
    args: { 10: 1, 9: 2, "\u00e4": 3, z: 4, I: 5, i: 6 },
  })),
  results: [{ intent_id: "I", status: "ok", result: { "\u0130": 1e21, i: 1e-7 } }],
  refs: {
    context_evidence_mode: "BEST_EFFORT",
    receipts: ["trace_I", "trace_I", "x\u0131"].map((ref_id) => ({
      ref_id,
      ...RECEIPT,
      ...(ref_id.startsWith("x") ? { query_digest: "I\u0130", content_digest: "\u03a3\u03c2" } : {}),
    })),
  },
  capture_mode: "raw",
};

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([name, member]) => [name, reversed(member)]));
};

async function recordIn(env: Readonly<Record<string, string>>, input: unknown, others: readonly string[]): Promise<Uint8Array> {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of others) await Deno.writeTextFile(`${folder}/${name}`, "{}");
    await Deno.writeTextFile(`${folder}/in.json`, JSON.stringify(input, undefined, others.length));
    const args = ["run", "-A", "-q", "--no-prompt", MAIN, "run", "record", "in.json", "--out-dir", "o"];
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: folder, env }).output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    if (code !== 0) throw new Error(said);
    return await Deno.readFile(`${folder}/o/runpack_run_places.zip`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("environment: time zone, locale, order of members and the folder do not change a byte of the bundle", async () => {
  const made = machine({ files: { "in.json": JSON.stringify(INPUT) } });
  await made.json("run", "record", "in.json");
  const wanted = made.disk.bytes("gait-out/runpack_run_places.zip");
  if (typeof wanted === "string") throw new Error(wanted);
  const bundles = await Promise.all([
    recordIn({ TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" }, INPUT, []),
    recordIn({ TZ: "America/St_Johns", LANG: "C", LC_ALL: "C" }, reversed(INPUT), ["a.json", "gait-out", "z.zip"]),
    recordIn({ TZ: "Pacific/Apia", LC_ALL: "sv_SE.UTF-8", LANGUAGE: "sv" }, INPUT, ["run.json"]),
  ]);
  for (const [i, bundle] of bundles.entries()) assertEquals(bundle, wanted, `bundle ${i + 1}`);
});
