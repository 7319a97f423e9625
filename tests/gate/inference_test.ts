// What is inferred of targets (spec 02, section 4.3): the tables, word by word, since digests hold what they give.
import { inferClass, inferDestructive, operationFor } from "../../core/gate/inference.ts";
import { ENDPOINT_CLASSES, TARGET_KINDS } from "../../core/schema/gate_words.ts";
import { assertEquals } from "../assert.ts";

const OPERATIONS: readonly (readonly [kinds: string, words: string, endpointClass: string])[] = [
  ["path", "read get list open cat head download stat", "fs.read"],
  ["path", "write append put create update save copy move rename", "fs.write"],
  ["path", "delete remove rm unlink rmdir drop truncate", "fs.delete"],
  ["host url", "dns resolve lookup", "net.dns"],
  ["other", "exec spawn run shell command", "proc.exec"],
];

const ELSE = (kind: string): string => kind === "host" || kind === "url" ? "net.http" : "other";

Deno.test("inference: the class follows from the operation, kind by kind", () => {
  const words = OPERATIONS.flatMap(([, list]) => list.split(" "));
  for (const kind of TARGET_KINDS) {
    for (const word of words) {
      const row = OPERATIONS.find(([kinds, list]) => kinds.split(" ").includes(kind) && list.split(" ").includes(word));
      assertEquals(inferClass(kind, word, "zap"), row?.[2] ?? ELSE(kind), `${kind} ${word}`);
    }
    assertEquals(inferClass(kind, "weird", "zap"), ELSE(kind), kind);
    assertEquals(inferClass(kind, "", ""), ELSE(kind), kind);
  }
});

Deno.test("inference: an operation that is unknown leaves it to the name of the tool, whose first hint counts", () => {
  const table: readonly (readonly [kind: string, tool: string, endpointClass: string])[] = [
    ["path", "books.fetch_rows", "fs.read"],
    ["path", "threads", "fs.read"],
    ["path", "searchupdate", "fs.read"],
    ["path", "save_rm", "fs.write"],
    ["path", "created", "fs.write"],
    ["path", "confirm", "fs.delete"],
    ["path", "backdrop", "fs.delete"],
    ["path", "stat", "other"],
    ["path", "read/zap", "other"],
    ["path", "zap/read", "fs.read"],
    ["path", "read/", "other"],
    ["other", "prune", "proc.exec"],
    ["other", "ops.run_shell", "proc.exec"],
    ["other", "run/note", "other"],
    ["url", "read.dns", "net.http"],
    ["table", "read", "other"],
  ];
  for (const [kind, tool, endpointClass] of table) {
    assertEquals(inferClass(kind, "weird", tool), endpointClass, `${kind} ${tool}`);
    assertEquals(inferClass(kind, "", tool), endpointClass, `${kind} ${tool}`);
  }
  assertEquals(inferClass("path", "stat", "tool.delete"), "fs.read");
});

Deno.test("inference: what destroys", () => {
  for (const one of ENDPOINT_CLASSES) {
    assertEquals(inferDestructive(one, "get"), one === "fs.delete" || one === "proc.exec", one);
  }
  for (const word of "delete remove rm unlink rmdir drop truncate exec spawn".split(" ")) {
    assertEquals(inferDestructive("other", word), true, word);
  }
  for (const word of "run shell command move put deleted".split(" ")) {
    assertEquals(inferDestructive("other", word), false, word);
  }
});

Deno.test("inference: the word for a class is one from which just that class follows", () => {
  for (const kind of TARGET_KINDS) {
    for (const name of ENDPOINT_CLASSES) {
      const word = operationFor(kind, name);
      assertEquals(word !== undefined, OPERATIONS.some(([kinds, , row]) => row === name && kinds.split(" ").includes(kind)));
      if (word !== undefined) assertEquals(inferClass(kind, word, ""), name);
    }
  }
});
