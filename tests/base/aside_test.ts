// Work that goes elsewhere: what comes of it is the same, it goes to whoever asked for it, and none is lost.
import fc from "fast-check";
import { aside } from "../../core/base/aside.ts";
import { assertEquals } from "../assert.ts";

const work = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const doubled = (items: readonly number[]): Promise<string> => Promise.resolve(items.map((item) => 2 * item).join());
const whole = (done: string, _: readonly number[], count: number): boolean => done.split(",").length === Math.max(count, 1);
const same = async (count: number, given: Promise<string>) => assertEquals(await given, await doubled(work(count)));

Deno.test("aside: the same whatever goes elsewhere", async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.nat(9)), fc.nat(20), fc.nat(20), async (counts, first, ahead) => {
    const done = aside(doubled, () => ({ work: doubled, whole }), { first, ahead });
    const given = counts.map((count) => [count, done(work(count), count)] as const);
    for (const [count, one] of given) await same(count, one);
  }));
});

Deno.test("aside: what is lost elsewhere, or comes back in part, is done in place, and nobody is asked again", async () => {
  for (const answer of [undefined, "0"]) {
    let times = 0;
    const there = () => {
      times++;
      return Promise.resolve(answer);
    };
    const done = aside(doubled, () => ({ work: there, whole }), { first: 1, ahead: 9 });
    await same(1, done(work(1), 1));
    assertEquals(times, 0);
    for (let i = 0; i < 2; i++) await same(2, done(work(2), 2));
    assertEquals(times, 1);
  }
});

Deno.test("aside: little work is done in place, and nothing is started for it", async () => {
  const done = aside(doubled, () => {
    throw new Error("not wanted");
  }, { first: 5, ahead: 9 });
  await same(4, done(work(4), 4));
  await same(1, done(work(1), 1));
});

Deno.test("aside: where elsewhere does not keep up, it is done in place", async () => {
  const held: (() => void)[] = [];
  const done = aside(
    doubled,
    () => ({ work: (items) => new Promise((answer) => held.push(() => answer(doubled(items)))), whole }),
    { first: 0, ahead: 4 },
  );
  const slow = [done(work(2), 2), done(work(2), 2)];
  await same(2, done(work(2), 2));
  assertEquals(held.length, 2);
  for (const answer of held.splice(0)) answer();
  for (const one of slow) await same(2, one);
  const again = done(work(3), 3);
  assertEquals(held.length, 1);
  held[0]?.();
  await same(3, again);
});
