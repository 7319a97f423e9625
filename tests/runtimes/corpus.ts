// The one corpus that all runtimes answer: recorded cases, hostile archives, public vectors, edges, random artifacts, and random policies
// and calls. It follows from a fixed seed.
import { base64, utf8 } from "../../core/base/bytes.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { HARMLESS, HOSTILE } from "../base/hostile_zips.ts";
import type { Item } from "./corpus_file.ts";
import { diceOf, jsonish, pick } from "./dice.ts";
import { gateItems, zoneItems } from "./gate_pairs.ts";
import { edgePacks, edgeTexts, newLetters, oddRequests, smallOrder } from "./edges.ts";
import { KEY, mutant, recordedPacks } from "./random_packs.ts";
import { recorded, vectors } from "./recorded.ts";

/** How much of everything: so many random artifacts, every so-manieth of what is given, and calls in the longest run. */
export type Size = {
  readonly runs: number;
  readonly mutants: number;
  readonly texts: number;
  readonly every: number;
  readonly calls: number;
  /** So many policies, with a few calls each. */
  readonly policies: number;
};

/** All that is given, 2,200 random artifacts, and 10,000 pairs of a policy and a call. */
export const FULL: Size = { runs: 400, mutants: 1000, texts: 800, every: 1, calls: 4000, policies: 1250 };

/** What the daily gate has time for. */
export const SHORT: Size = { runs: 20, mutants: 80, texts: 100, every: 12, calls: 100, policies: 60 };

/** The names of the items whose artifacts are random. */
export const RANDOM = /^(?:random run|mutant|random text) \d+$/;

const SEED = 4_200_2026;

const request = (operation: string, names: readonly string[], more: JsonObject = {}): string =>
  JSON.stringify({ operation, names, ...more });

const PACK_REQUESTS = [
  request("verify", ["pack.zip"]),
  request("verify", ["pack.zip"], { strict: true, public_key: base64(KEY.publicKey) }),
  request("inspect", ["pack.zip"]),
  request("replay", ["pack.zip"]),
];
const TEXT_REQUESTS = [request("digest", ["text.json"]), request("inspect", ["chain.json"])];
const PAIR_REQUESTS = (names: readonly string[]) => [
  request("diff", names),
  request("diff", names, { privacy: "metadata" }),
];

const asPack = (name: string, pack: Uint8Array): Item => ({ name, requests: PACK_REQUESTS, artifacts: [pack] });
const asText = (name: string, text: Uint8Array): Item => ({ name, requests: TEXT_REQUESTS, artifacts: [text] });
const asPair = (name: string, left: Uint8Array, right: Uint8Array, names = ["a.zip", "b.zip"]): Item => ({
  name,
  requests: PAIR_REQUESTS(names),
  artifacts: [left, right],
});

const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** Each file of the recorded cases, and beside it each pair of archives, or of documents, that follow one another in a case. */
function recordedItems(): Item[] {
  return recorded().flatMap(({ name, files }) => {
    const alone = files.map(([file, bytes]) =>
      isZip(bytes) || file.endsWith(".zip") ? asPack(`${name} ${file}`, bytes) : asText(`${name} ${file}`, bytes)
    );
    const chains = files.filter(([file]) => file.endsWith(".json"));
    const archives = files.filter(([, bytes]) => isZip(bytes));
    const pairs = [archives, chains].flatMap((list, i) =>
      list.slice(1).map(([file, bytes], j) => {
        const names = i === 0 ? ["a.zip", "b.zip"] : ["a.json", "b.json"];
        return asPair(`${name} ${list[j]?.[0]} and ${file}`, list[j]?.[1] ?? bytes, bytes, names);
      })
    );
    return [...alone, ...pairs];
  });
}

async function randomItems({ runs, mutants, texts }: Size): Promise<Item[]> {
  const roll = diceOf(SEED);
  const packs = await recordedPacks(roll, runs);
  const items = packs.map((pack, i) => asPack(`random run ${i}`, pack));
  items.push(...packs.slice(1).map((pack, i) => asPair(`random runs ${i} and ${i + 1}`, packs[i] ?? pack, pack)));
  for (let i = 0; i < mutants; i++) {
    const original = pick(roll, packs);
    const changed = await mutant(roll, original);
    items.push(asPack(`mutant ${i}`, changed));
    if (i % 3 === 0) items.push(asPair(`mutant ${i} and its original`, original, changed));
  }
  for (let i = 0; i < texts; i++) items.push(asText(`random text ${i}`, utf8(jsonish(roll))));
  return items;
}

/** The corpus of this size, always in the same order. */
export async function corpus(size: Size): Promise<Item[]> {
  const edges = await edgePacks(size.calls);
  const letters = await newLetters();
  const given = [
    ...recordedItems(),
    ...HOSTILE.map(({ what, zip }) => asPack(`hostile: ${what}`, zip)),
    asPack("harmless", HARMLESS),
    ...["json/test_parsing", "jcs/input", "jcs/output"].flatMap((folder) =>
      vectors(folder).map(([name, bytes]) => asText(`${folder}/${name}`, bytes))
    ),
    ...edgeTexts().map(([name, bytes]) => asText(name, bytes)),
    ...edges.flatMap(([name, bytes]) => [asPack(name, bytes), asPair(`${name}, twice`, bytes, bytes)]),
    ...await smallOrder(),
    ...oddRequests(edges.at(-1)?.[1] ?? HARMLESS),
    ...letters.flatMap(([name, left, right]) => [asPack(name, left), asPack(name, right), asPair(name, left, right)]),
  ];
  const gate = [...gateItems(size.policies), ...zoneItems(size.every)];
  return [...given.filter((_, i) => i % size.every === 0), ...await randomItems(size), ...gate];
}
