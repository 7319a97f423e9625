// The core gives the same bytes on every runtime: one corpus, answered by each, reply by reply. Takes what `ok` has no time for, so
// it is no _test.ts: `deno test -A tests/runtimes/all.ts`
import { assert, assertEquals } from "../assert.ts";
import { skipped } from "../shared.ts";
import { corpus, FULL, RANDOM } from "./corpus.ts";
import { countOf, firstDifference, RUNTIMES, summary } from "./runtimes.ts";
import { setUp } from "./setup.ts";
import { withWorker } from "./workerd.ts";

await setUp();
const items = await corpus(FULL);
let expected: string | undefined;

Deno.test("runtimes: the corpus holds at least 2,000 random artifacts", () => {
  assert(items.filter(({ name }) => RANDOM.test(name)).flatMap(({ artifacts }) => artifacts).length >= 2000);
});

for (const [name, runtime] of RUNTIMES) {
  Deno.test(`runtimes: ${name} answers as all others do`, async () => {
    const answered = await runtime(items);
    if (typeof answered === "string") return skipped(name, answered);
    console.log(summary(name, answered));
    assertEquals(answered.replies.split("\n").length - 1, countOf(items));
    assert(!answered.replies.includes('"fault":"internal"'), "a bug was thrown");
    expected ??= answered.replies;
    const difference = firstDifference(items, expected, answered.replies);
    assert(difference === undefined, difference);
  });
}

Deno.test("runtimes: the Worker of wasm/ answers forms", async () => {
  const done = await withWorker("tests/runtimes/on_worker.ts", async (address) => {
    const item = items.find(({ artifacts, requests }) => artifacts.length === 2 && requests.length === 2);
    assert(item !== undefined);
    const form = new FormData();
    form.set("request", item.requests[0] ?? "");
    for (const artifact of item.artifacts) form.append("artifact", new Blob([new Uint8Array(artifact)]), "a.zip");
    const post = async (body: BodyInit | undefined, method = "POST") => {
      const response = await fetch(`${address}/form`, { method, ...(body === undefined ? {} : { body }) });
      return { status: response.status, text: await response.text() };
    };
    const at = items.slice(0, items.indexOf(item)).reduce((sum, { requests }) => sum + requests.length, 0);
    assertEquals(await post(form), { status: 200, text: expected?.split("\n")[at] });
    for (
      const [wrong, status] of [[await post("no form"), 400], [await post(new FormData()), 400], [
        await post(undefined, "GET"),
        405,
      ]] as const
    ) {
      assertEquals(wrong.status, status);
      assert(wrong.text.includes('"fault":"usage"') && wrong.text.includes('"ok":false'), wrong.text);
    }
  });
  if (typeof done === "string") skipped("workerd", done);
});
