// Archives that are wrong in one place each, as data: what must be refused, and how.
import { concatBytes, utf8 } from "../../core/base/bytes.ts";
import type { FaultCode } from "../../core/base/errors.ts";
import { craftZip, extra, little, type Part, type Whole, zip64Extra } from "./craft_zip.ts";

/** An archive, the fault that it must be refused with, and the entry that the fault names. */
export type Hostile = { readonly what: string; readonly zip: Uint8Array; readonly code: FaultCode; readonly entry?: string };

const A: Part = { name: "a.txt", content: "first" };
const B: Part = { name: "b.txt", content: "second, and a little longer" };
/** The archive that they are made from, which is right. */
export const HARMLESS = craftZip([A, B]);
const bomb = new Uint8Array(200_000);
const MIB = 2 ** 20;
const ONES = { size: 0xffffffff, packed: 0xffffffff };
const MODE = (mode: number) => ({ attributes: mode * 65_536 });

const raw = (what: string, code: FaultCode, bytes: Uint8Array, entry?: string): Hostile => ({
  what,
  zip: bytes,
  code,
  ...entry === undefined ? {} : { entry },
});
const zip = (what: string, code: FaultCode, entry: string | undefined, parts: readonly Part[], whole: Whole = {}): Hostile =>
  raw(what, code, craftZip(parts, whole), entry);
/** An archive with zip64 end records in which bytes, counted from its end, say something else. */
const patched = (what: string, code: FaultCode, fromEnd: number, bytes: Uint8Array): Hostile => {
  const whole = craftZip([A, B], { zip64: true });
  whole.set(bytes, whole.length - fromEnd);
  return raw(`zip64 ${what}`, code, whole);
};
const without = (bytes: Uint8Array, fromEnd: number, length: number): Uint8Array =>
  concatBytes([bytes.subarray(0, bytes.length - fromEnd), bytes.subarray(bytes.length - fromEnd + length)]);
const [END, LOCATOR, RECORD] = [22, 42, 98]; // where they start, from the end
const twice = (what: string, first: string, second: string): Hostile =>
  zip(what, "zip_duplicate_entry", second, [{ ...A, name: first }, { ...B, name: second }]);
const named = (what: string, name: string | Uint8Array, shown = typeof name === "string" ? name : "\ufffd.txt"): Hostile =>
  zip(`name: ${what}`, "zip_unsafe_name", shown, [A, { ...B, name }]);
const twins = (what: string, first: string, second: string): Hostile =>
  zip(`twins: ${what}`, "zip_unsafe_name", second, [{ ...A, name: first }, { ...B, name: second }]);
const wrong = (what: string, code: FaultCode, part: Omit<Part, "name">): Hostile =>
  zip(what, code, "b.txt", [A, { ...B, ...part }]);

