// What programs that others wait for read: no pipe, but for what is read a single time before anybody waits.
import { memoryPorts } from "../../cli/host/memory.ts";
import { plainly } from "../../cli/plain_files.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";

Deno.test("plain files: a pipe is never opened, unless it is one that may be read a single time", async () => {
  const memory = memoryPorts({ host: nodeHost, files: { "file": utf8("x"), "pipe": utf8("x"), "once": utf8("x") } });
  const opened: string[] = [];
  const { files } = plainly({
    files: {
      ...memory.files,
      kind: (path) => path === "file" ? memory.files.kind(path) : Promise.resolve("other"),
      read: (path, limit) => (opened.push(path), memory.files.read(path, limit)),
    },
  }, ["once"]);
  for (const path of ["file", "once", "file"]) assertEquals(assertOk(await files.read(path, 1)), utf8("x"));
  for (const path of ["pipe", "once"]) {
    const fault = assertFault(await files.read(path, 1), "file_unreadable");
    assertEquals([fault.message, fault.at?.file], [`Cannot read "${path}": it is not a plain file`, path]);
  }
  assertEquals(opened, ["file", "once", "file"]);
});
