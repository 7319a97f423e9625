// DEFLATE (RFC 1951) in plain JavaScript, for hosts without node:zlib. Not DecompressionStream: Deno's takes a stream that ends
// early for whole, Node's ignores what follows the end, and both hold all that one piece of input gives, 1,000 times its size.
import type { Inflate } from "../core/base/host.ts";
import { crc32 } from "./crc32.ts";
import { mostOutput } from "./ratio.ts";

const WINDOW = 2 ** 15;
const OUTPUT = 2 ** 16;
const INPUT = 2 ** 20;
const LONGEST_MATCH = 258;

// What a block header and a symbol with its extra bits take at most, rounded up: neither starts before so many bits are there.
const HEADER_BITS = 4608;
const SYMBOL_BITS = 48;
const PADDING = 32;

const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_EXTRA = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const LENGTH_BASE = bases(3, LENGTH_EXTRA).with(28, LONGEST_MATCH);
const DISTANCE_BASE = bases(1, DISTANCE_EXTRA);
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

function bases(first: number, extra: readonly number[]): number[] {
  let next = first;
  return extra.map((bits) => (next += 2 ** bits) - 2 ** bits);
}

/** A Huffman code: `table[next bits & mask]` is `symbol << 4 | length`, or 0 where no code begins like that. */
type Code = { readonly table: Uint16Array; readonly mask: number };

const BITS = Array.from({ length: 15 }, (_, i) => i + 1);

/**
 * The code of these lengths. Undefined when they ask for more codes than there are, or for fewer without being the one code of
 * one bit (or, for distances, none at all) that the format allows: the same rule as zlib's.
 */
function codeOf(lengths: Uint8Array): Code | undefined {
  const count = new Uint16Array(16);
  for (const length of lengths) count[length]!++;
  count[0] = 0;
  const longest = BITS.findLast((bits) => count[bits]! > 0) ?? 0;
  const left = BITS.reduce((free, bits) => free < 0 ? free : 2 * free - count[bits]!, 1);
  if (left < 0 || left > 0 && longest > 1) return undefined;
  const next = new Uint16Array(16);
  for (const bits of BITS) next[bits] = next[bits - 1]! + count[bits - 1]! << 1;
  const table = new Uint16Array(1 << longest);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    const code = reversed(next[length]!++, length);
    for (let i = code; i < table.length; i += 1 << length) table[i] = symbol << 4 | length;
  }
  return { table, mask: table.length - 1 };
}

function reversed(code: number, length: number): number {
  let out = 0;
  for (let i = 0; i < length; i++) out |= (code >>> i & 1) << length - 1 - i;
  return out;
}

const fixed = (runs: readonly (readonly [length: number, times: number])[]): Code => {
  const code = codeOf(Uint8Array.from(runs.flatMap(([length, times]) => Array<number>(times).fill(length))));
  if (code === undefined) throw new Error("the fixed codes of DEFLATE are complete");
  return code;
};

const FIXED_LITERALS = fixed([[8, 144], [9, 112], [7, 24], [8, 8]]);
const FIXED_DISTANCES = fixed([[5, 32]]);

/** One stream in the making: bytes go in by `feed`, output goes to `sink` in pieces of its own, `end` says whether it was whole. */
class Inflater {
  readonly #limit: number;
  readonly #sink: (output: Uint8Array) => void;
  // The last 32 KiB of output and what came after it, up to #at; #sent of it has gone to the sink.
  readonly #out = new Uint8Array(WINDOW + OUTPUT);
  #at = 0;
  #sent = 0;
  #total = 0;
  // Input that is not used up, zeros after it, the bit where to go on and the bit where it ends.
  #in = new DataView(new ArrayBuffer(PADDING));
  #bit = 0;
  #end = 0;
  #state: "header" | "stored" | "coded" | "done" | "bad" = "header";
  #last = false;
  #stored = 0;
  #literals = FIXED_LITERALS;
  #distances = FIXED_DISTANCES;

