// What follows from a value: at once where it is there, later where it comes later, and never where it does not come.
import { whenThere } from "../../core/base/soon.ts";
import { assert, assertEquals } from "../assert.ts";

Deno.test("soon: what is there is not waited for", () => {
  assertEquals(whenThere(1, (value) => value + 1), 2);
});

Deno.test("soon: what comes later is, and so is what follows later from what is there", async () => {
  const later = whenThere(Promise.resolve(1), (value) => value + 1);
  assert(later instanceof Promise);
  assertEquals([await later, await whenThere(1, (value) => Promise.resolve(value + 1))], [2, 2]);
});

Deno.test("soon: of what fails nothing follows", async () => {
  let told = "";
  await Promise.resolve(whenThere(Promise.reject(new Error("gone")), () => told = "followed")).catch(({ message }) =>
    told = message
  );
  assertEquals(told, "gone");
});