/** All of them. */
export const HOSTILE: readonly Hostile[] = [
  raw("nothing", "not_a_zip", new Uint8Array()),
  raw("text", "not_a_zip", utf8("this is not a zip archive at all, however long it may be")),
  raw("tail cut off", "not_a_zip", HARMLESS.subarray(0, HARMLESS.length - 1)),
  raw("only the first half", "not_a_zip", HARMLESS.subarray(0, HARMLESS.length / 2)),
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
  zip("a name twice, the directory not where it should be", "zip_duplicate_entry", "a.txt", [A, A], { end: { offset: 7 } }),
  zip("a name twice, another length", "zip_duplicate_entry", "a.txt", [A, A], { end: { length: 51 } }),
  zip("a name twice, another count", "zip_duplicate_entry", "a.txt", [A, A], { end: { count: 1 } }),
  zip("a name twice, bytes after the directory", "zip_duplicate_entry", "a.txt", [A, A], { afterDirectory: utf8("hidden") }),
  zip("a name twice, zip64 with another place", "zip_duplicate_entry", "a.txt", [A, A], { zip64: { offset: 7n } }),
  zip("a name twice, zip64 with another length", "zip_duplicate_entry", "a.txt", [A, A], { zip64: true, end: { length: 51 } }),
  zip("a name twice, one part of a split archive", "zip_duplicate_entry", "a.txt", [A, A], { end: { disk: 1 } }),
  zip("a name twice, broken extra field", "zip_duplicate_entry", "a.txt", [A, { ...A, central: { extra: Uint8Array.of(0) } }]),
  raw("a name twice behind another archive", "zip_duplicate_entry", concatBytes([craftZip([A]), craftZip([B, B])]), "b.txt"),
  zip("a name twice, the longest comment", "zip_duplicate_entry", "a.txt", [A, A], {
    end: { comment: new Uint8Array(65_535) },
  }),
  zip("a name twice, a comment with half an end record", "zip_duplicate_entry", "a.txt", [A, A], {
    end: { comment: craftZip([]).with(20, 9) },
  }),
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
  named("a letter of Unicode 16", "\ua7dc.txt"),
  named("a letter of Unicode 17", "x/\u{16ea0}"),
  named("a character that nobody has assigned", "\u0378"),
  named("a pile of marks", `e${"\u0301".repeat(31)}`),

  twins("letter case", "a.txt", "A.TXT"),
  twins("letter case beyond ASCII", "ä.txt", "Ä.txt"),
  twins("sharp s", "straße", "STRASSE"),
  twins("composed and decomposed", "\u00e9.txt", "e\u0301.txt"),
  twins("compatibility form", "ﬁle", "file"),
  twins("both", "É", "e\u0301"),
  twins("a dot at the end", "a.txt", "a.txt."),
  twins("a character that shows nothing", "run.json", "run\u200b.json"),
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
  wrong("a version of the format to come", "zip_unsupported", { both: { version: 64 } }),
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
  wrong("zip64 field that reads two ways", "zip_ambiguous", { central: { packed: 0xffffffff, extra: zip64Extra(27, 29) } }),
  wrong("local zip64 field that reads two ways", "zip_ambiguous", { local: { packed: 0xffffffff, extra: zip64Extra(27, 29) } }),
  wrong("zip64 field too short", "zip_ambiguous", { central: { ...ONES, extra: zip64Extra(27) } }),
  wrong("zip64 field with another disk", "zip_ambiguous", {
    central: { size: 0xffffffff, extra: extra(1, little([8, 27], [4, 1])) },
  }),
  // All ones are no number but say that the field has it: without a field there is none, whatever some reader takes them for.
  wrong("size left to no zip64 field", "zip_ambiguous", { both: { size: 0xffffffff } }),
  wrong("packed size left to no zip64 field", "zip_ambiguous", { both: { packed: 0xffffffff } }),
  wrong("offset left to no zip64 field", "zip_ambiguous", { central: { offset: 0xffffffff } }),
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
  raw("bytes before the first entry, offsets left", "zip_ambiguous", concatBytes([utf8("#!/bin/sh\n"), HARMLESS])),
  raw("a marker of a split archive", "zip_ambiguous", concatBytes([utf8("PK\x07\x08"), HARMLESS])),
  zip("a marker of a split archive, counted", "zip_ambiguous", undefined, [A, B], { prefix: utf8("PK\x07\x08") }),
  zip("bytes after the end", "zip_ambiguous", undefined, [A, B], { suffix: utf8("x") }),
  zip("an archive comment", "zip_ambiguous", undefined, [A, B], { end: { comment: utf8("hello") } }),
  zip("a comment that is an end record", "zip_ambiguous", undefined, [A, B], { end: { comment: craftZip([]) } }),
  raw("two archives", "zip_ambiguous", concatBytes([craftZip([A]), craftZip([B])])),
  raw("two end records", "zip_ambiguous", concatBytes([HARMLESS, HARMLESS.subarray(HARMLESS.length - 22)])),
  zip("an end record in an entry comment", "zip_ambiguous", undefined, [A, {
    ...B,
    central: { comment: HARMLESS.subarray(HARMLESS.length - 22).with(20, 22) },
  }]),
  zip("one part of a split archive", "zip_unsupported", undefined, [A, B], { end: { disk: 1 } }),
  raw("the first part of a split archive", "not_a_zip", concatBytes([utf8("PK\x07\x08"), HARMLESS.subarray(0, 80)])),
  zip("an encrypted directory", "zip_unsupported", undefined, [{ ...A, only: "local" }], {
    afterDirectory: concatBytes([little([4, 0x08064b50], [4, 2]), utf8("?!secret")]),
    end: { count: 1, length: 16 },
  }),
  zip("an encrypted directory, zip64 says how", "zip_ambiguous", undefined, [{ ...A, only: "local" }], {
    afterDirectory: utf8("secret"),
    zip64: { extensible: new Uint8Array(28) },
  }),
  zip("a signature record that the directory counts", "zip_ambiguous", undefined, [A, B], {
    afterDirectory: little([4, 0x05054b50], [2, 0]),
    end: { length: 108 },
  }),
  raw("an end record alone that asks for zip64", "zip_ambiguous", craftZip([]).fill(0xff, 8, 20)),
  raw("a name cut off to that of another", "zip_ambiguous", without(craftZip([A, { ...B, name: "a.txt!!" }]), 24, 2)),
  zip("no entries, counted as one", "zip_ambiguous", undefined, [], { end: { count: 1 } }),
  zip("no entries, bytes before", "zip_ambiguous", undefined, [], { prefix: utf8("hidden") }),
  zip("directory a byte further", "zip_ambiguous", undefined, [A, B], { end: { offset: 107 } }),
  zip("directory a byte further and shorter", "zip_ambiguous", undefined, [A, B], { end: { offset: 107, length: 101 } }),
  zip("a directory row that is cut off", "zip_ambiguous", undefined, [A, { ...B, central: { comment: utf8("xx") } }], {
    order: [0, 1],
    end: { length: 103 },
  }),
  zip("fewer entries than counted", "zip_ambiguous", undefined, [A, B], { end: { count: 3 } }),
  zip("more entries than counted", "zip_ambiguous", undefined, [A, B], { end: { count: 1 } }),
  zip("two counts", "zip_ambiguous", undefined, [A, B], { end: { countHere: 1 } }),
  zip("directory longer than said", "zip_ambiguous", undefined, [A, B], { end: { length: 51 } }),
  zip("zip64 record with another place", "zip_ambiguous", undefined, [A, B], { zip64: { offset: 7n } }),
  zip("zip64 record with another count", "zip_ambiguous", undefined, [A, B], { zip64: { count: 1n } }),
  zip("zip64 count beyond all", "zip_too_many_entries", undefined, [A, B], { zip64: { count: 2n ** 63n } }),
  zip("zip64 record and another count", "zip_ambiguous", undefined, [A, B], { zip64: true, end: { count: 1 } }),
  zip("zip64 record that nothing asks for", "zip_ambiguous", undefined, [A, B], {
    zip64: true,
    end: { count: 2, length: 102, offset: 106 },
  }),
  zip("zip64 record with more in it", "zip_ambiguous", undefined, [A, B], { zip64: { extensible: new Uint8Array(12) } }),
  patched("record of another length", "zip_ambiguous", RECORD - 4, little([8, 43])),
  patched("record on another disk", "zip_ambiguous", RECORD - 16, little([4, 1])),
  patched("record of a directory on another disk", "zip_ambiguous", RECORD - 20, little([4, 1])),
  patched("record with two counts", "zip_ambiguous", RECORD - 24, little([8, 1])),
  patched("record with another directory length", "zip_ambiguous", RECORD - 40, little([8, 101])),
  patched("record that is none", "zip_ambiguous", RECORD, little([4, 0])),
  patched("locator that is none", "zip_ambiguous", LOCATOR, little([4, 0])),
  patched("locator of another disk", "zip_ambiguous", LOCATOR - 4, little([4, 1])),
  patched("locator of two disks", "zip_ambiguous", LOCATOR - 16, little([4, 2])),
  patched("end record on another disk", "zip_unsupported", END - 4, little([2, 1])),
  patched("directory on another disk", "zip_unsupported", END - 6, little([2, 1])),
  patched("directory on an unknown disk", "zip_unsupported", END - 4, little([2, 0xffff], [2, 0xffff])),
  patched("record beside another directory length", "zip_ambiguous", END - 12, little([4, 101])),
  patched("record beside another place", "zip_ambiguous", END - 16, little([4, 79])),
  zip("zip64 locator that points elsewhere", "zip_ambiguous", undefined, [A, B], { zip64: { locator: 3n } }),

  zip("an entry that starts inside another", "zip_ambiguous", "a.txt", [A, { ...B, central: { offset: 3 } }]),
  zip("no local header", "zip_damaged", "a.txt", [{ ...A, only: "central" }, {
    ...B,
    before: new Uint8Array(40),
    central: { offset: 40 },
  }]),
  wrong("too large", "zip_entry_too_large", { both: { size: 100 * MIB + 1, packed: 50 * MIB } }),
  wrong("too large inside the archive", "zip_entry_too_large", { both: { packed: 120 * MIB } }),
  wrong("size beyond 2^53", "zip_entry_too_large", { central: { size: 0xffffffff, extra: zip64Extra(2n ** 60n) } }),
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
