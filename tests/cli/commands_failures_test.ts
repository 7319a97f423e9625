// A disk that fails or a machine that dies at the nth step of writing, for every n: each file is then the old one or the new one,
// whole, and the command says that it failed.
import type { Trouble } from "../../cli/host/memory_disk.ts";
import { assert, assertEquals } from "../assert.ts";
import { sealed, SMALL } from "../run/runs.ts";
import { machine, PRIVATE_KEY, RUN } from "./commands_world.ts";

type Tree = ReadonlyMap<string, Uint8Array>;
type Files = Readonly<Record<string, string | Uint8Array>>;
type Case = { readonly name: string; readonly argv: readonly string[]; readonly files: Files };

const { bytes: PACK } = await sealed(SMALL);

const KEYS = "gait-out/keys/gait_";
const CASES: readonly Case[] = [
  { name: "run record", argv: ["run", "record", "in.json", "--private-key", "k"], files: { "in.json": RUN, k: PRIVATE_KEY } },
  {
    name: "run record over an older bundle",
    argv: ["run", "record", "in.json"],
    files: { "in.json": RUN, "gait-out/runpack_run_small.zip": "old" },
  },
  { name: "demo", argv: ["demo"], files: {} },
  {
    name: "demo over an older one",
    argv: ["demo"],
    files: { "gait-out/runpack_run_demo.zip": "old", "gait-out/demo_public.key": "old" },
  },
  { name: "keys init", argv: ["keys", "init"], files: {} },
  {
    name: "keys init --force",
    argv: ["keys", "init", "--force"],
    files: { [`${KEYS}private.key`]: "old", [`${KEYS}public.key`]: "old" },
  },
  { name: "keys init --force where nothing was", argv: ["keys", "init", "--force"], files: {} },
  { name: "run reduce", argv: ["run", "reduce", "p.zip"], files: { "p.zip": PACK } },
  { name: "migrate over an older one", argv: ["migrate", "p.zip", "--out", "q.zip"], files: { "p.zip": PACK, "q.zip": "old" } },
  { name: "capture", argv: ["capture", "--from", "p.zip"], files: { "p.zip": PACK } },
  { name: "run diff --output", argv: ["run", "diff", "p.zip", "p.zip", "--output", "a/d.json"], files: { "p.zip": PACK } },
  { name: "keys rotate", argv: ["keys", "rotate"], files: { [`${KEYS}private.key`]: "old" } },
];

const isTemp = (path: string): boolean => path.includes(".gait-") && path.endsWith(".tmp");
const text = (tree: Tree, path: string): string | undefined => {
  const bytes = tree.get(path);
  return bytes === undefined ? undefined : new TextDecoder("latin1").decode(bytes);
};

/** The files that are neither as before nor as after, by what they are. */
function torn(tree: Tree, before: Tree, after: Tree): string[] {
  const paths = new Set([...tree.keys(), ...before.keys(), ...after.keys()].filter((path) => !isTemp(path)));
  return [...paths].filter((path) => {
    const found = text(tree, path);
    return found !== text(before, path) && found !== text(after, path);
  });
}

for (const { name, argv, files } of CASES) {
  Deno.test(`failures: ${name}, at every step`, async () => {
    const whole = machine({ files });
    const before: Tree = new Map(whole.disk.files());
    assertEquals((await whole.json(...argv))[0], 0);
    const after: Tree = whole.disk.files();
    const steps = whole.disk.steps();
    assert(steps > 8, `${steps} steps`);
    for (const kind of ["ENOSPC", "EIO", "crash"] as const) {
      for (let step = 1; step <= steps; step++) {
        const trouble: Trouble = { step, kind };
        const at = `${kind} at step ${step}`;
        const made = machine({ files, trouble });
        const [exit, said] = await made.json(...argv);
        assertEquals([exit, said.ok, said.fault, said.error_category], [1, false, "write_failed", "io_failure"], at);
        assertEquals(torn(made.disk.files(), before, after), [], at);
        if (kind !== "crash") {
          assertEquals([...made.disk.files().keys()].filter(isTemp), [], `${at}: a temporary file was left`);
          const again = argv.includes("keys") && !argv.includes("--force")
            ? [...argv, ...(argv[1] === "init" ? ["--force"] : [])]
            : argv;
          assertEquals((await made.json(...again))[0], 0, `${at}: it does not work the second time either`);
          continue;
        }
        const trees = made.disk.survivors();
        assert(trees.length > 0 && trees.length < 5_000, `${at}: ${trees.length} trees`);
        for (const tree of trees) assertEquals(torn(tree, before, after), [], at);
      }
    }
  });
}

Deno.test("failures: the private key that was there is lost only when the new one is in its place", async () => {
  const files = { [`${KEYS}private.key`]: "old private", [`${KEYS}public.key`]: "old public" };
  const whole = machine({ files });
  await whole.json("keys", "init", "--force");
  const fresh = whole.file(`${KEYS}private.key`);
  for (let step = 1; step <= whole.disk.steps(); step++) {
    const made = machine({ files, trouble: { step, kind: "crash" } });
    await made.json("keys", "init", "--force");
    for (const tree of made.disk.survivors()) {
      assert(["old private", fresh].includes(text(tree, `${KEYS}private.key`) ?? ""), `step ${step}`);
    }
  }
});

Deno.test("failures: keys init leaves no private key without its public half", async () => {
  const whole = machine();
  await whole.json("keys", "init");
  for (let step = 1; step <= whole.disk.steps(); step++) {
    const made = machine({ trouble: { step, kind: "crash" } });
    await made.json("keys", "init");
    for (const tree of [made.disk.files(), ...made.disk.survivors()]) {
      assert(!tree.has(`${KEYS}private.key`) || tree.has(`${KEYS}public.key`), `step ${step}`);
    }
  }
});

Deno.test("failures: a pair, or a demo, that cannot be replaced whole stays the pair that it was", async () => {
  const first = machine();
  await first.json("keys", "init");
  await first.json("demo");
  const files = Object.fromEntries(first.disk.files());
  for (
    const [argv, check] of [
      [["keys", "init", "--force"], [
        "keys",
        "verify",
        "--private-key",
        `${KEYS}private.key`,
        "--public-key",
        `${KEYS}public.key`,
      ]],
      [["demo"], ["verify", "run_demo", "--require-signature", "--public-key", "gait-out/demo_public.key"]],
    ] as const
  ) {
    const whole = machine({ files });
    await whole.json(...argv);
    for (let step = 1; step <= whole.disk.steps(); step++) {
      const made = machine({ files, trouble: { step, kind: "ENOSPC" } });
      await made.json(...argv);
      assertEquals((await made.json(...check))[0], 0, `${argv.join(" ")}, step ${step}`);
    }
  }
});
