// What must hold of every archive: what was written is read, no change of a byte goes unseen or changes what is read, and
// another reader at its strictest sees in it what we see.
import fc from "fast-check";
import { concatBytes, utf8 } from "../../core/base/bytes.ts";
import type { Result } from "../../core/base/result.ts";
import { byBytes } from "../../core/base/text.ts";
import { findTwins, unsafeName } from "../../core/base/zip_names.ts";
import { type Archive, bytesSource, openZip } from "../../core/base/zip_read.ts";
import { writeZip } from "../../core/base/zip_write.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { craftZip, extra, type Header, little, type Part, type Whole, zip64Extra } from "../base/craft_zip.ts";
import { listWithZipJs } from "../base/zip_oracle.ts";
import { property } from "./run.ts";

type Read = readonly (readonly [string, Uint8Array])[];

const open = (bytes: Uint8Array): Promise<Result<Archive>> => openZip(nodeHost, bytesSource(bytes), "x.zip");

/** Everything that an archive holds, in the order of its directory; undefined when it or an entry is refused. */
async function readAll(bytes: Uint8Array): Promise<Read | undefined> {
  const archive = await open(bytes);
  if (!archive.ok) return undefined;
  const all: [string, Uint8Array][] = [];
  for (const entry of archive.value.entries) {
    const content = await archive.value.read(entry);
    const digest = await archive.value.digest(entry);
    assertEquals(digest.ok, content.ok, "read and digest disagree");
    if (!content.ok || !digest.ok) return undefined;
    assertEquals(digest.value, nodeHost.crypto.sha256(content.value), "digest is not that of the content");
    all.push([entry.path, content.value]);
  }
  return all;
}

const STAMP = extra(0x5455, little([1, 1], [4, 315532800]));
const files = [{ path: "intents.jsonl", bytes: utf8('{"a":1}\n{"a":2}\n') }, { path: "refs.json", bytes: new Uint8Array() }, {
  path: "ä.json",
  bytes: utf8('"ä"'),
}];
const parts = (part: Partial<Part>): Part[] => files.map(({ path, bytes }) => ({ name: path, content: bytes, ...part }));
const wide = { size: 0xffffffff, packed: 0xffffffff };

/** Archives of one content in every dress that the reader accepts. */
const SAMPLES: readonly (readonly [string, Uint8Array])[] = [
  ["ours", await writeZip(files)],
  ["streamed", craftZip(parts({ descriptor: "signed", both: { flags: 0x808, extra: STAMP } }))],
  ["stored", craftZip(parts({ stored: true }))],
  ["streamed and stored", craftZip(parts({ stored: true, descriptor: "plain" }))],
  [
    "zip64",
    craftZip(parts({ descriptor: "wide", local: { ...wide, extra: zip64Extra(0, 0) }, central: { comment: utf8("c") } }), {
      zip64: true,
    }),
  ],
  ["an archive in an archive", craftZip([{ name: "inner.zip", content: craftZip(parts({})), stored: true }])],
];

const flipped = (bytes: Uint8Array, at: number, bits: number): Uint8Array => bytes.with(at, (bytes[at] ?? 0) ^ bits);
const without = (bytes: Uint8Array, at: number): Uint8Array => concatBytes([bytes.subarray(0, at), bytes.subarray(at + 1)]);
const withByte = (bytes: Uint8Array, at: number, byte: number): Uint8Array =>
  concatBytes([bytes.subarray(0, at), Uint8Array.of(byte), bytes.subarray(at)]);

const NAME = fc.array(
  fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 8 }),
    fc.constantFrom("run.json", "日本語", "a b", "é", "e\u0301", "\u{1f600}"),
  ),
  { minLength: 1, maxLength: 3 },
).map((segments) => segments.join("/")).filter((name) => unsafeName(name) === undefined && !name.endsWith("/"));
const FILES = fc.array(fc.record({ path: NAME, bytes: fc.uint8Array({ maxLength: 2_000 }) }), { maxLength: 6 })
  .filter((all) => findTwins(all.map((file) => file.path)) === undefined);

