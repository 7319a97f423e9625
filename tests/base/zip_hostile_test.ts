// Every archive here is wrong in one place, and must be refused with the fault named beside it: by `openZip` where the directory
// shows it, else on the first read.
import { concatBytes, utf8 } from "../../core/base/bytes.ts";
import type { FaultCode } from "../../core/base/errors.ts";
import type { Fault } from "../../core/base/result.ts";
import { bytesSource, openZip } from "../../core/base/zip_read.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals } from "../assert.ts";
import { craftZip, extra, little, type Part, type Whole, zip64Extra } from "./craft_zip.ts";

type Case = { readonly what: string; readonly zip: Uint8Array; readonly code: FaultCode; readonly entry?: string };

const A: Part = { name: "a.txt", content: "first" };
const B: Part = { name: "b.txt", content: "second, and a little longer" };
const good = craftZip([A, B]);
const bomb = new Uint8Array(200_000);
const MIB = 2 ** 20;
const MODE = (mode: number) => ({ attributes: mode * 65_536 });

const zip = (what: string, code: FaultCode, entry: string | undefined, parts: readonly Part[], whole: Whole = {}): Case => ({
  what,
  zip: craftZip(parts, whole),
  code,
  ...entry === undefined ? {} : { entry },
});
const raw = (what: string, code: FaultCode, bytes: Uint8Array): Case => ({ what, zip: bytes, code });
const twice = (what: string, first: string, second: string): Case =>
  zip(what, "zip_duplicate_entry", second, [{ ...A, name: first }, { ...B, name: second }]);
const named = (what: string, name: string | Uint8Array, shown = typeof name === "string" ? name : "\ufffd.txt"): Case =>
  zip(`name: ${what}`, "zip_unsafe_name", shown, [A, { ...B, name }]);
const twins = (what: string, first: string, second: string): Case =>
  zip(`twins: ${what}`, "zip_unsafe_name", second, [{ ...A, name: first }, { ...B, name: second }]);
const wrong = (what: string, code: FaultCode, part: Omit<Part, "name">): Case =>
  zip(what, code, "b.txt", [A, { ...B, ...part }]);

