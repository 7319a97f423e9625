// What we sign, verifiers of other makers accept; and what was changed they refuse. `deno run -A tests/foreign/setup.ts` gets them.
import { assert, assertEquals } from "../assert.ts";
import { KEY_ID, machine, PRIVATE_KEY, PUBLIC_KEY } from "../cli/commands_world.ts";
import { runPack } from "../pack/packs.ts";
import { inFolder, run } from "../runtimes/programs.ts";
import { skipped } from "../shared.ts";
import { npmFolder, python } from "./setup.ts";

const here = (name: string): string => new URL(name, import.meta.url).pathname;
const OTHER = btoa(String.fromCharCode(...new Uint8Array(32).fill(9)));

/** The document of a format, of a pack with a key of the tests. */
async function exported(format: string): Promise<string> {
  const made = machine({ files: { "p.zip": await runPack(), k: PRIVATE_KEY } });
  const words = ["--format", format, "--out", "o.json", "--private-key", "k"];
  assertEquals((await made.json("pack", "export", "p.zip", ...words))[0], 0);
  return made.file("o.json");
}

/** The same with one letter of what was signed changed. */
const altered = (text: string): string => {
  const payload = /"payload":"([^"]+)"/.exec(text)?.[1] ?? "";
  return text.replace(payload, btoa(atob(payload).replace("run_small", "run_smell")));
};

Deno.test("foreign: Sigstore's verifier accepts our bundle under its key, and no other", async () => {
  const packages = npmFolder();
  if (packages === undefined) return skipped("Sigstore's verifier", "run tests/foreign/setup.ts first");
  await inFolder(async (folder) => {
    const verify = async (text: string, key: string) => {
      await Deno.writeTextFile(`${folder}/b.json`, text);
      return await run("node", [here("verify_bundle.mjs"), packages, `${folder}/b.json`, key]);
    };
    const bundle = await exported("sigstore");
    const good = await verify(bundle, PUBLIC_KEY);
    assertEquals(
      [good.code, JSON.parse(good.out || "{}").predicateType],
      [0, "https://gait.dev/attestations/pack/v1"],
      good.err,
    );
    const changed = await verify(altered(bundle), PUBLIC_KEY);
    assert(changed.code !== 0 && changed.err.includes("signature verification failed"), changed.err);
    const other = await verify(bundle.replaceAll(KEY_ID, "f".repeat(64)), PUBLIC_KEY);
    assert(other.code !== 0 && other.err.includes("no key has the hint"), other.err);
  });
});

Deno.test("foreign: securesystemslib accepts our envelope under its key, and in-toto its statement", async () => {
  const program = python();
  if (program === undefined) return skipped("securesystemslib", "run tests/foreign/setup.ts first");
  await inFolder(async (folder) => {
    const verify = async (text: string, key: string) => {
      await Deno.writeTextFile(`${folder}/e.json`, text);
      return await run(program, [here("check.py"), "dsse", `${folder}/e.json`, key]);
    };
    const envelope = await exported("dsse");
    const good = await verify(envelope, PUBLIC_KEY);
    assertEquals([good.code, good.out === "" ? {} : JSON.parse(good.out)], [0, {
      keys: [KEY_ID],
      type: "https://in-toto.io/Statement/v1",
      predicateType: "https://gait.dev/attestations/pack/v1",
    }], good.err);
    assert((await verify(altered(envelope), PUBLIC_KEY)).code !== 0);
    assert((await verify(envelope, OTHER)).code !== 0);
  });
});
