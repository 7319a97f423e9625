// Work on many things at a time: never more than asked for, answers in order, the first fault in order.
import { fail, ok } from "../../core/base/result.ts";
import { inTurn } from "../../cli/in_turn.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const pause = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("in turn: answers stand in the order of the things, whichever is ready first", async () => {
  let [now, most] = [0, 0];
  const things = Array.from({ length: 20 }, (_, i) => i);
  const answers = await inTurn(things, 3, async (thing) => {
    most = Math.max(most, ++now);
    for (let turn = 0; turn < (thing * 7) % 5; turn++) await pause();
    now--;
    return ok(thing * 2);
  });
  assertEquals(assertOk(answers), things.map((thing) => thing * 2));
  assertEquals(most, 3);
  assertEquals(assertOk(await inTurn([], 3, () => Promise.resolve(ok(1)))), []);
});

Deno.test("in turn: the fault is that of the first thing that has one, and what comes later is left alone", async () => {
  const begun: number[] = [];
  const answers = await inTurn(Array.from({ length: 20 }, (_, i) => i), 3, async (thing) => {
    begun.push(thing);
    for (let turn = 0; turn < 10 - thing; turn++) await pause();
    return thing >= 4 ? fail("fixture_missing", `thing ${thing}`) : ok(thing);
  });
  assertEquals(assertFault(answers, "fixture_missing").message, "thing 4");
  assert(begun.length < 10, begun.join());
});
