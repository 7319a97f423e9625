// What the reader must accept, and that it reads no more than it needs. What it must refuse is in zip_hostile_test.ts.
import { concatBytes, fromBase64, hex, utf8 } from "../../core/base/bytes.ts";
import { crc32 } from "../../host/crc32.ts";
import type { Host, Source } from "../../core/base/host.ts";
import { type Archive, bytesSource, openZip } from "../../core/base/zip_read.ts";
import { pureInflate } from "../../host/inflate.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { shared } from "../shared.ts";
import { craftZip, extra, little, type Part, type Whole, zip64Extra } from "./craft_zip.ts";

const HOSTS: readonly (readonly [string, Host])[] = [
  ["node", nodeHost],
  ["pure", { ...nodeHost, inflate: pureInflate }],
];

const text = new TextDecoder();
const opened = async (bytes: Uint8Array, host = nodeHost): Promise<Archive> =>
  assertOk(await openZip(host, bytesSource(bytes), "x.zip"));
const contents = async (archive: Archive): Promise<[string, string][]> => {
  const all: [string, string][] = [];
  for (const entry of archive.entries) {
    const content = assertOk(await archive.read(entry));
    assertEquals(assertOk(await archive.digest(entry)), nodeHost.crypto.sha256(content), entry.path);
    all.push([entry.path, text.decode(content)]);
  }
  return all;
};

const A: Part = { name: "a.txt", content: "first" };
const B: Part = { name: "b.txt", content: "second, ".repeat(100) };
const STAMP = extra(0x5455, little([1, 1], [4, 315532800]));
const wide = { size: 0xffffffff, packed: 0xffffffff };
const ones: Partial<Part> = { local: { ...wide, extra: zip64Extra(5, 5) }, central: { ...wide, extra: zip64Extra(5, 5) } };

const ACCEPTED: readonly (readonly [string, readonly Part[], Whole?])[] = [
  ["deflated", [A, B]],
  ["stored", [{ ...A, stored: true }, { ...B, stored: true }]],
  ["empty, deflated and stored", [{ name: "a", content: "" }, { name: "b", content: "", stored: true }]],
  [
    "signed descriptors and time stamps, as the other implementation writes them",
    [A, B].map((part) => ({
      ...part,
      descriptor: "signed" as const,
      both: { flags: 8, extra: STAMP },
    })),
  ],
  ["plain descriptors", [{ ...A, descriptor: "plain" }, { ...B, descriptor: "plain" }]],
  ["a descriptor beside true local numbers", [{ ...A, descriptor: "signed", local: { size: 5, crc: crc32(utf8("first")) } }]],
  [
    "as Python writes: version 2.0, mode 0600 without a type",
    [A, B].map((part) => ({ ...part, central: { attributes: 0o600 * 65_536 } })),
  ],
  ["as DOS writes: no mode", [{ ...A, central: { attributes: 0x20, madeBy: 20 } }]],
  ["a writer's own number beside the version", [{ ...A, both: { version: 0x0314 } }]],
  ["an executable file", [{ ...A, central: { attributes: 0o100755 * 65_536 } }]],
  ["deflate levels in the flags", [{ ...A, both: { flags: 6 } }]],
  ["the directory in another order than the entries", [A, B], { order: [1, 0] }],
  ["an entry comment", [{ ...A, central: { comment: utf8("about this entry") } }, B]],
  ["an unknown extra field", [{ ...A, both: { extra: extra(0xcafe, utf8("x")) } }]],
  ["a second name that is the first", [{
    ...A,
    both: { extra: extra(0x7075, concatBytes([little([1, 1], [4, 0]), utf8("a.txt")])) },
  }]],
  ["local and central extra fields that differ", [{ ...A, local: { extra: STAMP } }]],
  ["folders", [{ name: "d/", content: "", stored: true, central: { attributes: 0o040755 * 65_536 + 0x10 } }, {
    ...A,
    name: "d/a.txt",
  }]],
  ["names beyond ASCII", [{ ...A, name: "größe/日本語.txt" }]],
  ["names with dots and blanks inside", [{ ...A, name: "a b/..c/d..e/.f" }]],
  ["zip64 end records", [A, B], { zip64: true }],
  ["zip64 end records beside a true count", [A, B], { zip64: true, end: { count: 2 } }],
  ["zip64 fields that are needed", [{ ...A, stored: true, ...ones }]],
  ["zip64 fields, offset too", [{
    ...A,
    stored: true,
    central: { ...wide, offset: 0xffffffff, extra: zip64Extra(5, 5, 0) },
  }]],
  ["zip64 fields of all numbers where one is needed", [{
    ...A,
    stored: true,
    central: { size: 0xffffffff, extra: zip64Extra(5, 5, 0) },
  }]],
  ["zip64 fields that nothing needs", [{
    ...A,
    stored: true,
    local: { extra: zip64Extra(5, 5) },
    central: { extra: zip64Extra(5, 5) },
  }]],
  ["wide descriptors", [{ ...A, descriptor: "wide", local: { ...wide, extra: zip64Extra(0, 0) } }, B]],
  ["no entry at all", []],
  ["more than 1 MiB", [{ name: "big", content: "0123456789abcdef".repeat(100_000) }]],
  ["more than 1 MiB, stored", [{ name: "big", content: "0123456789abcdef".repeat(100_000), stored: true }, A]],
];

