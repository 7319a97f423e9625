// Both ways of inflating, on both hosts: one verdict on every stream, good or bad, and zlib's own bytes.
import { constants, deflateRawSync } from "node:zlib";
import { concatBytes, sameBytes, utf8 } from "../../core/base/bytes.ts";
import type { Inflate } from "../../core/base/host.ts";
import { nodeHost } from "../../host/node.ts";
import { webHost } from "../../host/web.ts";
import { assert, assertEquals } from "../assert.ts";

const HOSTS: readonly (readonly [string, Inflate])[] = [["node", nodeHost.inflate], ["web", webHost.inflate]];

// Deterministic bytes that compress, but not to nothing.
const plainOf = (size: number): Uint8Array => {
  const out = new Uint8Array(size);
  let state = 1;
  for (let i = 0; i < size; i++) {
    state = Math.imul(state, 1103515245) + 12345 >>> 0;
    out[i] = state >>> 28 === 0 ? state >>> 16 : out[Math.max(0, i - 1 - (state >>> 20 & 1023))]!;
  }
  return out;
};

const deflated = (plain: Uint8Array, options = {}): Uint8Array => new Uint8Array(deflateRawSync(plain, options));

async function* cut(input: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < input.length; at += size) yield await Promise.resolve(input.slice(at, at + size));
}

const PIECES = [777, 65536];

/** What every way of inflating says of this input; fails unless they agree. */
const verdict = async (input: Uint8Array, limit: number, sizes = PIECES): Promise<Uint8Array | undefined> => {
  const answers: (Uint8Array | undefined)[] = [];
  for (const [, inflate] of HOSTS) {
    answers.push(await inflate.whole(input, limit));
    for (const size of sizes) {
      const output: Uint8Array[] = [];
      const good = await inflate.pieces(cut(input, size), limit, (piece) => void output.push(piece));
      const all = concatBytes(output);
      assert(all.length <= limit, `the sink got ${all.length} bytes of ${limit}`);
      assert([all, ...output].every((piece) => piece.constructor === Uint8Array), "output is plain bytes");
      answers.push(good ? all : undefined);
    }
  }
  const [first] = answers;
  for (const [i, answer] of answers.entries()) {
    const same = first === undefined || answer === undefined ? first === answer : sameBytes(first, answer);
    assert(same, `answer ${i} of ${input.length} bytes differs: ${answer?.length} and ${first?.length} bytes`);
  }
  return first;
};

const good = async (input: Uint8Array, plain: Uint8Array, limit = plain.length, sizes = PIECES) => {
  const output = await verdict(input, limit, sizes);
  assert(output !== undefined && sameBytes(output, plain), `want ${plain.length} bytes, got ${output?.length}`);
};

const bad = async (input: Uint8Array, limit = 1_000_000, sizes = PIECES) => {
  const output = await verdict(input, limit, sizes);
  assert(output === undefined, `want nothing, got ${output?.length} bytes`);
};

const PLAIN = plainOf(150_000);
const INPUT = deflated(PLAIN);
const STORED = Uint8Array.of(1, 3, 0, 0xfc, 0xff, 1, 2, 3);
const EMPTY = Uint8Array.of(3, 0);

Deno.test("inflate: good streams of every kind of block", async () => {
  await good(INPUT, PLAIN);
  await good(STORED, Uint8Array.of(1, 2, 3));
  await good(EMPTY, new Uint8Array(0));
  for (const level of [0, 1, 9]) await good(deflated(PLAIN, { level }), PLAIN);
  for (const strategy of [constants.Z_FIXED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE]) {
    await good(deflated(PLAIN, { strategy }), PLAIN);
  }
  await good(deflated(new Uint8Array(1_000_000)), new Uint8Array(1_000_000), undefined, [1, 777]);
  await good(deflated(utf8("a")), utf8("a"));
  await good(deflated(plainOf(5000)), plainOf(5000), 5000, [1, 2, 7]);
});

Deno.test("inflate: the limit is met exactly, and one byte more is too much", async () => {
  await good(INPUT, PLAIN, PLAIN.length);
  await good(INPUT, PLAIN, 2 ** 40);
  await bad(INPUT, PLAIN.length - 1);
  await bad(INPUT, 0);
  await bad(STORED, 2);
  await bad(deflated(utf8("a")), 0);
});

Deno.test("inflate: a stream that ends early, at any byte", async () => {
  const input = deflated(plainOf(300));
  for (let length = 0; length < input.length; length++) await bad(input.subarray(0, length), 1000, [1, 64]);
  for (let length = 0; length < STORED.length; length++) await bad(STORED.subarray(0, length), 1000, [1, 64]);
  await bad(INPUT.subarray(0, INPUT.length - 1));
  await bad(INPUT.subarray(0, INPUT.length >> 1));
});

Deno.test("inflate: bytes after the end", async () => {
  await bad(concatBytes([INPUT, Uint8Array.of(0)]));
  await bad(concatBytes([INPUT, new Uint8Array(200_000)]), 1_000_000);
  await bad(concatBytes([INPUT, INPUT]));
  await bad(concatBytes([EMPTY, EMPTY]));
  await bad(concatBytes([STORED, Uint8Array.of(0)]));
});

