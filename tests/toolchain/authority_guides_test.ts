// The walk-throughs about authority do what they say.
import { assertEquals } from "../assert.ts";
import { runGuide } from "./guide.ts";

const page = (name: string): Promise<string> => Deno.readTextFile(new URL(`../../docs/${name}.md`, import.meta.url));

Deno.test("delegation guide: every command does what the page says", async () => {
  assertEquals(await runGuide(await page("delegation")), { commands: 6, shown: 2 });
});

Deno.test("credentials guide: every command does what the page says", async () => {
  assertEquals(await runGuide(await page("credentials")), { commands: 2, shown: 1 });
});
