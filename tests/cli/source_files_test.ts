// How `init` and `check` look around: which files they read, and that no folder makes them read on and on.
import { utf8 } from "../../core/base/bytes.ts";
import { fail } from "../../core/base/result.ts";
import type { Files } from "../../core/ports.ts";
import { memoryPorts } from "../../cli/host/memory.ts";
import { SOURCE_LIMITS, sourceFiles } from "../../cli/source_files.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals } from "../assert.ts";

const filesOf = (paths: readonly string[], text = "x"): Files =>
  memoryPorts({ host: nodeHost, files: Object.fromEntries(paths.map((path) => [path, utf8(text)])) }).files;

const read = async (files: Files) => {
  const { files: found, warnings } = await sourceFiles(files);
  return [found.map(({ path }) => path), warnings];
};

Deno.test("source files: those that can tell something, from the top down", async () => {
  const wanted = [".mcp.json", "a.py", "package.json", ".claude/settings.json", "src/x.ts", "src/deep/y.mjs"];
  const others = ["note.txt", ".env.py", ".git/a.py", "node_modules/p/package.json", "src/dist/a.js", "gait-out/t.json", "bin"];
  assertEquals(await read(filesOf([...wanted, ...others])), [wanted, []]);
  assertEquals(await read(filesOf([])), [[], []]);
  assertEquals(await read(filesOf(["/elsewhere/a.py"])), [[], []], "nothing outside the working folder");
});

Deno.test("source files: at most so many files, names and folders, and what is left out is said", async () => {
  const { depth, files, names } = SOURCE_LIMITS;
  const cut = `Detection stopped at its limits: ${names} names, ${files} files, ${depth} folders deep`;
  const at = (folders: number) => `${"d/".repeat(folders)}a.py`;
  assertEquals(await read(filesOf([at(depth)])), [[at(depth)], []]);
  assertEquals(await read(filesOf([at(depth + 1)])), [[], [cut]]);
  const many = Array.from({ length: files + 1 }, (_, i) => `f${i}.py`);
  const [found, warnings] = await read(filesOf(many));
  assertEquals([found?.length, warnings], [files, [cut]]);
  const wide = await read(filesOf([...Array.from({ length: names }, (_, i) => `a${i}.txt`), "z.py"]));
  assertEquals(wide, [[], [cut]]);
});

Deno.test("source files: a folder that links to itself ends", async () => {
  let lists = 0;
  const loop: Files = {
    ...filesOf([]),
    list: () => {
      lists++;
      return Promise.resolve({ ok: true, value: ["a.py", "loop", "loop2"] });
    },
    kind: (path) => Promise.resolve(path.endsWith(".py") ? "file" : "folder"),
    read: () => Promise.resolve({ ok: true, value: new Uint8Array() }),
  };
  const [found] = await read(loop);
  assert(found !== undefined && found.length <= SOURCE_LIMITS.files && lists <= SOURCE_LIMITS.names, `${lists}`);
});

Deno.test("source files: what cannot be read, is too large or is no file is passed over and counted", async () => {
  const files = filesOf(["a.py", "b.py", "locked/c.py", "pipe.py"]);
  const troubled: Files = {
    ...files,
    list: (path) => path === "locked" ? Promise.resolve(fail("file_unreadable", "no")) : files.list(path),
    kind: (path) => path === "pipe.py" ? Promise.resolve("other") : files.kind(path),
    read: (path, limit) => path === "pipe.py" ? Promise.reject(new Error("a pipe waits")) : files.read(path, limit),
  };
  const left = (
    count: number,
  ) => [`Detection left out ${count} files or folders that it could not read, or that are too large`];
  assertEquals(await read(troubled), [["a.py", "b.py"], left(1)]);
  const large = filesOf(["a.py"], "x".repeat(SOURCE_LIMITS.bytes + 1));
  assertEquals(await read(large), [[], left(1)]);
});