Deno.test("inflate: trailing bytes in a piece of their own", async () => {
  for (const [name, inflate] of HOSTS) {
    for (const [tail, want] of [[Uint8Array.of(0), false], [new Uint8Array(0), true]] as const) {
      const pieces = async function* () {
        yield await Promise.resolve(INPUT);
        yield tail;
        yield tail;
      };
      assertEquals(await inflate.pieces(pieces(), PLAIN.length, () => {}), want, `${name}, ${tail.length} bytes`);
    }
  }
});

// Bits in the order of the stream, packed from the lowest bit of each byte up; blanks are for the reader.
const packed = (bits: string): Uint8Array => {
  const all = bits.replaceAll(" ", "");
  return Uint8Array.from(
    { length: Math.ceil(all.length / 8) },
    (_, i) => Number.parseInt([...all.slice(8 * i, 8 * i + 8)].reverse().join(""), 2),
  );
};
const number = (value: number, bits: number) => [...value.toString(2).padStart(bits, "0")].reverse().join("");
const code = (value: number, bits: number) => value.toString(2).padStart(bits, "0");

const FINAL_FIXED = "1 10";
const A = code(0x30 + 97, 8);
const LENGTH_3 = code(1, 7);
const END = code(0, 7);

Deno.test("inflate: fixed codes", async () => {
  await good(packed(`${FINAL_FIXED} ${A} ${LENGTH_3} 00000 ${END}`), utf8("aaaa"));
  await bad(packed(`${FINAL_FIXED} ${LENGTH_3} 00000 ${END}`)); // a distance before the start
  await bad(packed(`${FINAL_FIXED} ${A} ${LENGTH_3} 00001 ${END}`));
  await bad(packed(`${FINAL_FIXED} ${A} ${LENGTH_3} 11110 ${END}`)); // no such distance
  for (const symbol of [286, 287]) await bad(packed(`${FINAL_FIXED} ${A} ${code(symbol - 88, 8)} 00000 ${END}`));
});

const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

// A last block with its own codes. `small` gives the lengths of the code in which `lengths` are written.
const dynamic = (literals: number, distances: number, small: ReadonlyMap<number, number>, lengths: string, data: string) =>
  packed(
    `1 01 ${number(literals - 257, 5)} ${number(distances - 1, 5)} ${number(15, 4)}` +
      `${ORDER.map((symbol) => number(small.get(symbol) ?? 0, 3)).join("")} ${lengths} ${data}`,
  );

// Lengths 0 to 15 as four bits each.
const PLAINLY = new Map(Array.from({ length: 16 }, (_, length) => [length, 4]));
const spelled = (lengths: readonly number[]) => lengths.map((length) => code(length, 4)).join("");
const block = (
  literals: Readonly<Record<number, number>>,
  distances: readonly number[],
  data: string,
  count = 257,
) => {
  const lengths = Array.from({ length: count }, (_, symbol) => literals[symbol] ?? 0);
  return dynamic(count, distances.length, PLAINLY, spelled([...lengths, ...distances]), data);
};

Deno.test("inflate: codes of a block are complete, or one code of one bit, or for distances none", async () => {
  await good(block({ 97: 1, 256: 1 }, [0], "0 1"), utf8("a"));
  await good(block({ 256: 1 }, [0], "0"), new Uint8Array(0));
  await good(block({ 97: 1, 256: 2, 257: 2 }, [1], "0 11 0 10", 258), utf8("aaaa"));
  await good(block({ 97: 1, 256: 2, 257: 2 }, [0, 1], "0 0 11 0 10", 258), utf8("aaaaa"));
  await good(block({ 97: 1, 256: 1 }, [1, 1], "0 1"), utf8("a"));
  await bad(block({ 256: 1 }, [0], "1")); // the bit that has no code
  await bad(block({ 97: 2, 256: 2 }, [0], "00 01")); // too few codes
  await bad(block({ 97: 1, 98: 1, 256: 1 }, [0], "0 1")); // too many
  await bad(block({ 97: 1, 256: 1 }, [2], "0 1"));
  await bad(block({ 97: 1, 256: 1 }, [1, 1, 1], "0 1"));
  await bad(block({ 97: 1, 256: 2, 257: 2 }, [0], "0 11 0 10", 258)); // a distance where there is no code
  await bad(block({ 97: 1, 256: 2, 257: 2 }, [1], "0 11 1 10", 258));
  await bad(block({ 97: 1, 98: 1 }, [0], "0 1")); // no end
});

Deno.test("inflate: at most 286 literals and 30 distances", async () => {
  await good(block({ 97: 1, 256: 1 }, new Array(30).fill(0), "0 1", 286), utf8("a"));
  for (const count of [287, 288]) await bad(block({ 97: 1, 256: 1 }, [0], "0 1", count));
  for (const count of [31, 32]) await bad(block({ 97: 1, 256: 1 }, new Array(count).fill(0), "0 1"));
});

