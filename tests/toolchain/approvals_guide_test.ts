// docs/approvals.md does what it says: each of its commands runs with the exit code that it names, and prints what it shows.
import { assertEquals } from "../assert.ts";
import { runGuide } from "./guide.ts";

const GUIDE = await Deno.readTextFile(new URL("../../docs/approvals.md", import.meta.url));

Deno.test("approvals guide: every command does what the page says", async () => {
  assertEquals(await runGuide(GUIDE), { commands: 22, shown: 6 });
});
