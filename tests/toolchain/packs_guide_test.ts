// docs/packs.md does what it says: each of its commands runs with the exit code that it names, and prints what it shows.
import { assert, assertEquals } from "../assert.ts";
import { linksOf, runGuide } from "./guide.ts";

const GUIDE = await Deno.readTextFile(new URL("../../docs/packs.md", import.meta.url));

Deno.test("packs guide: every command does what the page says", async () => {
  assertEquals(await runGuide(GUIDE), { commands: 20, shown: 4 });
});

Deno.test("packs guide: it says which formats it is about", () => {
  const names = [
    "voice/call_record",
    "gate/authorization_bundle",
    "pack/sequences",
    "pack/diff",
    "pack/attestation",
    "pack/manifest",
  ];
  const links = linksOf(GUIDE);
  for (const name of names) assert(links.includes(`formats/${name}.md`), name);
});
