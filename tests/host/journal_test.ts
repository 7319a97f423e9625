// Files that grow, on a real disk: appending, looking, cutting, and knowing when another file has taken the place.
import { utf8 } from "../../core/base/bytes.ts";
import { type GrowingFile, journalOn } from "../../cli/host/journal.ts";
import { denoGrowing } from "../../cli/host/journal_deno.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const journal = journalOn(denoGrowing);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const inFolder = (name: string, test: (path: string) => Promise<void> | void): void =>
  Deno.test(`journal file: ${name}`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await test(`${folder}/s.jsonl`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });

inFolder("grows at its end, whatever was read, and others' bytes are seen", async (path) => {
  Deno.writeTextFileSync(path, "one\n");
  const file = assertOk(journal.open(path));
  assertEquals(text(assertOk(file.read(1, 2))), "ne");
  assertOk(file.append(utf8("two\n"), 4, "disk"));
  assertOk(await file.appendLater(utf8("three\n"), 8, "system"));
  Deno.writeTextFileSync(path, "four\n", { append: true });
  assertEquals(assertOk(file.look()), { size: 19, current: true });
  assertEquals(text(assertOk(file.read(0, 100))), "one\ntwo\nthree\nfour\n");
  assertOk(file.cut(8));
  assertEquals(Deno.readTextFileSync(path), "one\ntwo\n");
  file.close();
});

inFolder("knows when another file is in its place, or none", (path) => {
  Deno.writeTextFileSync(path, "one\n");
  const file = assertOk(journal.open(path));
  Deno.writeTextFileSync(`${path}.new`, "other\n");
  Deno.renameSync(`${path}.new`, path);
  assertEquals(assertOk(file.look()), { size: 6, current: false });
  Deno.removeSync(path);
  assertFault(file.look(), "file_unreadable");
  file.close();
});

inFolder("what cannot be opened is a fault with the place", (path) => {
  assertEquals(assertFault(journal.open(path), "file_missing").at?.file, path);
  Deno.mkdirSync(path);
  assertFault(journal.open(path), "file_unreadable");
});

Deno.test("journal file: a write that fails halfway is taken back, and told by its first error", async () => {
  const failing = (at: "write" | "sync", truncate: () => void): { file: GrowingFile; log: string[] } => {
    const log: string[] = [];
    const strike = () => {
      throw Object.assign(new Error("full"), { code: "ENOSPC" });
    };
    let writes = 0;
    const write = (bytes: Uint8Array): number => at === "write" && ++writes === 2 ? strike() : Math.min(2, bytes.length);
    const sync = () => {
      log.push("sync");
      if (at === "sync" && log.length === 1) strike();
    };
    const file: GrowingFile = {
      id: "1",
      plain: true,
      read: () => 0,
      write,
      sync,
      syncLater: () => Promise.resolve().then(sync),
      truncate(size) {
        log.push(`truncate ${size}`);
        truncate();
      },
      close: () => {},
    };
    return { file, log };
  };
  for (const at of ["write", "sync"] as const) {
    for (const later of [false, true]) {
      for (const twice of [false, true]) {
        const { file, log } = failing(at, () => {
          if (twice) throw Object.assign(new Error("broken"), { code: "EIO" });
        });
        const opened = assertOk(
          journalOn({ ...denoGrowing, open: () => file, stat: () => ({ id: "1", size: 0 }) }).open("s.jsonl"),
        );
        const done = later ? await opened.appendLater(utf8("abcdef"), 40, "disk") : opened.append(utf8("abcdef"), 40, "disk");
        const fault = assertFault(done, "write_failed");
        assertEquals(fault.message, `Cannot write "s.jsonl": the disk is full (ENOSPC)`);
        assert(log.includes("truncate 40"), `${at}: ${log.join(", ")}`);
      }
    }
  }
});