  constructor(limit: number, sink: (output: Uint8Array) => void) {
    this.#limit = limit;
    this.#sink = sink;
  }

  /** False as soon as the stream cannot become good any more. */
  feed(piece: Uint8Array): boolean {
    for (let from = 0; from < piece.length && this.#state !== "bad"; from += INPUT) {
      this.#take(piece.subarray(from, from + INPUT));
      this.#run(true);
    }
    return this.#state !== "bad";
  }

  /** Whether all of the stream was there and nothing else. */
  end(): boolean {
    this.#run(false);
    this.#flush();
    return this.#state === "done";
  }

  #take(piece: Uint8Array): void {
    const used = this.#bit >>> 3;
    const rest = new Uint8Array(this.#in.buffer, used, (this.#end >>> 3) - used);
    const bytes = new Uint8Array(rest.length + piece.length + PADDING);
    bytes.set(rest);
    bytes.set(piece, rest.length);
    this.#in = new DataView(bytes.buffer);
    this.#bit &= 7;
    this.#end = 8 * (rest.length + piece.length);
  }

  // Goes on until the input is used up or too short for a step that could still grow (`more`).
  #run(more: boolean): void {
    while (this.#state !== "bad") {
      const left = this.#end - this.#bit;
      if (this.#state === "done") {
        if (left >= 8) this.#state = "bad";
        return;
      }
      if (more && left < (this.#state === "header" ? HEADER_BITS : this.#state === "coded" ? SYMBOL_BITS : 8)) return;
      const good = this.#state === "header" ? this.#header() : this.#state === "stored" ? this.#copy() : this.#decode(more);
      if (!good || this.#bit > this.#end) this.#state = "bad";
    }
  }

  #flush(): void {
    const output = this.#out.slice(this.#sent, this.#at);
    this.#total += output.length;
    if (this.#total > this.#limit) this.#state = "bad";
    if (this.#state === "bad") return;
    if (output.length > 0) this.#sink(output);
    if (this.#at > WINDOW) this.#out.copyWithin(0, this.#at - WINDOW, this.#at);
    this.#at = Math.min(this.#at, WINDOW);
    this.#sent = this.#at;
  }

  // The next `count` bits, at most 16. Past the end they are zeros of the padding, which #run refuses after the step.
  #bits(count: number): number {
    const value = this.#in.getUint32(this.#bit >>> 3, true) >>> (this.#bit & 7) & (1 << count) - 1;
    this.#bit += count;
    return value;
  }

  #header(): boolean {
    this.#last = this.#bits(1) === 1;
    switch (this.#bits(2)) {
      case 0: {
        this.#bit = this.#bit + 7 & ~7;
        this.#stored = this.#bits(16);
        this.#state = "stored";
        return this.#stored === (this.#bits(16) ^ 0xffff);
      }
      case 1:
        this.#literals = FIXED_LITERALS;
        this.#distances = FIXED_DISTANCES;
        this.#state = "coded";
        return true;
      case 2:
        this.#state = "coded";
        return this.#codes();
      default:
        return false;
    }
  }

  #codes(): boolean {
    const literals = this.#bits(5) + 257;
    const distances = this.#bits(5) + 1;
    const given = this.#bits(4) + 4;
    if (literals > 286 || distances > 30) return false;
    const small = new Uint8Array(19);
    for (const symbol of CODE_LENGTH_ORDER.slice(0, given)) small[symbol] = this.#bits(3);
    const lengths = this.#lengths(codeOf(small), literals + distances);
    if (lengths === undefined) return false;
    const literal = codeOf(lengths.subarray(0, literals));
    const distance = codeOf(lengths.subarray(literals));
    if (literal === undefined || distance === undefined) return false;
    this.#literals = literal;
    this.#distances = distance;
    return true;
  }

  #lengths(code: Code | undefined, size: number): Uint8Array | undefined {
    if (code === undefined) return undefined;
    const lengths = new Uint8Array(size);
    for (let i = 0; i < size;) {
      const entry = code.table[this.#bits(7) & code.mask]!;
      this.#bit += (entry & 15) - 7;
      if (entry === 0 || this.#bit > this.#end) return undefined;
      const symbol = entry >>> 4;
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      if (symbol === 16 && i === 0) return undefined;
      const repeated = symbol === 16 ? lengths[i - 1]! : 0;
      const times = symbol === 16 ? 3 + this.#bits(2) : symbol === 17 ? 3 + this.#bits(3) : 11 + this.#bits(7);
      if (i + times > size) return undefined;
      lengths.fill(repeated, i, i += times);
    }
    return lengths;
  }

  // Bytes of a stored block, as far as input and room for output go.
  #copy(): boolean {
    const from = this.#bit >>> 3;
    const size = Math.min(this.#stored, (this.#end >>> 3) - from, this.#out.length - this.#at);
    this.#out.set(new Uint8Array(this.#in.buffer, from, size), this.#at);
    this.#at += size;
    this.#bit += 8 * size;
    this.#stored -= size;
    if (this.#stored === 0) this.#state = this.#last ? "done" : "header";
    if (this.#at === this.#out.length) this.#flush();
    return size > 0 || this.#stored === 0;
  }

  // The symbols of a block, in local variables for speed; leaves when the block, the input or the room for output ends.
  #decode(more: boolean): boolean {
    const input = this.#in;
    const out = this.#out;
    const literals = this.#literals;
    const distances = this.#distances;
    const lastBit = more ? this.#end - SYMBOL_BITS : this.#end;
    const lastByte = out.length - LONGEST_MATCH;
    let bit = this.#bit;
    let at = this.#at;
    let good = true;
    while (bit <= lastBit && at <= lastByte) {
      let word = input.getUint32(bit >>> 3, true) >>> (bit & 7);
      const entry = literals.table[word & literals.mask]!;
      const symbol = entry >>> 4;
      bit += entry & 15;
      if (entry === 0 || symbol > 285) {
        good = false;
        break;
      }
      if (symbol < 256) {
        out[at++] = symbol;
        continue;
      }
      if (symbol === 256) {
        this.#state = this.#last ? "done" : "header";
        break;
      }
      const lengthExtra = LENGTH_EXTRA[symbol - 257]!;
      const length = LENGTH_BASE[symbol - 257]! + (word >>> (entry & 15) & (1 << lengthExtra) - 1);
      bit += lengthExtra;
      word = input.getUint32(bit >>> 3, true) >>> (bit & 7);
      const code = distances.table[word & distances.mask]!;
      const index = code >>> 4;
      if (code === 0 || index > 29) {
        good = false;
        break;
      }
      bit += code & 15;
      const distanceExtra = DISTANCE_EXTRA[index]!;
      word = input.getUint32(bit >>> 3, true) >>> (bit & 7);
      const distance = DISTANCE_BASE[index]! + (word & (1 << distanceExtra) - 1);
      bit += distanceExtra;
      if (distance > at) {
        good = false;
        break;
      }
      for (const end = at + length; at < end; at++) out[at] = out[at - distance]!;
    }
    this.#bit = bit;
    this.#at = at;
    if (at > lastByte) this.#flush();
    return good;
  }
}

/** Raw inflate with zlib's verdict on every stream, on any runtime; see the interface for the contract. */
export const pureInflate: Inflate = {
  whole(input, limit) {
    const output = new Uint8Array(mostOutput(input.length, limit));
    let at = 0;
    const inflater = new Inflater(output.length, (piece) => {
      output.set(piece, at);
      at += piece.length;
    });
    return inflater.feed(input) && inflater.end() ? output.subarray(0, at) : undefined;
  },
  async pieces(input, limit, sink) {
    const inflater = new Inflater(limit, sink);
    for await (const piece of input) {
      if (!inflater.feed(piece)) return false;
    }
    return inflater.end();
  },
  crc32,
};
