// docs/library.md does what it says: it shows the examples as they are, and they print what it shows.
import { utf8 } from "../../core/base/bytes.ts";
import { readTrace } from "../../core/trace/verify.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { inFolder, start } from "../cli/serve/process.ts";
import { source } from "../tree.ts";
import { linksOf } from "./guide.ts";

const ROOT = new URL("../../", import.meta.url);
const at = (path: string): string => new URL(path, ROOT).pathname;
const GUIDE = source("docs/library.md");
const GAIT = [Deno.execPath(), "run", "-A", "-q", "--no-check", at("cli/main.ts")].join(" ");

/** The commands of the page, each with what it says that they print. */
const SHOWN = [...GUIDE.matchAll(/^```sh\n(.*)\n```\n\n```text\n([\s\S]*?)^```$/gm)].map(([, sh = "", text = ""]) =>
  [sh, text] as const
);

async function runs(folder: string, sh: string): Promise<string> {
  const words = sh.split(" ").slice(1).map((word) => word.startsWith("examples/") ? at(word) : word === "gait" ? GAIT : word);
  const [command = "", ...rest] = words;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [command, "--quiet", "--no-prompt", "--config", at("deno.json"), ...rest],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

Deno.test("library guide: the example that it shows is the one that is there, and its links lead somewhere", () => {
  const shown = [...GUIDE.matchAll(/^```ts (\S+)\n([\s\S]*?)^```$/gm)];
  assertEquals(shown.length, 1);
  for (const [, path = "", text = ""] of shown) assertEquals(source(path), text, path);
  for (const link of linksOf(GUIDE)) assert(Deno.statSync(new URL(link, new URL("docs/", ROOT))).isFile, link);
});

Deno.test("library guide: each command prints what the page says, and leaves traces that can be read", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const [sh, text] of SHOWN) assertEquals(await runs(folder, sh), text, sh);
    assertEquals(SHOWN.length, 3);
    const lines = (await Deno.readTextFile(`${folder}/calls.jsonl`)).trimEnd().split("\n");
    const verdicts = lines.map((line) => assertOk(readTrace(utf8(line), "calls.jsonl")).trace.verdict);
    assertEquals(verdicts, ["allow", "require_approval"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("library guide: the same example asks a server", async () => {
  await inFolder(async (folder) => {
    await Deno.copyFile(at("examples/policy/base_low_risk.yaml"), `${folder}/p.yaml`);
    const { process, port } = await start(folder);
    try {
      const sh = `deno run --allow-net examples/library/elsewhere.ts http://127.0.0.1:${port}`;
      assertEquals(await runs(folder, sh), "allow: safe_read_allowed\n");
    } finally {
      process.kill("SIGTERM");
      await process.status;
    }
  });
});