property("zip: what was written is read, in byte order", FILES, async (written) => {
  const wanted = written.toSorted((a, b) => byBytes(a.path, b.path)).map((file) => [file.path, file.bytes]);
  assertEquals(await readAll(await writeZip(written)), wanted);
});

property("zip: the order of the input does not change the bytes", FILES, async (written) => {
  assertEquals(await writeZip(written.toReversed()), await writeZip(written));
});

const SAMPLE = fc.constantFrom(...SAMPLES);
const EDIT = fc.record({
  kind: fc.constantFrom("flip", "drop", "insert"),
  at: fc.nat(),
  byte: fc.integer({ min: 1, max: 255 }),
});
type Edit = { readonly kind: string; readonly at: number; readonly byte: number };
const edited = (bytes: Uint8Array, { kind, at, byte }: Edit): Uint8Array => {
  if (bytes.length === 0) return bytes;
  const place = at % bytes.length;
  return kind === "flip" ? flipped(bytes, place, byte) : kind === "drop" ? without(bytes, place) : withByte(bytes, place, byte);
};

property(
  "zip: a change of one byte fails, or changes nothing that is read",
  fc.tuple(SAMPLE, EDIT),
  async ([[, bytes], edit]) => {
    const found = await readAll(edited(bytes, edit));
    if (found !== undefined) assertEquals(found, await readAll(bytes));
  },
);

property(
  "zip: no change makes the reader throw",
  fc.tuple(SAMPLE, fc.array(EDIT, { maxLength: 8 })),
  async ([[, bytes], edits]) => {
    await readAll(edits.reduce(edited, bytes));
  },
);

property("zip: no bytes make the reader throw", fc.uint8Array({ maxLength: 300 }), async (bytes) => {
  await readAll(bytes);
  await readAll(concatBytes([bytes, craftZip([])]));
});

/**
 * Holds our reader against zip.js: what we open it lists alike, and what it refuses we refuse. Names are compared as bytes, since
 * zip.js drops a byte order mark from them. Says whether the archive was opened.
 */
async function agreeWithZipJs(bytes: Uint8Array): Promise<boolean> {
  const archive = await open(bytes);
  if (!archive.ok) return false;
  const ours = archive.value.entries.map(({ path, size, packed, deflated, crc32, start }) => ({
    name: utf8(path),
    size,
    packed,
    deflated,
    crc32,
    start,
  }));
  assertEquals(ours, await listWithZipJs(bytes));
  return true;
}

