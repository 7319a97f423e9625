// What a pack that is written in pieces promises: the bytes of one that is built at once, and nothing but what was judged.
import fc from "fast-check";
import { concatBytes, utf8 } from "../../core/base/bytes.ts";
import { canonicalBytes } from "../../core/base/canonical.ts";
import { sha256Hex } from "../../core/base/digest.ts";
import type { Sink, Source } from "../../core/base/host.ts";
import { fail, ok } from "../../core/base/result.ts";
import { writeShape } from "../../core/base/shape.ts";
import { bytesSource, cutSource, piecesOf, piecesSource } from "../../core/base/zip_source.ts";
import { buildPack, type PackFile, type PackParts, sealPack } from "../../core/pack/build.ts";
import { digestText, eachDigest, sequenceFeed, sequencesSource } from "../../core/pack/sequence_document.ts";
import { PACK_EPOCH } from "../../core/schema/pack.ts";
import { JOURNAL_KINDS, PACK_SEQUENCES_ID, PackSequencesShape } from "../../core/schema/pack_sequence.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { KEY, verify } from "../pack/packs.ts";
import { property } from "./run.ts";

const { crypto } = nodeHost;

/** Bytes of many lengths, some longer than what is read at a time. */
const content = fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(0, 1, 1, 1, 5_000)).map(([bytes, times]) =>
  concatBytes(Array.from({ length: times }, () => bytes))
);
const contents = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,3}(\/[a-z]{1,3})?\.(json|jsonl|bin)$/), content), {
  selector: ([path]) => path,
  minLength: 1,
  maxLength: 6,
});

const HEAD = { pack_type: "run", source_ref: "r", producer_version: "1" } as const;
const sourced = (path: string, bytes: Uint8Array, source: Source = bytesSource(bytes)): PackFile => ({
  path,
  source,
  sha256: sha256Hex(crypto, bytes),
  what: `from/${path}`,
});

async function written(parts: PackParts, sign: boolean): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const sealed = assertOk(await sealPack(crypto, parts, sign ? KEY : undefined));
  assertOk(await sealed.write((piece) => ok(void pieces.push(piece))));
  return concatBytes(pieces);
}

property(
  "pack in pieces: the bytes of what is held and of what is read again are the same, in any order, and verify",
  fc.tuple(contents, fc.boolean(), fc.nat()),
  async ([files, sign, which]) => {
    const held = files.map(([path, bytes]) => ({ path, bytes }));
    const at = which % files.length;
    const read = files.map(([path, bytes], i) => i === at ? { path, bytes } : sourced(path, bytes)).toReversed();
    const whole = assertOk(await buildPack(crypto, { ...HEAD, files: held }, sign ? KEY : undefined)).bytes;
    assertEquals(await written({ ...HEAD, files: read }, sign), whole);
    const report = await verify(whole);
    if (report.ok) assertEquals(report.value.hash_mismatches, []);
  },
);

property(
  "pack in pieces: content that was changed, cut or has grown since it was judged is refused by name",
  fc.tuple(contents, fc.nat(), fc.nat(), fc.constantFrom("change", "cut")),
  async ([files, which, where, how]) => {
    const [path, bytes] = files[which % files.length] ?? ["", new Uint8Array()];
    if (bytes.length === 0) return;
    const at = where % bytes.length;
    const other = how === "cut" ? bytes.subarray(0, at) : bytes.with(at, (bytes[at] ?? 0) ^ 1);
    const source = { ...bytesSource(other), size: bytes.length }; // the size is that of the moment when it was opened
    const parts = { ...HEAD, files: files.map(([name, held]) => sourced(name, held, name === path ? source : undefined)) };
    const sealed = assertOk(await sealPack(crypto, parts));
    const { message, at: place } = assertFault(await sealed.write(() => ok(undefined)), "store_busy");
    assertEquals(place, { file: `from/${path}` });
    assert(message.includes(`changed "from/${path}"`), message);
  },
);

Deno.test("pack in pieces: content that was changed, cut where one piece ends, is refused", async () => {
  const bytes = new Uint8Array(200_000).fill(97);
  for (const size of [0, 65_536, 131_072, 131_073]) {
    const source = { ...bytesSource(bytes.subarray(0, size)), size: bytes.length };
    const sealed = assertOk(await sealPack(crypto, { ...HEAD, files: [sourced("a.bin", bytes, source)] }));
    assertFault(await sealed.write(() => ok(undefined)), "store_busy");
  }
});

