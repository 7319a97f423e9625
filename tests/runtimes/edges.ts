// What a runtime's own limits and libraries could answer otherwise: depth, length, numbers, keys of small order, odd requests.
import { base64, concatBytes, utf8 } from "../../core/base/bytes.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { keyId } from "../../core/base/sign.ts";
import { signedDigest } from "../../core/run/manifest.ts";
import { nodeHost } from "../../host/node.ts";
import { craftZip } from "../base/craft_zip.ts";
import { object, resealed, texts, zipOf } from "../run/packs.ts";
import { sealed, SMALL } from "../run/runs.ts";
import type { Item } from "./corpus_file.ts";

const lists = (depth: number, inside = ""): string => `${"[".repeat(depth)}${inside}${"]".repeat(depth)}`;
const objects = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

/** JSON texts at the limits of the reader, and numbers at the limits of a double. */
export function edgeTexts(): (readonly [name: string, bytes: Uint8Array])[] {
  const depths = [1, 100, 511, 512, 513, 1000, 10_000, 100_000];
  const numbers = Array.from({ length: 2200 }, (_, i) => 2 ** (i - 1080)).filter((n) => n !== 0 && Number.isFinite(n));
  return [
    ...depths.flatMap((depth) => [
      [`${depth} lists`, utf8(lists(depth))] as const,
      [`${depth} lists, not compact`, utf8(`${lists(depth)}\n`)] as const,
      [`${depth} objects`, utf8(objects(depth))] as const,
      [`${depth} lists without an end`, utf8("[".repeat(depth))] as const,
    ]),
    ["numbers", utf8(JSON.stringify(numbers.flatMap((n) => [n, n * 3, n / 3, -n])))],
    ["numbers in another spelling", utf8(`[${numbers.map((n) => n.toExponential(20)).join(",\n")}]`)],
    ["a long text", utf8(JSON.stringify("ab\u00e4\u20ac\u{1f600}\n".repeat(100_000)))],
    [
      "many members",
      utf8(JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`${i * 7919 % 20_011}`, i])))),
    ],
    ["every unit", utf8(JSON.stringify(String.fromCharCode(...Array.from({ length: 0xd800 }, (_, i) => i))))],
    ["bytes that are no UTF-8", Uint8Array.of(0x22, 0x61, 0xff, 0x22)],
    ["a broken sequence", Uint8Array.of(0x22, 0xf0, 0x9f, 0x98, 0x22)],
    ["a byte order mark", Uint8Array.of(0xef, 0xbb, 0xbf, 0x31)],
  ];
}

const nested = (depth: number): Json =>
  depth === 0 ? { leaf: [1, "ä", 1e-7] } : depth % 2 === 0 ? [nested(depth - 1)] : { a: nested(depth - 1) };

/** Runpacks that are long (of so many calls) or deep. */
export async function edgePacks(calls: number): Promise<(readonly [name: string, bytes: Uint8Array])[]> {
  const intents = Array.from({ length: calls }, (_, i) => ({
    intent_id: `i${i}`,
    tool_name: `tool.${i % 17}`,
    args: { i, text: `${i * 2654435761 % 4294967296}`.repeat(8) },
  }));
  const results = intents.map(({ intent_id }, i) => ({ intent_id, status: i % 5 === 0 ? "error" : "ok", result: { i } }));
  const long = await sealed({ ...SMALL, intents, results }, { captureMode: "raw" });
  const deep = await sealed({ ...SMALL, intents: [{ intent_id: "deep", tool_name: "t", args: { a: nested(500) } }] }, {
    captureMode: "raw",
  });
  return [["a long run", long.bytes], ["deep arguments", deep.bytes]];
}

// Letters, with a partner in the other case, and a mark that came with Unicode 16 and 17: not all runtimes know them.
const NEW_LETTERS = [
  "\ua7dc\u019b",
  "\ua7cb\u0264",
  "\u1c89\u1c8a",
  "\ua7ce\ua7cf",
  "\u{10d50}\u{10d70}",
  "\u{16ea0}\u{16ebb}",
];
const NEW_MARK = "\u1acf";

