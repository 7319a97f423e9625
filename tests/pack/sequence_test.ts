// What became of a journal's records is told by number: deleted, cut off, moved, changed, put in.
import { headOf, sequenceErrors } from "../../core/pack/sequence.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals } from "../assert.ts";

const letters = (text: string): readonly string[] => [...text];
const errors = (found: string, sealed = "abcdefgh") => sequenceErrors(letters(sealed), letters(found));

Deno.test("sequence: each kind of change is named", () => {
  assertEquals(errors("abcdefgh"), []);
  assertEquals(errors("abdefgh"), ["record 3 is missing"]);
  assertEquals(errors("aefgh"), ["records 2 to 4 are missing"]);
  assertEquals(errors("bcdefgh"), ["record 1 is missing"]);
  assertEquals(errors("abcdef"), ["records 7 to 8 are missing at the end: the journal was cut short"]);
  assertEquals(errors(""), ["records 1 to 8 are missing at the end: the journal was cut short"]);
  assertEquals(errors("abXdefgh"), ["record 3 was changed"]);
  assertEquals(errors("abXYefgh"), ["records 3 to 4 were changed"]);
  assertEquals(errors("abcXdefgh"), ["line 4 was put in: it is none of the sealed records"]);
  assertEquals(errors("abcdefghXY"), ["lines 9 to 10 were put in: they are none of the sealed records"]);
  assertEquals(errors("abXYZdefgh"), ["record 3 is missing", "lines 3 to 5 were put in: they are none of the sealed records"]);
  assertEquals(errors("abdecfgh"), ["record 3 is out of order: it stands on line 5"]);
  assertEquals(errors("bcdefgha"), ["record 1 is out of order: it stands on line 8"]);
  assertEquals(errors("abcdefX"), ["records 7 to 8 are missing", "line 7 was put in: it is none of the sealed records"]);
});

Deno.test("sequence: records that are alike are told apart by how many there are", () => {
  assertEquals(errors("aab", "aaab"), ["record 3 is missing"]);
  assertEquals(errors("aaab", "aab"), ["line 3 was put in: it is none of the sealed records"]);
  assertEquals(errors("aba", "aab"), ["record 3 is out of order: it stands on line 2"]);
});

Deno.test("sequence: a journal that has nothing in common is told in a few lines", () => {
  const sealed = Array.from({ length: 200 }, (_, i) => `s${i}`);
  assertEquals(sequenceErrors(sealed, sealed.toReversed()).length, 21, "twenty, and how many more");
  assertEquals(sequenceErrors(sealed, sealed.map((one) => `${one}!`)), ["records 1 to 200 were changed"]);
});

Deno.test("sequence: the head depends on every record and on their order", () => {
  const head = (text: string) => headOf(nodeHost.crypto, letters(text));
  assertEquals(new Set(["abc", "acb", "ab", "abcc", ""].map(head)).size, 5);
  assertEquals(head("ab"), nodeHost.crypto.sha256Text(`${nodeHost.crypto.sha256Text(":a")}:b`));
});
