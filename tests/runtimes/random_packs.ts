// Runpacks that follow from a seed: recorded from random runs, then damaged in every layer.
import fc from "fast-check";
import { utf8 } from "../../core/base/bytes.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { newKey } from "../../core/base/keys.ts";
import { nodeHost } from "../../host/node.ts";
import { craftZip, type Header, type Part } from "../base/craft_zip.ts";
import { resealed, type Texts, texts, zipOf } from "../run/packs.ts";
import { arbitraryRun, sealed } from "../run/runs.ts";
import { anyText, damaged, type Dice, jsonish, pick } from "./dice.ts";

/** The key that signs every third random run. */
export const KEY = await newKey(nodeHost.crypto, new Uint8Array(32).fill(7));

const SEED = 20260301;
const lossy = new TextDecoder();

const verdict = (roll: Dice): JsonObject => ({
  verdict: pick(roll, ["allow", " block ", "", 1]),
  reason_codes: pick<Json>(roll, [["b", "a", " b "], "one", [1, "x"], null, anyText(roll, 5)]),
  violations: [anyText(roll, 4), "v"],
});

// What random runs seldom have: calls that repeat, answers to nobody, verdicts, receipts.
function furnished(roll: Dice, run: JsonObject): JsonObject {
  const ids = ["i1", "i2", "i3", anyText(roll, 3)];
  const tools = ["http.get", "File.Write", "db.query", "queue.publish", "mail.send", "tool.echo", anyText(roll, 6)];
  const intents = Array.from({ length: roll(4) }, () => ({
    intent_id: pick(roll, ids),
    tool_name: pick(roll, tools),
    args: { path: anyText(roll, 4), n: roll(1000) / 7 },
  }));
  const results = Array.from({ length: roll(4) }, () => ({
    intent_id: pick(roll, ids),
    status: pick(roll, ["ok", "error", ""]),
    result: verdict(roll),
  }));
  const receipts = Array.from({ length: roll(3) }, (_, i) => ({
    ref_id: `ref_${i}`,
    source_type: "demo",
    source_locator: `l${anyText(roll, 4)}`,
    query_digest: "q",
    content_digest: `c${anyText(roll, 4)}`,
    redaction_mode: "reference",
  }));
  return { ...run, intents, results, ...(receipts.length === 0 ? {} : { refs: { receipts } }) };
}

/** So many recorded runs as sealed runpacks, every third signed. */
export async function recordedPacks(roll: Dice, count: number): Promise<Uint8Array[]> {
  const packs: Uint8Array[] = [];
  for (const [i, run] of fc.sample(arbitraryRun, { seed: SEED, numRuns: count }).entries()) {
    const input = i % 2 === 0 ? furnished(roll, run) : run;
    packs.push((await sealed(input, {}, i % 3 === 0 ? KEY : undefined)).bytes);
  }
  return packs;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/g;

/** A JSON text with one value or name in it put otherwise, or damaged anywhere. */
function altered(roll: Dice, text: string): string {
  const tokens = [...text.matchAll(TOKEN)];
  if (tokens.length === 0 || roll(4) === 0) return lossy.decode(damaged(roll, utf8(text)));
  const { index, 0: token } = pick(roll, tokens);
  return `${text.slice(0, index)}${jsonish(roll, 2)}${text.slice(index + token.length)}`;
}

const ENTRIES = ["intents.jsonl", "refs.json", "results.jsonl", "run.json"] as const;

const withAltered = (roll: Dice, files: Texts): Texts => {
  const path = pick(roll, ENTRIES);
  return { ...files, [path]: altered(roll, files[path] ?? "") };
};

const deviation = (roll: Dice): Header =>
  pick<Header>(roll, [
    { crc: roll(2 ** 30) },
    { size: roll(400) },
    { packed: roll(400) },
    { flags: 1 << roll(16) },
    { method: roll(20) },
    { version: roll(70) },
    { extra: Uint8Array.from({ length: roll(12) }, () => roll(256)) },
    { name: utf8(anyText(roll, 6)) },
  ]);

/** The entries in another dress, one of them wrong in one header, or beside an entry of any name. */
function crafted(roll: Dice, files: Texts): Uint8Array {
  const descriptor = pick<Part["descriptor"]>(roll, [undefined, "plain", "signed"]);
  const stored = roll(3) === 0;
  const parts = Object.entries(files).map(([name, content]): Part => ({
    name,
    content,
    stored,
    ...(descriptor === undefined ? {} : { descriptor }),
  }));
  const at = roll(parts.length);
  const odd = pick(roll, ["none", "both", "local", "central", "name", "twins"] as const);
  if (odd === "name") parts.push({ name: anyText(roll, 8), content: "x" });
  if (odd === "twins") {
    const name = anyText(roll, 3);
    const other = pick(roll, [
      name.toUpperCase(),
      name.toLowerCase(),
      name.normalize("NFD"),
      name.normalize("NFKC"),
      `${name} `,
    ]);
    parts.push({ name, content: "x" }, { name: other, content: "y" });
  }
  const dressed = parts.map((part, i) =>
    i === at && (odd === "both" || odd === "local" || odd === "central") ? { ...part, [odd]: deviation(roll) } : part
  );
  return craftZip(dressed, roll(6) === 0 ? { zip64: true } : {});
}

/** A runpack made from another, changed in its bytes, its entries, its manifest or its archive. */
export async function mutant(roll: Dice, original: Uint8Array): Promise<Uint8Array> {
  const layer = pick(roll, ["bytes", "entry", "sealed entry", "sealed entry", "manifest", "archive", "archive"] as const);
  if (layer === "bytes") return damaged(roll, original);
  const files = await texts(original);
  switch (layer) {
    case "entry":
      return await zipOf(withAltered(roll, files));
    case "sealed entry":
      return await resealed(withAltered(roll, files));
    case "manifest":
      return await zipOf({ ...files, "manifest.json": altered(roll, files["manifest.json"] ?? "") });
    case "archive":
      return crafted(roll, files);
    default:
      throw new Error(layer satisfies never);
  }
}