/** Archives and runpacks whose reading depends on the version of Unicode, unless care is taken. */
export async function newLetters(): Promise<(readonly [name: string, left: Uint8Array, right: Uint8Array])[]> {
  const files = await texts((await sealed(SMALL)).bytes);
  const receipt = {
    ref_id: "r",
    source_type: "s",
    source_locator: "l",
    query_digest: "q",
    content_digest: "c",
    redaction_mode: "x",
  };
  const recordOf = (letter: string) => ({
    ...SMALL,
    intents: [{ intent_id: "i", tool_name: `${letter} http`, args: {} }],
    refs: { receipts: [{ ...receipt, immutability: letter }] },
  });
  const made: (readonly [string, Uint8Array, Uint8Array])[] = [];
  for (const pair of NEW_LETTERS) {
    const [upper = "", lower = ""] = pair;
    const parts = Object.entries(files).map(([name, content]) => ({ name, content }));
    const twins = craftZip([...parts, { name: upper, content: "x" }, { name: lower, content: "y" }]);
    const pile = craftZip([...parts, { name: `a${NEW_MARK.repeat(31)}`, content: "x" }]);
    made.push([`names ${pair}`, twins, pile]);
    const [left, right] = [await sealed(recordOf(upper)), await sealed(recordOf(lower))];
    made.push([`letters ${pair}`, left.bytes, right.bytes]);
    // As another producer may have sealed them: in capitals.
    const refs = object((await texts(left.bytes))["refs.json"]);
    const capital = JSON.stringify({
      ...refs,
      receipts: [{ ...receipt, immutability: upper, retrieved_at: "2026-03-01T10:00:00Z" }],
    });
    made.push([`sealed letters ${pair}`, await resealed({ ...await texts(left.bytes), "refs.json": capital }), right.bytes]);
  }
  return made;
}

// The eight points of small order, each y with either sign (RFC 8032, little-endian).
const ORDER_8 = [
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
];
const unhex = (text: string): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
const SMALL_ORDER = [
  new Uint8Array(32),
  new Uint8Array(32).with(0, 1),
  new Uint8Array(32).fill(0xff).with(0, 0xec).with(31, 0x7f),
  ...ORDER_8.map(unhex),
].flatMap((point) => [point, point.with(31, (point[31] ?? 0) ^ 0x80)]);

/** Runpacks whose one signature some verifiers take for any message, each with its key. */
export async function smallOrder(): Promise<Item[]> {
  const files = await texts((await sealed(SMALL)).bytes);
  const manifest = object(files["manifest.json"]);
  const signed_digest = signedDigest(nodeHost.crypto, manifest);
  const items: Item[] = [];
  for (const key of SMALL_ORDER) {
    for (const r of [key, new Uint8Array(32).with(0, 1)]) {
      const sig = base64(concatBytes([r, new Uint8Array(32)]));
      const signature: JsonObject = { alg: "ed25519", key_id: keyId(nodeHost.crypto, key), sig, signed_digest };
      const pack = await zipOf({ ...files, "manifest.json": JSON.stringify({ ...manifest, signatures: [signature] }) });
      const request = JSON.stringify({ operation: "verify", public_key: base64(key) });
      items.push({ name: `small order ${items.length}`, requests: [request], artifacts: [pack] });
    }
  }
  return items;
}

/** Requests that are wrong, or bring too few or too many artifacts. */
export function oddRequests(pack: Uint8Array): Item[] {
  const requests = [
    "",
    "{",
    "[]",
    "null",
    "{}",
    '{"operation":"toString"}',
    '{"operation":1}',
    '{"operation":"verify","operation":"digest"}',
    '{"operation":"verify","strict":true}',
    '{"operation":"verify","public_key":"AAAA"}',
    '{"operation":"verify","public_key":1}',
    '{"operation":"verify","extra":1}',
    '{"operation":"verify","names":[]}',
    '{"operation":"verify","names":["\\u202e","b"]}',
    '{"operation":"verify","names":"a"}',
    '{"operation":"inspect","privacy":"full"}',
    '{"operation":"diff","privacy":"none"}',
    '{"operation":"diff","names":["a.zip"]}',
    '{"operation":"replay","names":["a.zip"]}',
    '{"operation":"digest"}',
    `{"operation":"digest","names":["${"n".repeat(300)}"]}`,
    `{"operation":"digest","names":${lists(600)}}`,
  ];
  return [[], [pack], [pack, pack], [pack, pack, pack]].map((artifacts) => ({
    name: `requests with ${artifacts.length} artifacts`,
    requests,
    artifacts,
  }));
}