for (const [what, parts, whole] of ACCEPTED) {
  for (const [name, host] of HOSTS) {
    Deno.test(`zip reader accepts ${what} (${name})`, async () => {
      const listed = whole?.order === undefined ? parts : whole.order.flatMap((i) => parts[i] ?? []);
      const wanted = listed.map((part) => [part.name, part.content]);
      assertEquals(await contents(await opened(craftZip(parts, whole), host)), wanted);
    });
  }
}

Deno.test("zip reader: find takes the exact name alone", async () => {
  const archive = await opened(craftZip([A, B]));
  assertEquals(archive.find("b.txt"), archive.entries[1]);
  assertEquals([archive.find("B.txt"), archive.find("b.txt "), archive.find("constructor")], [undefined, undefined, undefined]);
});

Deno.test("zip reader: a long name is cut in the message, whole in the place", async () => {
  const name = `../${"\x1b[2J".repeat(100)}`;
  const fault = assertFault(await openZip(nodeHost, bytesSource(craftZip([{ ...A, name }])), "x.zip"), "zip_unsafe_name");
  assert(fault.message.length < 1_000 && !fault.message.includes("\x1b"), fault.message);
  assertEquals(fault.at, { file: "x.zip", entry: name });
});

const MIB = 2 ** 20;

Deno.test("zip reader: opening reads headers alone, and a digest comes in slices", async () => {
  const content = new Uint8Array(20 * MIB);
  for (let i = 0; i < content.length; i++) content[i] = i * i >>> 7;
  const zip = craftZip([{ name: "big", content, stored: true }, { name: "deflated", content }, A]);
  const reads: number[] = [];
  const source: Source = {
    size: zip.length,
    read(at, length) {
      reads.push(length);
      return Promise.resolve(zip.slice(at, at + length));
    },
  };
  const archive = assertOk(await openZip(nodeHost, source, "x.zip"));
  assert(reads.reduce((sum, n) => sum + n, 0) < MIB, `opening read ${reads}`);
  for (const entry of archive.entries) {
    const wanted = entry.path === "a.txt" ? utf8("first") : content;
    assertEquals(hex(assertOk(await archive.digest(entry))), hex(nodeHost.crypto.sha256(wanted)), entry.path);
  }
  assert(reads.every((length) => length <= MIB), `one read took ${Math.max(...reads)}`);
});

for (const stored of [true, false]) {
  Deno.test(`zip reader: a large ${stored ? "stored" : "deflated"} entry is checked slice by slice`, async () => {
    const content = "0123456789abcdef".repeat(200_000);
    for (const both of [{ crc: 1 }, ...stored ? [] : [{ size: 3_000_000 }, { size: 3_300_000 }]]) {
      const archive = await opened(craftZip([{ name: "big", content, stored, both }]));
      const entry = archive.find("big");
      assert(entry !== undefined);
      assertEquals(assertFault(await archive.digest(entry), "zip_damaged").at, { file: "x.zip", entry: "big" });
      assertFault(await archive.read(entry), "zip_damaged");
    }
  });
}

Deno.test("zip reader: a source that shrinks is damage", async () => {
  const zip = craftZip([A, { name: "big", content: "x".repeat(300_000), stored: true }]);
  const archive = assertOk(
    await openZip(nodeHost, {
      size: zip.length,
      read: (at, n) => Promise.resolve(zip.subarray(at, at + Math.min(n, 200_000))),
    }, "x.zip"),
  );
  const entry = archive.find("big");
  assert(entry !== undefined);
  assertFault(await archive.read(entry), "zip_damaged");
});

