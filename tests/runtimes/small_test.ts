// A part of the corpus on Deno and Node, for the daily gate; `all.ts` takes all of it on every runtime.
import { assert, assertEquals } from "../assert.ts";
import { skipped } from "../shared.ts";
import { corpus, SHORT } from "./corpus.ts";
import { pack, pieces, unpack } from "./corpus_file.ts";
import { countOf, firstDifference, inNode, inThisDeno, summary } from "./runtimes.ts";

const items = await corpus(SHORT);

Deno.test("runtimes: Node answers a part of the corpus as Deno does", async () => {
  const deno = await inThisDeno(items);
  assert(typeof deno !== "string");
  assertEquals(deno.replies.split("\n").length - 1, countOf(items));
  assert(!deno.replies.includes('"fault":"internal"'), "a bug was thrown");
  const node = await inNode(items);
  if (typeof node === "string") return skipped("Node", node);
  const difference = firstDifference(items, deno.replies, node.replies);
  assert(difference === undefined, difference);
  assertEquals(summary("x", { ...deno, version: "1" }), summary("x", { ...node, version: "1" }));
});

Deno.test("runtimes: a corpus is the same whenever it is built, and from its file and its pieces", async () => {
  const tiny = { runs: 5, mutants: 20, texts: 20, every: 40, calls: 10, policies: 5 };
  assertEquals(pack(await corpus(tiny)), pack(await corpus(tiny)));
  const bytes = pack(items);
  assertEquals(pack(unpack(bytes)), bytes);
  const all = pieces(items, 10_000);
  assert(all.length > 3);
  assertEquals(pack(all.flatMap(unpack)), bytes);
});

Deno.test("runtimes: a difference names its case and shows both replies", () => {
  const two = [{ name: "first", requests: ["a", "b"], artifacts: [] }, { name: "second", requests: ["c"], artifacts: [] }];
  assertEquals(firstDifference(two, "1\n2\n3\n", "1\n2\n3\n"), undefined);
  assertEquals(
    firstDifference(two, "1\n2\n3\n", "1\nX\nY\n"),
    "case 1 (first, request b):\n  expected 2\n  found    X",
  );
  assertEquals(firstDifference(two, "1\n2\n3\n", "1\n2\n"), "case 2 (second, request c):\n  expected 3\n  found    ");
  assert(firstDifference(two, "1\n2\n3\n", "1\n2\n3\n4\n")?.includes("after the last"));
  assertEquals(
    summary("deno 2.6", { version: "2.6.10", replies: "1\n2\n" }).replace(/[0-9a-f]{64}$/, "#"),
    "runtime deno 2.6.10: 2 cases, sha256 #",
  );
});
