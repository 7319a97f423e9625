// docs/policy.md does what it says: its files are there, each of its commands runs with the exit code that it names, and what it shows is
// what is printed.
import { assertEquals } from "../assert.ts";
import { runGuide } from "./guide.ts";

const GUIDE = await Deno.readTextFile(new URL("../../docs/policy.md", import.meta.url));

Deno.test("policy guide: every command does what the guide says", async () => {
  assertEquals(await runGuide(GUIDE), { commands: 35, shown: 14 });
});