Deno.test("zip reader: a source that rejects is the host's failure and comes out as it went in, at whichever read", async () => {
  // More comment than one window holds, so that the directory is a read of its own.
  const zip = craftZip([
    A,
    { ...B, central: { comment: new Uint8Array(65_535) } },
    ...["c", "d"].map((name): Part => ({
      name,
      central: { comment: new Uint8Array(65_535) },
    })),
  ]);
  let fail = 0;
  for (let opened = false; !opened; fail++) {
    let reads = 0;
    const source: Source = {
      size: zip.length,
      read: (at, n) => reads++ === fail ? Promise.reject(new Error("disk")) : Promise.resolve(zip.subarray(at, at + n)),
    };
    const outcome = await openZip(nodeHost, source, "x.zip").catch((error: unknown) => error);
    opened = !(outcome instanceof Error);
    if (outcome instanceof Error) assertEquals(outcome.message, "disk", `read ${fail}`);
    else assertEquals(reads, fail, "it was opened without the bytes of a read");
  }
  assert(fail > 3, `only ${fail} reads`);
});

Deno.test("zip reader: 10,000 entries are read, 65,536 refused", async () => {
  const parts = Array.from({ length: 65_536 }, (_, i): Part => ({ name: `f${i}`, content: "", stored: true }));
  assertEquals((await opened(craftZip(parts.slice(0, 10_000)))).entries.length, 10_000);
  assertFault(await openZip(nodeHost, bytesSource(craftZip(parts, { zip64: true })), "x.zip"), "zip_too_many_entries");
  // Without zip64 the count begins again at 0, and what lies beyond the limit is not looked at.
  const twice = craftZip([...parts.slice(1), { name: "f1", content: "", stored: true }]);
  assertFault(await openZip(nodeHost, bytesSource(twice), "x.zip"), "zip_ambiguous");
});

Deno.test("zip reader: however many entries and end records, a flawed archive takes a few reads", async () => {
  const part = (_: unknown, i: number): Part => ({ name: `f${i}`, only: "central", central: { offset: i * 60 } });
  const parts = Array.from({ length: 5_000 }, part);
  const comment = concatBytes(Array.from({ length: 2_978 }, () => craftZip([])));
  for (const end of [{}, { offset: 7 }, { length: 7 }, { comment }]) {
    const zip = craftZip(parts, { end });
    let reads = 0;
    const source: Source = {
      size: zip.length,
      read(at, length) {
        reads++;
        return Promise.resolve(zip.slice(at, at + length));
      },
    };
    const result = await openZip(nodeHost, source, "x.zip");
    assert(!result.ok, "it was accepted");
    assert(reads < 8, `${reads} reads`);
  }
});

Deno.test("zip reader: a directory of more than 32 MiB is refused unread", async () => {
  const comment = new Uint8Array(65_535);
  const parts = Array.from({ length: 513 }, (_, i): Part => ({ name: `f${i}`, stored: true, central: { comment } }));
  assertFault(await openZip(nodeHost, bytesSource(craftZip(parts)), "x.zip"), "zip_too_many_entries");
});

Deno.test("zip reader: every recorded archive opens, but for those that are recorded as refused", async () => {
  const folder = shared("conformance/artifacts");
  if (folder === undefined) return;
  const refused = new Map<string, "zip_duplicate_entry" | "zip_unsafe_name">([
    ["verify-duplicate-entries/dup.zip", "zip_duplicate_entry"],
    ["verify-duplicate-entries/dupm.zip", "zip_duplicate_entry"],
    ["verify-duplicate-entries/duppad.zip", "zip_duplicate_entry"],
    ["verify-extra-entries/traverse.zip", "zip_unsafe_name"],
  ]);
  let count = 0;
  for (const { name } of Deno.readDirSync(folder)) {
    const recorded = JSON.parse(Deno.readTextFileSync(`${folder}/${name}`));
    for (const step of [recorded, ...recorded.steps]) {
      for (const [path, file] of Object.entries<{ base64?: string }>(step.files ?? {})) {
        const bytes = typeof file === "object" && typeof file?.base64 === "string" ? fromBase64(file.base64) : undefined;
        if (bytes === undefined || text.decode(bytes.subarray(0, 2)) !== "PK") continue;
        count++;
        const id = `${name.replace(".json", "")}/${path}`;
        const result = await openZip(nodeHost, bytesSource(bytes), path);
        const code = refused.get(id);
        if (code === undefined) await contents(assertOk(result, id));
        else assert(assertFault(result, code, id).at?.entry !== undefined, id);
        refused.delete(id);
      }
    }
  }
  assert(count > 100, `only ${count} archives were found`);
  assertEquals([...refused.keys()], [], "these were not found");
});
