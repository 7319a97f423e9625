// The core gives the same bytes on every runtime: one corpus, answered by each, reply by reply. Takes what `ok` has no time for, so
// it is no _test.ts: `deno test -A tests/runtimes/all.ts`
import { assert, assertEquals } from "../assert.ts";
import { skipped } from "../shared.ts";
import { corpus, FULL, RANDOM } from "./corpus.ts";
import type { Item } from "./corpus_file.ts";
import { CALLS, gateItems } from "./gate_pairs.ts";
import { countOf, firstDifference, inThisDeno, inZone, RUNTIMES, summary } from "./runtimes.ts";
import { VERDICTS } from "../../core/schema/trace.ts";
import { setUp } from "./setup.ts";
import { withExample, withWorker } from "./workerd.ts";

await setUp();
const items = await corpus(FULL);
let expected: string | undefined;

const inPlace = async (pairs: readonly Item[]) => {
  const answered = await inThisDeno(pairs);
  assert(typeof answered !== "string");
  return answered;
};

Deno.test("runtimes: the corpus holds at least 2,000 random artifacts", () => {
  assert(items.filter(({ name }) => RANDOM.test(name)).flatMap(({ artifacts }) => artifacts).length >= 2000);
});

Deno.test("runtimes: the corpus holds at least 10,000 pairs of a policy and a call, with every verdict among the replies", async () => {
  const pairs = gateItems(FULL.policies);
  assert(pairs.length * CALLS >= 10_000);
  const { replies } = await inPlace(pairs);
  for (const verdict of VERDICTS) {
    const count = replies.split("\n").filter((reply) => reply.includes(`"verdict":"${verdict}"`)).length;
    assert(count > 300, `${verdict}: ${count}`);
  }
});

for (const zone of ["Pacific/Apia", "America/St_Johns"]) {
  Deno.test(`runtimes: verdicts do not depend on the machine's time zone, ${zone}`, async () => {
    const pairs = gateItems(FULL.policies);
    const [here, there] = [await inPlace(pairs), await inZone(zone)(pairs)];
    assert(typeof there !== "string");
    const difference = firstDifference(pairs, here.replies, there.replies);
    assert(difference === undefined, difference);
  });
}

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

const README = await Deno.readTextFile(new URL("../../examples/worker/README.md", import.meta.url));

Deno.test("runtimes: the gate of examples/worker answers calls in workerd, and blocks what is none", async () => {
  const done = await withExample(async (address) => {
    const ask = async (body: string, headers: HeadersInit = { "content-type": "application/json" }, method = "POST") => {
      const response = await fetch(address, { method, headers, ...(method === "POST" ? { body } : {}) });
      const { verdict, reason_codes } = await response.json();
      return [response.status, verdict, reason_codes];
    };
    const [, call = ""] = /-d '([^']+)'/.exec(README) ?? [];
    assertEquals(await ask(call), [200, "allow", ["matched_rule_reads"]]);
    assertEquals(await ask(call.replace('"low"', '"medium"')), [200, "block", ["default_block"]]);
    const critical = call.replace('"low"', '"critical"');
    assertEquals(await ask(critical), [200, "block", ["fail_closed_missing_arg_provenance"]]);
    assertEquals(await ask(call.slice(1)), [400, "block", ["fail_closed_intent_invalid"]]);
    assertEquals(await ask(call, { "content-type": "text/plain" }), [415, "block", ["request_invalid"]]);
    assertEquals(await ask(" ".repeat(2 ** 20) + call), [413, "block", ["request_invalid"]]);
    assertEquals(await ask("", {}, "GET"), [405, "block", ["request_invalid"]]);
  });
  if (typeof done === "string") skipped("workerd", done);
});
