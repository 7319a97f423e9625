// Durable writes on a real disk under real trouble: a process killed at any moment, a disk that is full, one that is
// read-only.
import { assert, assertEquals } from "../../assert.ts";
import { skipped } from "../../shared.ts";

const CHILD = new URL("./writer_child.ts", import.meta.url).pathname;
const RUN = ["run", "-A", "-q", "--no-prompt", CHILD];
const SIZE = 2 ** 20;
const KILLS = 20;

const killed = (way: "whole" | "pieces") => async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/file`;
  const seen = new Set<string>();
  try {
    for (let round = 0; round < KILLS; round++) {
      const args = [...RUN, "loop", path, String(SIZE), way];
      const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "inherit" }).spawn();
      const reader = child.stdout.getReader();
      const first = await reader.read();
      assert(!first.done, "the writer has started");
      await new Promise((resolve) => setTimeout(resolve, 3 * Math.random() + round % 5));
      child.kill("SIGKILL");
      await reader.cancel();
      await child.status;
      const bytes = await Deno.readFile(path);
      const letter = bytes[0] ?? 0;
      assertEquals(bytes.length, SIZE, `round ${round}`);
      assert(letter === 97 || letter === 98, `round ${round}: an unknown byte ${letter}`);
      assert(bytes.every((byte) => byte === letter), `round ${round}: half of one file and half of another`);
      seen.add(String.fromCharCode(letter));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  console.log(`killed ${KILLS} writers; files found: ${[...seen].sort().join(", ")}`);
};

Deno.test("real disk: a writer killed at any moment leaves one whole file", killed("whole"));
Deno.test("real disk: a writer of pieces killed at any moment leaves one whole file", killed("pieces"));

// Runs shell words in a mount namespace of their own, in which a small disk is mounted on "$1".
const onSmallDisk = async (script: string): Promise<string | undefined> => {
  const folder = await Deno.makeTempDir();
  try {
    const setup = 'mount -t tmpfs -o size=256k,mode=0755 tmpfs "$1" || exit 77';
    const args = ["-m", "sh", "-c", `${setup}\n${script}`, "sh", folder, Deno.execPath(), ...RUN];
    const { code, stdout, stderr } = await new Deno.Command("unshare", { args }).output();
    const said = new TextDecoder().decode(stdout);
    if (code === 0) return said;
    const why = new TextDecoder().decode(stderr).trim();
    if (code === 77 || /unshare/.test(why)) return void skipped("durable writes on a full and a read-only disk", why);
    throw new Error(`${said}${why}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return void skipped("durable writes on a full and a read-only disk", "there is no unshare here");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

const WRITE = 'd="$1"; shift; printf old > "$d/file"';
const LOOK = 'cat "$d/file"; echo; ls -A "$d"';

const filled = (way: "whole" | "pieces") => async () => {
  const said = await onSmallDisk(`${WRITE}; "$@" once "$d/file" 1000000 ${way}; ${LOOK}`);
  if (said === undefined) return;
  const [fault = "", old, ...names] = said.trim().split("\n");
  const { ok, code, message } = JSON.parse(fault);
  assertEquals([ok, code, old, names], [false, "write_failed", "old", ["file"]]);
  assert(/^Cannot write ".*\/file": the disk is full \(ENOSPC\)$/.test(message), message);
};

Deno.test("real disk: a full disk leaves the old file and no other", filled("whole"));
Deno.test("real disk: a disk that fills up under pieces leaves the old file and no other", filled("pieces"));

Deno.test("real disk: a read-only disk leaves the old file and says why", async () => {
  const said = await onSmallDisk(
    `${WRITE}; mount -o remount,ro "$d" || exit 77; "$@" once "$d/file" 10; "$@" once "$d/new/file" 10; ${LOOK}`,
  );
  if (said === undefined) return;
  const [fault = "", deep = "", old, ...names] = said.trim().split("\n");
  for (const line of [fault, deep]) {
    const { ok, code, message } = JSON.parse(line);
    assertEquals([ok, code], [false, "write_failed"]);
    assert(message.endsWith('": the file system is read-only (EROFS)'), message);
  }
  assertEquals([old, names], ["old", ["file"]]);
});

Deno.test("real disk: the same small disk takes a file that fits", async () => {
  const said = await onSmallDisk(`${WRITE}; "$@" once "$d/file" 3; ${LOOK}`);
  if (said !== undefined) assertEquals(said, '{"ok":true}\nnnn\nfile\n');
});
