// CRC-32 against the check value of its catalogue and against zlib, at every length around a step of eight bytes.
import { crc32 as zlibCrc32 } from "node:zlib";
import { utf8 } from "../../core/base/bytes.ts";
import { crc32 } from "../../host/crc32.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals } from "../assert.ts";

Deno.test("crc32: check value, and nothing", () => {
  assertEquals(crc32(utf8("123456789")), 0xcbf43926);
  assertEquals(crc32(new Uint8Array()), 0);
});

Deno.test("crc32: equals zlib at any length and offset, in one piece or two", () => {
  const bytes = Uint8Array.from({ length: 200 }, (_, i) => i * i * 31 >>> 3);
  for (let from = 0; from < 9; from++) {
    for (let to = from; to < 60; to++) {
      const part = bytes.subarray(from, to);
      assertEquals(crc32(part), zlibCrc32(part), `${from} to ${to}`);
      assertEquals(crc32(bytes.subarray(to), crc32(part)), zlibCrc32(bytes.subarray(from)));
    }
  }
});

Deno.test("crc32: the one of the node host goes on after a first part as well", () => {
  const bytes = Uint8Array.from({ length: 5000 }, (_, i) => i * 7);
  const first = nodeHost.inflate.crc32(bytes.subarray(0, 77), 0);
  assertEquals(nodeHost.inflate.crc32(bytes.subarray(77), first), crc32(bytes));
});
