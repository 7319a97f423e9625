// The writer's bytes are a contract: they depend on the input alone, and each byte of the headers is what spec 01, section 4.1 says.
import { base64, hex, utf8 } from "../../core/base/bytes.ts";
import { bytesSource, openZip } from "../../core/base/zip_read.ts";
import { fail, ok } from "../../core/base/result.ts";
import { checkTotal, heldPart, writeZip, writeZipTo, type ZipFile, type ZipPart } from "../../core/base/zip_write.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

// Matches of many lengths, so that another level or another deflate gives other bytes.
const LINES = Array.from({ length: 700 }, (_, i) => `{"id":${Math.imul(i, 0x9e3779b1) >>> 22},"tool":"t${i * i % 97}"}\n`).join(
  "",
);

const FILES: readonly ZipFile[] = [
  { path: "run.json", bytes: utf8('{"run_id":"run_demo"}') },
  { path: "results.jsonl", bytes: new Uint8Array() },
  { path: "intents.jsonl", bytes: utf8('{"intent_id":"i1"}\n'.repeat(1_000)) },
  { path: "\u{1f600}.txt", bytes: utf8("smile") },
  { path: "\ufb33.txt", bytes: utf8("dalet") },
  { path: "trace.jsonl", bytes: utf8(LINES) },
];
const SHA256 = "9fb7446f6375b406184692fe7824e60b1432fd4cef2101f5aaf751214870b337";

Deno.test("zip writer: the bytes are pinned", async () => {
  assertEquals(hex(nodeHost.crypto.sha256(await writeZip(FILES))), SHA256);
});

Deno.test("zip writer: the order of the input does not matter", async () => {
  assertEquals(await writeZip(FILES.toReversed()), await writeZip(FILES));
});

for (const zone of ["UTC", "Asia/Tokyo", "America/New_York"]) {
  Deno.test(`zip writer: the bytes are the same in ${zone}`, async () => {
    const at = (path: string) => new URL(`../../${path}`, import.meta.url).href;
    const code = `import { writeZip } from "${at("core/base/zip_write.ts")}";
      const files = ${JSON.stringify(FILES.map(({ path, bytes }) => [path, base64(bytes)]))};
      const zip = await writeZip(files.map(([path, bytes]) => ({ path, bytes: Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)) })));
      const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", zip));
      console.log(new Date(0).getTimezoneOffset() + " " + Array.from(sum, (b) => b.toString(16).padStart(2, "0")).join(""));`;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["eval", "-q", "--config", new URL("../../deno.json", import.meta.url).pathname, code],
      env: { TZ: zone },
    });
    const { stdout, stderr } = await child.output();
    const offset = { "UTC": 0, "Asia/Tokyo": -540, "America/New_York": 300 }[zone];
    assertEquals(new TextDecoder().decode(stdout).trim(), `${offset} ${SHA256}`, new TextDecoder().decode(stderr));
  });
}

Deno.test("zip writer: entries are sorted by the bytes of their names, and empty ones are kept", async () => {
  const archive = assertOk(await openZip(nodeHost, bytesSource(await writeZip(FILES)), "x.zip"));
  assertEquals(archive.entries.map((entry) => [entry.path, entry.size]), [
    ["intents.jsonl", 19_000],
    ["results.jsonl", 0],
    ["run.json", 21],
    ["trace.jsonl", LINES.length],
    ["\ufb33.txt", 5],
    ["\u{1f600}.txt", 5],
  ]);
});

Deno.test("zip writer: headers say deflate, 1980-01-01 00:00:00, mode 0644, no descriptor, no extra field, no comment", async () => {
  const zip = await writeZip([{ path: "a", bytes: utf8("aaaa") }]);
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const packed = view.getUint32(18, true);
  const central = 30 + 1 + packed;
  const fields = (at: number) => [6, 8, 10, 12, 28].map((field) => view.getUint16(at + field, true));
  assertEquals(fields(0), [0x800, 8, 0, 0x21, 0], "local: flags, method, time, date, extra");
  assertEquals(view.getUint32(central, true), 0x02014b50);
  assertEquals(fields(central + 2).slice(0, 4), [0x800, 8, 0, 0x21], "central: flags, method, time, date");
  assertEquals(view.getUint32(central + 30, true), 0, "central: extra, comment");
  assertEquals([view.getUint8(central + 5), view.getUint32(central + 38, true)], [3, 0o100644 * 65_536], "Unix, mode");
  assertEquals(zip.length, central + 46 + 1 + 22, "nothing else");
});

Deno.test("zip writer: no file at all is an archive without entries", async () => {
  assertEquals((await writeZip([])).length, 22);
});

const MISUSE: readonly (readonly [string, readonly ZipFile[]])[] = [
  ["a name twice", [{ path: "a", bytes: utf8("1") }, { path: "a", bytes: utf8("2") }]],
  ["twins", [{ path: "a", bytes: utf8("1") }, { path: "A", bytes: utf8("2") }]],
  ["a climbing name", [{ path: "../a", bytes: utf8("1") }]],
  ["a folder", [{ path: "a/", bytes: new Uint8Array() }]],
  ["a lone surrogate", [{ path: "\ud800", bytes: new Uint8Array() }]],
  ["too large", [{ path: "a", bytes: new Uint8Array(100 * 2 ** 20 + 1) }]],
];
for (const [what, files] of MISUSE) {
  Deno.test(`zip writer: what the reader would refuse is the caller's bug: ${what}`, async () => {
    let thrown: unknown;
    await writeZip(files).catch((error: unknown) => thrown = error);
    assert(thrown instanceof Error, "it was written");
  });
}

Deno.test("zip writer: parts are read from first to last, each byte once, and an empty one is asked for too", async () => {
  const asked: (readonly [string, number, number])[] = [];
  const part = (path: string, size: number): ZipPart => ({
    path,
    size,
    read(at, length) {
      asked.push([path, at, length]);
      return Promise.resolve(ok(new Uint8Array(length)));
    },
  });
  assertOk(await writeZipTo(() => ok(undefined), [part("b", 100_000), part("a", 0)]));
  assertEquals(asked, [["a", 0, 0], ["b", 0, 65_536], ["b", 65_536, 34_464]]);
});

Deno.test("zip writer: the fault of a part ends the writing; what it throws is thrown", async () => {
  const bad: ZipPart = { path: "b", size: 9, read: () => Promise.resolve(fail("zip_damaged", "Cannot read")) };
  const parts = [heldPart({ path: "a", bytes: utf8("a") }), bad];
  assertFault(await writeZipTo(() => ok(undefined), parts), "zip_damaged");
  const broken: ZipPart = { path: "b", size: 9, read: () => Promise.reject(new Error("the disk")) };
  let thrown: unknown;
  await writeZipTo(() => ok(undefined), [broken]).catch((error: unknown) => thrown = error);
  assert(thrown instanceof Error && thrown.message === "the disk");
});

Deno.test("zip writer: what readers would take for a bomb is refused", () => {
  assertOk(checkTotal(2 ** 30, 22));
  assertFault(checkTotal(2 ** 30 + 1, 22), "file_too_large");
  assertOk(checkTotal(2 ** 31, Math.ceil(2 ** 31 / 10)));
  assertFault(checkTotal(2 ** 31, 2 ** 27), "file_too_large");
});