const NUMBER = fc.constantFrom(0, 1, 5, 46, 0xffff, 0xffffffff);
const FIELD = fc.oneof(
  fc.constant(STAMP),
  fc.array(NUMBER, { maxLength: 4 }).map((numbers) => zip64Extra(...numbers)),
  fc.uint8Array({ maxLength: 12 }),
  fc.tuple(fc.constantFrom(1, 0x0a, 0x5455, 0x7075, 0x9901), fc.uint8Array({ maxLength: 12 }))
    .map(([kind, data]) => extra(kind, data)),
);
const HEADER: fc.Arbitrary<Header> = fc.oneof(
  fc.array(FIELD, { minLength: 1, maxLength: 3 }).map((fields) => ({ extra: concatBytes(fields) })),
  fc.constantFrom(10, 45, 63, 64, 0x314).map((version) => ({ version })),
  fc.constantFrom(0, 1, 2, 8, 0x20, 0x800, 0x2000).map((flags) => ({ flags })),
  fc.constantFrom(utf8("c"), utf8("b/"), Uint8Array.of(0xff)).map((name) => ({ name })),
  fc.record({ size: NUMBER }),
  fc.record({ packed: NUMBER }),
  fc.record({ crc: NUMBER }),
  fc.record({ size: NUMBER, packed: NUMBER, extra: fc.array(NUMBER, { maxLength: 4 }).map((all) => zip64Extra(...all)) }),
);
const PART: fc.Arbitrary<Partial<Part>> = fc.oneof(
  fc.constant({}),
  fc.constant({ stored: true }),
  fc.constantFrom("plain" as const, "signed" as const, "wide" as const).map((descriptor) => ({ descriptor })),
  HEADER.map((both) => ({ both })),
  HEADER.map((local) => ({ local })),
  HEADER.map((central) => ({ central })),
  fc.tuple(NUMBER, NUMBER).map(([offset, n]) => ({ central: { offset, extra: zip64Extra(n) } })),
  fc.constant({ central: { comment: craftZip([]).with(20, 22) } }),
);
const BYTES = fc.oneof(
  fc.uint8Array({ maxLength: 30 }),
  fc.constantFrom(craftZip([]), utf8("PK\x07\x08"), little([4, 0x05054b50], [2, 0]), little([4, 0x06054b50])),
);
const WHOLE: fc.Arbitrary<Whole> = fc.oneof(
  { arbitrary: fc.constant({}), weight: 4 },
  { arbitrary: fc.constant({ zip64: true }), weight: 4 },
  fc.record({
    zip64: fc.constant(true),
    end: fc.record({ length: NUMBER, offset: NUMBER, count: NUMBER }, { requiredKeys: [] }),
  }),
  fc.record({ end: fc.record({ length: NUMBER, offset: NUMBER, count: NUMBER, comment: BYTES }, { requiredKeys: [] }) }),
  BYTES.map((prefix) => ({ prefix })),
  BYTES.map((beforeDirectory) => ({ beforeDirectory })),
  BYTES.map((afterDirectory) => ({ afterDirectory })),
  BYTES.map((suffix) => ({ suffix })),
);
const ARCHIVE = fc.tuple(fc.array(PART, { maxLength: 3 }), WHOLE)
  .map(([all, whole]) => craftZip(all.map((part, i) => ({ name: "abc".charAt(i), content: "12345", ...part })), whole));

property(
  "zip: what is opened, zip.js lists alike; what it refuses is refused",
  fc.tuple(ARCHIVE, fc.array(EDIT, { maxLength: 2 })),
  async ([bytes, edits]) => {
    await agreeWithZipJs(bytes);
    await agreeWithZipJs(edits.reduce(edited, bytes));
  },
);

Deno.test("zip: zip.js lists every sample as we do", async () => {
  for (const [what, bytes] of SAMPLES) assert(await agreeWithZipJs(bytes), what);
});

const HELD = 2 ** 20;
const SIZE = fc.oneof(fc.nat(70_000), fc.integer({ min: HELD - 3, max: HELD + 3 }), fc.integer({ min: HELD, max: 3 * HELD }));
property(
  "zip: the digest is that of the content, at any size",
  fc.tuple(SIZE, fc.boolean(), fc.nat()),
  async ([size, stored, seed]) => {
    const content = new Uint8Array(size);
    for (let i = 0; i < size; i++) content[i] = Math.imul(i ^ seed, 0x9e3779b1) >>> 11;
    const archive = assertOk(await open(craftZip([{ name: "a", content, stored }])));
    const entry = archive.find("a");
    assert(entry !== undefined);
    assertEquals(assertOk(await archive.digest(entry)), nodeHost.crypto.sha256(assertOk(await archive.read(entry))));
  },
);

for (const [what, bytes] of SAMPLES) {
  Deno.test(`zip (${what}): every bit flipped, every byte dropped or doubled: it fails, or nothing that is read changes, and zip.js agrees`, async () => {
    const wanted = await readAll(bytes);
    assert(wanted !== undefined);
    for (let at = 0; at < bytes.length; at++) {
      const changes = [
        ...[1, 2, 4, 8, 16, 32, 64, 128].map((bit) => flipped(bytes, at, bit)),
        without(bytes, at),
        withByte(bytes, at, bytes[at] ?? 0),
      ];
      for (const changed of changes) {
        const found = await readAll(changed);
        if (found !== undefined) assertEquals(found, wanted, `at byte ${at}`);
        await agreeWithZipJs(changed);
      }
    }
  });

  Deno.test(`zip (${what}): cut off anywhere it fails`, async () => {
    for (let length = 0; length < bytes.length; length++) {
      assertEquals(await readAll(bytes.subarray(0, length)), undefined, `cut to ${length} bytes`);
    }
  });
}
