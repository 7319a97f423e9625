// docs/regress.md does what it says: each of its commands runs with the exit code that it names, and prints what it shows.
import { assertEquals } from "../assert.ts";
import { runGuide } from "./guide.ts";

const GUIDE = await Deno.readTextFile(new URL("../../docs/regress.md", import.meta.url));

Deno.test("regress guide: every command does what the page says", async () => {
  assertEquals(await runGuide(GUIDE), { commands: 11, shown: 7 });
});
