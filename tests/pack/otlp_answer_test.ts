// What a collector says that it left out, in every spelling, and nothing where it says nothing that can be read.
import { utf8 } from "../../core/base/bytes.ts";
import { leftOut } from "../../core/pack/otlp_answer.ts";
import { assertEquals } from "../assert.ts";

Deno.test("otlp answer: what was left out is counted, whatever it was", () => {
  const cases: readonly (readonly [answer: string, count: number, words: string])[] = [
    ["", 0, ""],
    ["\n\u0001", 0, ""],
    ["{}", 0, ""],
    ["[]", 0, ""],
    ['{"partialSuccess":{}}', 0, ""],
    ['{"partialSuccess":null}', 0, ""],
    ['{"partialSuccess":{"errorMessage":"slow down"}}', 0, "slow down"],
    ['{"partialSuccess":{"rejectedSpans":"3","errorMessage":"old"}}', 3, "old"],
    ['{"partialSuccess":{"rejectedDataPoints":2}}', 2, ""],
    ['{"partialSuccess":{"rejectedLogRecords":"12"}}', 12, ""],
    ['{"partialSuccess":{"rejectedSpans":"9223372036854775807"}}', Number.MAX_SAFE_INTEGER, ""],
    ['{"partialSuccess":{"rejectedSpans":1000000000000000000}}', Number.MAX_SAFE_INTEGER, ""],
    ['{"partialSuccess":{"rejectedSpans":1,"errorMessage":"half \\ud83d"}}', 1, "half \ufffd"],
    ['{"partialSuccess":{"rejectedSpans":-1,"errorMessage":7}}', 0, ""],
    ['{"partialSuccess":{"rejectedSpans":1.5}}', 0, ""],
    ['{"partialSuccess":{"rejectedSpans":"many"}}', 0, ""],
  ];
  for (const [answer, count, words] of cases) assertEquals(leftOut(utf8(answer)), { count, words }, answer);
});