property(
  "pack in pieces: the fault of whoever takes the pieces ends it at once",
  fc.tuple(contents, fc.nat()),
  async ([files, last]) => {
    const sealed = assertOk(await sealPack(crypto, { ...HEAD, files: files.map(([path, bytes]) => sourced(path, bytes)) }));
    let given = 0;
    assertOk(await sealed.write(() => ok(void given++)));
    const stop = last % given;
    let taken = 0;
    const full: Sink = () => taken++ === stop ? fail("write_failed", "Cannot write: the disk is full") : ok(undefined);
    assertFault(await sealed.write(full), "write_failed");
    assertEquals(taken, stop + 1, "nothing is handed out after it");
  },
);

const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => sha256Hex(crypto, bytes));
const journals = fc.array(
  fc.record({
    path: fc.string(),
    name: fc.constantFrom("j.jsonl", '"records":[]', '"journals":["', "ü"),
    kind: fc.constantFrom(...JOURNAL_KINDS),
    count: fc.nat(),
    last_sequence: fc.nat({ max: 3 }),
    head_digest: digest,
    records: fc.array(digest, { maxLength: 5 }),
  }),
  { maxLength: 4 },
);

/** The bytes of a source, or bytes, in pieces of a size. */
const pieces = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

function short(bytes: Uint8Array, size: number) {
  const feed = sequenceFeed();
  for (const piece of pieces(bytes, size)) feed.push(piece);
  return feed.end();
}

property(
  "journals of a pack: their document in pieces is the canonical one, and gives back its digests however it comes",
  fc.tuple(journals, fc.constantFrom("1", '"journals":[]'), fc.integer({ min: 1, max: 300 })),
  async ([all, producer_version, size]) => {
    const head = {
      schema_id: PACK_SEQUENCES_ID,
      schema_version: "1.0.0",
      created_at: PACK_EPOCH,
      producer_version,
    } as const;
    const source = sequencesSource(
      head,
      all.map(({ records, ...head }) => {
        const text = digestText();
        for (const record of records) text.add(record);
        return { head, records: text.bytes() };
      }),
    );
    const bytes = canonicalBytes(writeShape(PackSequencesShape, { ...head, journals: all }));
    const parts: Uint8Array[] = [];
    for await (const piece of piecesOf(source)) parts.push(piece);
    assertEquals(concatBytes(parts), bytes);
    const read = short(bytes, size);
    assertEquals(read?.records.map((records) => [...eachDigest(records)]), all.map(({ records }) => records));
    const bare = all.map((journal) => ({ ...journal, records: [] }));
    assertEquals(read?.bytes, canonicalBytes(writeShape(PackSequencesShape, { ...head, journals: bare })));
  },
);

Deno.test("journals of a pack: a document that is spelled in another way has to be read whole", () => {
  const one = `"${"a".repeat(64)}"`;
  for (
    const list of [
      ` ${one}`,
      `${one}, ${one}`,
      `${one},`,
      `,${one}`,
      `${one}${one}`,
      one.replace("a", "A"),
      one.replace("a", "g"),
      one.replace("a", ""),
      one.replace("a", "aa"),
      one.replace("aaaaaa", "\\u0061"),
      "1",
      `${one}}`,
    ]
  ) {
    for (const size of [1, 7, 1000]) assertEquals(short(utf8(`{"records":[${list}]}`), size), undefined, list);
  }
  assertEquals(short(utf8(`{"records":[${one}`), 9), undefined, "cut");
  const good = short(utf8(`{"records":[${one},${one}],"x":"records:["}`), 3);
  assertEquals([good?.records.map(({ length }) => length), good?.bytes], [[2], utf8('{"records":[],"x":"records:["}')]);
});

property(
  "sources: any part of one in pieces, or cut, is that of its bytes",
  fc.tuple(
    fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 5 }),
    fc.nat(40),
    fc.nat(40),
    fc.nat(40),
    fc.uint8Array({ maxLength: 5 }),
  ),
  async ([parts, at, length, size, tail]) => {
    const bytes = concatBytes(parts);
    const source = piecesSource(parts);
    assertEquals([source.size, await source.read(at, length)], [bytes.length, bytes.slice(at, at + length)]);
    const end = Math.min(size, bytes.length);
    const cut = concatBytes([bytes.subarray(0, end), tail]);
    const part = cutSource(source, end, tail);
    assertEquals([part.size, await part.read(at, length)], [cut.length, cut.slice(at, at + length)]);
  },
);
