// The runtimes that answer the corpus, and how their replies are compared.
import { hex, utf8 } from "../../core/base/bytes.ts";
import { nodeHost } from "../../host/node.ts";
import { kit } from "../../scripts/tools/kit.ts";
import { inChromium } from "./chromium.ts";
import { type Answered, type Item, pack } from "./corpus_file.ts";
import { bundle, inFolder, must, nodeVersion } from "./programs.ts";
import { inWorkerd } from "./workerd.ts";

/** Answers a corpus; a string says why this runtime cannot be had. */
export type Runtime = (items: readonly Item[]) => Promise<Answered | string>;

// Reads the corpus from one file and the replies from another.
const asProgram = (items: readonly Item[], start: (corpus: string, replies: string, folder: string) => Promise<string>) =>
  inFolder(async (folder): Promise<Answered> => {
    const [corpus, replies] = [`${folder}/corpus.bin`, `${folder}/replies.txt`];
    await Deno.writeFile(corpus, pack(items));
    const version = await start(corpus, replies, folder);
    return { version, replies: await Deno.readTextFile(replies) };
  });

const inDeno = (program: string, items: readonly Item[], env: Readonly<Record<string, string>> = {}): Promise<Answered> =>
  asProgram(items, (corpus, replies) => {
    const may = [`--allow-read`, `--allow-write=${replies}`];
    const args = ["run", "-q", "--no-check", "--no-prompt", ...may, "tests/runtimes/on_deno.ts", corpus, replies];
    return must(program, args, { DENO_TLS_CA_STORE: "system", NO_COLOR: "1", ...env });
  });

/** The Deno that runs the tests, on a machine in another time zone. */
export const inZone = (zone: string): Runtime => (items) => inDeno(Deno.execPath(), items, { TZ: zone });

/** The Deno that runs the tests. */
export const inThisDeno: Runtime = (items) => inDeno(Deno.execPath(), items);

/** The older Deno that compiles the program. */
export const inOlderDeno: Runtime = async (items) => {
  const pair = await kit();
  if (typeof pair === "string") return pair;
  const found = /^deno (\S+)/.exec(await must(pair.deno, ["--version"]))?.[1];
  return found === Deno.version.deno ? `the only deno here is ${found}` : await inDeno(pair.deno, items);
};

/** The Node on PATH. */
export const inNode: Runtime = async (items) => {
  if (await nodeVersion() === undefined) return "there is no node on PATH";
  return await asProgram(items, async (corpus, replies, folder) => {
    await bundle("tests/runtimes/on_node.ts", "node", `${folder}/on_node.mjs`);
    return await must("node", [`${folder}/on_node.mjs`, corpus, replies]);
  });
};

/** Every runtime by name; the first is what the others are compared with. */
export const RUNTIMES: readonly (readonly [name: string, runtime: Runtime])[] = [
  ["deno", inThisDeno],
  ["deno 2.6", inOlderDeno],
  ["node", inNode],
  ["workerd", inWorkerd],
  ["chromium", inChromium],
];

/** How many cases a corpus has. */
export const countOf = (items: readonly Item[]): number => items.reduce((sum, { requests }) => sum + requests.length, 0);

/** The line that says what a runtime answered: the digest is over all replies in order. */
export const summary = (name: string, { version, replies }: Answered): string => {
  const [bare] = name.split(" ");
  const digest = hex(nodeHost.crypto.sha256(utf8(replies)));
  return `runtime ${bare} ${version}: ${replies.split("\n").length - 1} cases, sha256 ${digest}`;
};

const SHOWN = 2000;

/** The first case that two runtimes answer otherwise, with both replies; undefined when there is none. */
export function firstDifference(items: readonly Item[], expected: string, actual: string): string | undefined {
  if (expected === actual) return undefined;
  const [a, b] = [expected.split("\n"), actual.split("\n")];
  const at = a.findIndex((line, i) => line !== b[i]);
  const cases = items.flatMap(({ name, requests }) => requests.map((request) => `${name}, request ${request}`));
  const show = (line: string | undefined): string => (line ?? "(none)").slice(0, SHOWN);
  return `case ${at} (${cases[at] ?? "after the last"}):\n  expected ${show(a[at])}\n  found    ${show(b[at])}`;
}