Deno.test("inflate: repeats of lengths stay inside and do not come first", async () => {
  const small = new Map([[0, 2], [1, 2], [16, 2], [18, 2]]);
  const zeros = (times: number) => `11 ${number(times - 11, 7)}`;
  const again = (times: number) => `10 ${number(times - 3, 2)}`;
  const lengths = `${zeros(138)} ${zeros(118)} 01`; // 256 zeros, then one bit for the end
  await good(dynamic(257, 1, small, `${lengths} 00`, "0"), new Uint8Array(0));
  await good(dynamic(257, 2, small, `${zeros(138)} ${zeros(118)} 01 01 01`, "0"), new Uint8Array(0));
  await good(dynamic(257, 4, small, `${zeros(138)} ${zeros(117)} 01 01 00 ${again(3)}`, "1"), new Uint8Array(0));
  await bad(dynamic(257, 3, small, `${zeros(138)} ${zeros(117)} 01 01 00 ${again(3)}`, "1"));
  await bad(dynamic(257, 1, small, `${zeros(138)} ${zeros(138)}`, "0"));
  await bad(dynamic(257, 1, small, `${again(3)} ${zeros(138)} ${zeros(115)} 01 00`, "0"));
  await bad(dynamic(257, 1, new Map([[0, 2], [1, 2], [18, 2]]), `${zeros(138)} ${zeros(118)} 01 00`, "0"));
  await bad(dynamic(257, 1, new Map([[1, 1]]), `${"0".repeat(258)}`, "0"));
});

Deno.test("inflate: damage", async () => {
  await bad(Uint8Array.of(7, 7, 7)); // a block of no kind
  await bad(Uint8Array.of(1, 3, 0, 0xfd, 0xff, 1, 2, 3)); // stored lengths that disagree
  const input = deflated(plainOf(2000));
  let refused = 0;
  for (let at = 0; at < input.length; at += 3) {
    const damaged = input.slice();
    damaged[at] = damaged[at]! ^ 1 << at % 8;
    // Some flips give other bytes, not damage; the archive's checksum is for those.
    if (await verdict(damaged, 1_000_000, [13]) === undefined) refused++;
  }
  assert(refused > 0, "no flip was damage");
});

Deno.test("inflate: random headers of dynamic blocks get zlib's verdict", async () => {
  let state = 7;
  const next = () => (state = Math.imul(state, 1103515245) + 12345 >>> 0) >>> 16 & 255;
  for (let i = 0; i < 400; i++) {
    const input = Uint8Array.from({ length: 12 + next() }, next);
    input[0] = input[0]! & 0xf8 | 4 | i & 1;
    await verdict(input, 100_000, [5]);
  }
});

Deno.test("inflate: a bomb is stopped at the limit", async () => {
  const bomb = deflated(new Uint8Array(64 * 2 ** 20));
  assert(bomb.length < 70_000, `${bomb.length} bytes`);
  await bad(bomb, 2 ** 20, [65536]);
});

Deno.test("inflate: a false size costs no memory that the input cannot fill", async () => {
  for (const [, inflate] of HOSTS) {
    const output = await inflate.whole(STORED, 2 ** 50);
    assert(output !== undefined && output.buffer.byteLength <= 2 * 1032 * STORED.length, `${output?.buffer.byteLength}`);
  }
});

Deno.test("inflate: pieces leaves off reading once the answer is known", async () => {
  for (const [name, inflate] of HOSTS) {
    let asked = 0;
    let closed = false;
    const endless = async function* () {
      try {
        for (;; asked++) yield await Promise.resolve(Uint8Array.of(7, 7, 7));
      } finally {
        closed = true;
      }
    };
    assertEquals(await inflate.pieces(endless(), 1000, () => {}), false, name);
    // The longest block header is what may be read before its first three bits are judged.
    assert(asked < 200 && closed, `${name} asked for ${asked} pieces more`);
  }
});

Deno.test("inflate: a fault of the source or of the sink is not taken for damage", async () => {
  for (const [name, inflate] of HOSTS) {
    const broken = async function* () {
      yield await Promise.resolve(INPUT.slice(0, 100));
      throw new Error("the disk is gone");
    };
    const message = async (run: Promise<boolean>) => await run.then(String, (error) => String(error));
    assertEquals(await message(inflate.pieces(broken(), PLAIN.length, () => {})), "Error: the disk is gone", name);
    const sink = () => {
      throw new Error("the sink is full");
    };
    assertEquals(await message(inflate.pieces(cut(INPUT, 1000), PLAIN.length, sink)), "Error: the sink is full", name);
  }
});

Deno.test("inflate: what the sink got stays as it was", async () => {
  for (const [name, inflate] of HOSTS) {
    const kept: Uint8Array[] = [];
    const copies: Uint8Array[] = [];
    const big = plainOf(1_000_000);
    await inflate.pieces(cut(deflated(big), 1000), big.length, (piece) => {
      kept.push(piece);
      copies.push(piece.slice());
    });
    assert(sameBytes(concatBytes(kept), big) && sameBytes(concatBytes(copies), big), name);
  }
});
