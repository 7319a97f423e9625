// A word is proposed only when it is near.
import { closest } from "../../core/base/closest.ts";
import { assertEquals } from "../assert.ts";

Deno.test("closest: near words are found, far ones are not proposed", () => {
  const words = ["verify", "run", "record", "completion", "keys", "h"];
  const expected: Readonly<Record<string, string>> = {
    verfiy: "verify",
    VERIFY: "verify",
    veryfi: "verify",
    rum: "run",
    urn: "run",
    recrod: "record",
    completoin: "completion",
    kys: "keys",
  };
  for (const [given, word] of Object.entries(expected)) assertEquals(closest(given, words), `, did you mean "${word}"`, given);
  for (const given of ["", "x", "conjure", "ru-n-er", "g", "a".repeat(100_000)]) assertEquals(closest(given, words), "", given);
  assertEquals(closest("polcy", ["policy"], "--"), ', did you mean "--policy"');
  assertEquals(closest("polcy", []), "");
});
