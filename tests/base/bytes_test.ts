// Comparing bytes: every byte counts, wherever it stands in a larger piece of memory. Their hexadecimal spelling.
import fc from "fast-check";
import { base64, base64ByText, fromBase64, fromHex, fromHexByText, hex, sameBytes } from "../../core/base/bytes.ts";
import { assertEquals } from "../assert.ts";
import { property } from "../properties/run.ts";

property(
  "bytes are the same exactly when each of them is",
  fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.nat(40), fc.nat(7), fc.integer({ min: 1, max: 255 })),
  ([bytes, at, shift, change]) => {
    const moved = new Uint8Array(shift + bytes.length + 3);
    moved.set(bytes, shift);
    const other = moved.subarray(shift, shift + bytes.length);
    assertEquals(sameBytes(bytes, other), true);
    assertEquals(sameBytes(bytes, moved.subarray(shift, shift + bytes.length + 1)), false, "one is longer");
    if (bytes.length === 0) return;
    const index = at % bytes.length;
    other[index] = ((other[index] ?? 0) + change) % 256;
    assertEquals(sameBytes(bytes, other), false, `byte ${index} differs`);
  },
);

property(
  "hex: two lowercase digits a byte, however many bytes there are",
  fc.tuple(fc.uint8Array(), fc.constantFrom(1, 50)),
  ([some, times]) => {
    const bytes = Uint8Array.from({ length: some.length * times }, (_, i) => some[i % some.length] ?? 0);
    const text = hex(bytes);
    assertEquals(text, Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""));
    for (const spelled of [text, text.toUpperCase()]) {
      assertEquals(fromHex(spelled), bytes);
      assertEquals(fromHexByText(spelled), bytes, "engines that read it of themselves and those that do not");
    }
  },
);

property(
  "base64: engines that have it of themselves and those that do not spell the same, which reads back",
  fc.uint8Array({ maxLength: 200, size: "max" }),
  (bytes) => {
    const text = base64(bytes);
    assertEquals(text, base64ByText(bytes));
    assertEquals(fromBase64(text), bytes);
  },
);

Deno.test("hex: bytes beyond what one call of the engine takes", () => {
  assertEquals(hex(new Uint8Array(300_000).fill(171)), "ab".repeat(300_000));
});
