// Inflating: both hosts give one verdict on any stream, whole or damaged, however it is cut.
import fc from "fast-check";
import { deflateRawSync } from "node:zlib";
import { concatBytes, sameBytes } from "../../core/base/bytes.ts";
import { nodeHost } from "../../host/node.ts";
import { webHost } from "../../host/web.ts";
import { assert, assertEquals } from "../assert.ts";
import { property } from "./run.ts";

// Repeats of short runs, so that there are matches at many distances, and noise between them.
const plain = fc.array(
  fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 300 })),
  { maxLength: 30 },
).map((runs) => concatBytes(runs.flatMap(([run, times]) => Array.from({ length: times }, () => run))));

const change = fc.record({
  flips: fc.array(fc.nat(), { maxLength: 2 }),
  cut: fc.option(fc.nat(), { freq: 3 }),
  tail: fc.uint8Array({ maxLength: 2 }),
});

const stream = fc.tuple(plain, fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 4 }), change).map(
  ([plain, level, strategy, { flips, cut, tail }]) => {
    const whole = new Uint8Array(deflateRawSync(plain, { level, strategy }));
    const input = concatBytes([cut === null ? whole : whole.subarray(0, cut % whole.length), tail]);
    for (const at of flips) if (input.length > 0) input[at % input.length] = input[at % input.length]! ^ 1 << at % 8;
    return { plain, input, untouched: cut === null && tail.length === 0 && flips.length === 0 };
  },
);

const limits = fc.oneof(fc.constant(2 ** 32), fc.integer({ min: -1, max: 1 }));

property(
  "hosts, pieces and whole agree on any stream",
  fc.tuple(stream, limits, fc.integer({ min: 1, max: 5000 })),
  async ([{ plain, input, untouched }, by, size]) => {
    const limit = by > 1 ? by : Math.max(0, plain.length + by);
    const answers: (Uint8Array | undefined)[] = [];
    for (const { inflate } of [nodeHost, webHost]) {
      answers.push(await inflate.whole(input, limit));
      const output: Uint8Array[] = [];
      const pieces = async function* () {
        for (let at = 0; at < input.length; at += size) yield await Promise.resolve(input.slice(at, at + size));
      };
      answers.push(await inflate.pieces(pieces(), limit, (piece) => void output.push(piece)) ? concatBytes(output) : undefined);
    }
    const [first] = answers;
    for (const answer of answers) {
      assert(first === undefined || answer === undefined ? first === answer : sameBytes(first, answer), "the ways disagree");
    }
    if (untouched) {
      assertEquals(first !== undefined, limit >= plain.length);
      assert(first === undefined || sameBytes(first, plain), "another text came out");
    }
  },
);