const CASES: readonly Case[] = [
  raw("nothing", "not_a_zip", new Uint8Array()),
  raw("text", "not_a_zip", utf8("this is not a zip archive at all, however long it may be")),
  raw("tail cut off", "not_a_zip", good.subarray(0, good.length - 1)),
  raw("only the first half", "not_a_zip", good.subarray(0, good.length / 2)),
  raw("only the front of an end record", "not_a_zip", utf8("PK\x05\x06")),

  twice("the same name", "a.txt", "a.txt"),
  twice("the same name but for blanks", "a.txt", " a.txt\u0085"),
  twice("the same name but for slashes", "d/a.txt", "d\\a.txt"),
  twice("an unsafe name twice", "../a", "../a"),
  zip("a name twice, its directory entries at one place", "zip_duplicate_entry", "a.txt", [A, {
    ...A,
    central: { offset: 0 },
    only: "central",
  }]),
  zip("a name twice before bytes after the end", "zip_duplicate_entry", "a.txt", [A, A], { suffix: utf8("more") }),
  zip("a name twice after bytes before the start", "zip_duplicate_entry", "a.txt", [A, A], { prefix: utf8("#!/bin/sh\n") }),
  zip("a name twice, encrypted", "zip_duplicate_entry", "a.txt", [A, { ...A, both: { flags: 1 } }]),
  zip("a name twice, an archive comment", "zip_duplicate_entry", "a.txt", [A, A], { end: { comment: utf8("hello") } }),
  zip("a name twice, too large", "zip_duplicate_entry", "a.txt", [A, { ...A, both: { size: 101 * MIB } }]),

  named("climbs", "../b.txt"),
  named("climbs in the middle", "x/../../b.txt"),
  named("climbs at the end", "x/.."),
  named("climbs after blanks", "x/ .. /b.txt"),
  named("dot", "./b.txt"),
  named("dots alone", "x/.../b.txt"),
  named("absolute", "/b.txt"),
  named("absolute after a blank", " /b.txt"),
  named("host", "//host/share"),
  named("drive letter", "C:b.txt"),
  named("drive letter and slash", "c:/b.txt"),
  named("back slash", "x\\b.txt"),
  named("NUL", "b.txt\0.json"),
  named("empty", ""),
  named("blank", "\u00a0"),
  named("a slash alone", "/"),
  named("two slashes", "x//b.txt"),
  named("two slashes at the end", "x//"),
  named("a blank segment", "x/ /b.txt"),
  named("not UTF-8", Uint8Array.of(0xff, 0x2e, 0x74, 0x78, 0x74)),
  named("overlong UTF-8", Uint8Array.of(0xc0, 0xaf), "\ufffd\ufffd"),
  named("a pile of marks", `e${"\u0301".repeat(31)}`),

  twins("letter case", "a.txt", "A.TXT"),
  twins("letter case beyond ASCII", "ä.txt", "Ä.txt"),
  twins("sharp s", "straße", "STRASSE"),
  twins("composed and decomposed", "\u00e9.txt", "e\u0301.txt"),
  twins("compatibility form", "ﬁle", "file"),
  twins("both", "É", "e\u0301"),
  twins("a dot at the end", "a.txt", "a.txt."),
  twins("a file and a folder", "d", "d/"),

  wrong("symbolic link", "zip_unsupported", { central: MODE(0o120777) }),
  wrong("pipe", "zip_unsupported", { central: MODE(0o010644) }),
  wrong("device, made by DOS", "zip_unsupported", { central: { ...MODE(0o020644), madeBy: 20 } }),
  wrong("encrypted", "zip_unsupported", { both: { flags: 1 } }),
  wrong("strongly encrypted", "zip_unsupported", { both: { flags: 0x40 } }),
  wrong("AES field", "zip_unsupported", { both: { extra: extra(0x9901, little([2, 2], [2, 0x4541], [1, 3], [2, 8])) } }),
  wrong("AES method", "zip_unsupported", {
    both: { method: 99, extra: extra(0x9901, little([2, 2], [2, 0x4541], [1, 3], [2, 8])) },
  }),
  wrong("patched data", "zip_unsupported", { both: { flags: 0x20 } }),
  wrong("bzip2", "zip_unsupported", { both: { method: 12 } }),
  wrong("deflate64", "zip_unsupported", { both: { method: 9 } }),
  wrong("another disk", "zip_unsupported", { central: { disk: 1 } }),
  wrong("a folder's mode on a file", "zip_ambiguous", { central: MODE(0o040755) }),
  wrong("a folder's DOS attribute on a file", "zip_ambiguous", { central: { attributes: 0x10, madeBy: 20 } }),
  zip("a folder with content", "zip_ambiguous", "d/", [A, { name: "d/", content: "hidden" }]),

  wrong("local name", "zip_ambiguous", { local: { name: utf8("c.txt") } }),
  wrong("longer local name", "zip_ambiguous", { local: { name: utf8("b.txt.exe") } }),
  wrong("local size", "zip_ambiguous", { local: { size: 1 } }),
  wrong("local packed size", "zip_ambiguous", { local: { packed: 1 } }),
  wrong("local checksum", "zip_ambiguous", { local: { crc: 1 } }),
  wrong("local numbers zero without a descriptor", "zip_ambiguous", { local: { crc: 0, size: 0, packed: 0 } }),
  wrong("local method", "zip_ambiguous", { local: { method: 0 } }),
  wrong("local flags", "zip_ambiguous", { local: { flags: 0x800 } }),
  wrong("descriptor promised, not there", "zip_ambiguous", { both: { flags: 8 } }),
  wrong("descriptor there, not promised", "zip_ambiguous", { descriptor: "signed", both: { flags: 0 } }),
  wrong("descriptor with another checksum", "zip_ambiguous", { descriptor: { crc: 1 } }),
  wrong("descriptor with another size", "zip_ambiguous", { descriptor: { size: 1 } }),
  wrong("descriptor with another packed size", "zip_ambiguous", { descriptor: { packed: 1 } }),
  wrong("wide descriptor without zip64", "zip_ambiguous", { descriptor: "wide" }),
  wrong("descriptor beside a wrong local size", "zip_ambiguous", { descriptor: "signed", local: { size: 3 } }),
  wrong("local zip64 with another size", "zip_ambiguous", { local: { extra: zip64Extra(3, 3) } }),
  wrong("zip64 field with another size", "zip_ambiguous", { central: { extra: zip64Extra(3) } }),
  wrong("zip64 field repeated", "zip_ambiguous", {
    central: { size: 0xffffffff, extra: concatBytes([zip64Extra(27), zip64Extra(27)]) },
  }),
  wrong("broken extra field", "zip_ambiguous", { central: { extra: little([2, 0x5455], [2, 9], [1, 0]) } }),
  wrong("broken local extra field", "zip_ambiguous", { local: { extra: Uint8Array.of(0) } }),
  wrong("a second name", "zip_ambiguous", {
    both: { extra: extra(0x7075, concatBytes([little([1, 1], [4, 0]), utf8("evil.txt")])) },
  }),
  zip("a name not marked as UTF-8", "zip_ambiguous", "ä.txt", [A, { ...B, name: "ä.txt", both: { flags: 0 } }]),
  zip("stored with two sizes", "zip_ambiguous", "b.txt", [A, { ...B, stored: true, both: { size: 5 } }]),
  zip("one body for two entries", "zip_ambiguous", "a.txt", [A, { ...B, only: "central", central: { offset: 0 } }]),
  zip("an entry inside another", "zip_ambiguous", "outer", [{
    name: "outer",
    stored: true,
    content: craftZip([{ name: "inner", content: "x" }]).subarray(0, 38),
  }, { name: "inner", content: "x", only: "central", central: { offset: 35 } }]),
  zip("bytes between entries", "zip_ambiguous", "a.txt", [{ ...A, after: utf8("hidden") }, B]),
  zip("a local entry that the directory does not list", "zip_ambiguous", "a.txt", [A, { ...B, only: "local" }]),
  zip("the same, first", "zip_ambiguous", undefined, [{ ...B, only: "local" }, A]),
  zip("bytes before the directory", "zip_ambiguous", "b.txt", [A, B], { beforeDirectory: utf8("hidden") }),
  zip("bytes after the directory", "zip_ambiguous", undefined, [A, B], { afterDirectory: utf8("hidden") }),
  zip("a signature record after the directory", "zip_ambiguous", undefined, [A, B], {
    afterDirectory: little([4, 0x05054b50], [2, 0]),
  }),
  zip("bytes before the first entry, offsets counted", "zip_ambiguous", undefined, [A, B], { prefix: utf8("#!/bin/sh\n") }),
  raw("bytes before the first entry, offsets left", "zip_ambiguous", concatBytes([utf8("#!/bin/sh\n"), good])),
  raw("a marker of a split archive", "zip_ambiguous", concatBytes([utf8("PK\x07\x08"), good])),
  zip("a marker of a split archive, counted", "zip_ambiguous", "a.txt", [A, B], { prefix: utf8("PK\x07\x08") }),
  zip("bytes after the end", "zip_ambiguous", undefined, [A, B], { suffix: utf8("x") }),
  zip("an archive comment", "zip_ambiguous", undefined, [A, B], { end: { comment: utf8("hello") } }),
  zip("a comment that is an end record", "zip_ambiguous", undefined, [A, B], { end: { comment: craftZip([]) } }),
  raw("two archives", "zip_ambiguous", concatBytes([craftZip([A]), craftZip([B])])),
  raw("two end records", "zip_ambiguous", concatBytes([good, good.subarray(good.length - 22)])),
  zip("fewer entries than counted", "zip_ambiguous", undefined, [A, B], { end: { count: 3 } }),
  zip("more entries than counted", "zip_ambiguous", undefined, [A, B], { end: { count: 1 } }),
  zip("two counts", "zip_ambiguous", undefined, [A, B], { end: { countHere: 1 } }),
  zip("directory longer than said", "zip_ambiguous", undefined, [A, B], { end: { length: 51 } }),
  zip("zip64 record with another place", "zip_ambiguous", undefined, [A, B], { zip64: { offset: 7n } }),
  zip("zip64 record with another count", "zip_ambiguous", undefined, [A, B], { zip64: { count: 1n } }),
  zip("zip64 count beyond all", "zip_damaged", undefined, [A, B], { zip64: { count: 2n ** 63n } }),
  zip("zip64 record and another count", "zip_ambiguous", undefined, [A, B], { zip64: true, end: { count: 1 } }),
  zip("zip64 record that nothing asks for", "zip_ambiguous", undefined, [A, B], {
    zip64: true,
    end: { count: 2, length: 102, offset: 100 },
  }),
  zip("zip64 record with more in it", "zip_ambiguous", undefined, [A, B], { zip64: { extensible: new Uint8Array(12) } }),
  zip("zip64 locator that points elsewhere", "zip_ambiguous", undefined, [A, B], { zip64: { locator: 3n } }),

  zip("an entry that starts inside another", "zip_ambiguous", "a.txt", [A, { ...B, central: { offset: 3 } }]),
  zip("no local header", "zip_damaged", "a.txt", [{ ...A, only: "central" }, {
    ...B,
    before: new Uint8Array(40),
    central: { offset: 40 },
  }]),
  wrong("too large", "zip_entry_too_large", { both: { size: 100 * MIB + 1, packed: 50 * MIB } }),
  wrong("too large inside the archive", "zip_entry_too_large", { both: { packed: 120 * MIB } }),
  wrong("size of all ones", "zip_entry_too_large", { both: { size: 0xffffffff } }),
  zip("size beyond 2^53", "zip_damaged", undefined, [A, { ...B, central: { size: 0xffffffff, extra: zip64Extra(2n ** 60n) } }]),
  wrong("a size that no deflate can give", "zip_bomb", { both: { size: 100 * MIB } }),
  wrong("content out of nothing", "zip_bomb", { both: { size: 1, packed: 0 } }),
  zip(
    "entries that are too much together",
    "zip_bomb",
    undefined,
    Array.from({ length: 12 }, (_, i): Part => ({ name: `${i}`, data: bomb, both: { size: 99 * MIB } })),
  ),
  wrong("content runs into the directory", "zip_damaged", { both: { packed: 60 } }),

  wrong("checksum", "zip_damaged", { both: { crc: 1 } }),
  wrong("checksum of stored content", "zip_damaged", { stored: true, both: { crc: 1 } }),
  wrong("bad deflate", "zip_damaged", { data: utf8("\xff\xff\xff\xff not deflated") }),
  wrong("deflate that ends early", "zip_damaged", { data: Uint8Array.of(0x4b, 0x4c) }),
  wrong("bytes after the deflate stream", "zip_damaged", {
    data: concatBytes([Uint8Array.of(3, 0), utf8("hidden")]),
    both: { crc: 0, size: 0 },
  }),
  wrong("more content than declared", "zip_damaged", { both: { size: 5 } }),
  wrong("less content than declared", "zip_damaged", { both: { size: 28 } }),
  wrong("no content at all", "zip_damaged", { data: new Uint8Array(), both: { size: 0, crc: 0 } }),
];

async function firstFault(bytes: Uint8Array): Promise<Fault | undefined> {
  const archive = await openZip(nodeHost, bytesSource(bytes), "x.zip");
  if (!archive.ok) return archive.fault;
  for (const entry of archive.value.entries) {
    const content = await archive.value.read(entry);
    const digest = await archive.value.digest(entry);
    assertEquals(digest.ok, content.ok, `read and digest of ${entry.path}`);
    if (!content.ok) return content.fault;
  }
  return undefined;
}

for (const { what, zip, code, entry } of CASES) {
  Deno.test(`hostile archive: ${what}: ${code}`, async () => {
    const fault = await firstFault(zip);
    assert(fault !== undefined, "it was accepted");
    assertEquals(fault.code, code, fault.message);
    assertEquals(fault.at, entry === undefined ? { file: "x.zip" } : { file: "x.zip", entry }, fault.message);
    assert(fault.message.startsWith('Cannot read archive "x.zip": ') && !fault.message.endsWith("."), fault.message);
  });
}

Deno.test("hostile archives: the archive that they are made from is accepted", async () => {
  assertEquals(await firstFault(good), undefined);
});
