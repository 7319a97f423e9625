// Every archive of the table is wrong in one place, and must be refused with the fault named beside it: by `openZip` where the
// directory shows it, else on the first read.
import type { Fault } from "../../core/base/result.ts";
import { bytesSource, openZip } from "../../core/base/zip_read.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals } from "../assert.ts";
import { HARMLESS, HOSTILE } from "./hostile_zips.ts";

async function firstFault(bytes: Uint8Array): Promise<Fault | undefined> {
  const archive = await openZip(nodeHost, bytesSource(bytes), "x.zip");
  if (!archive.ok) return archive.fault;
  for (const entry of archive.value.entries) {
    const content = await archive.value.read(entry);
    const digest = await archive.value.digest(entry);
    assertEquals(digest.ok, content.ok, `read and digest of ${entry.path}`);
    if (!content.ok) return content.fault;
  }
  return undefined;
}

for (const { what, zip, code, entry } of HOSTILE) {
  Deno.test(`hostile archive: ${what}: ${code}`, async () => {
    const fault = await firstFault(zip);
    assert(fault !== undefined, "it was accepted");
    assertEquals(fault.code, code, fault.message);
    assertEquals(fault.at, entry === undefined ? { file: "x.zip" } : { file: "x.zip", entry }, fault.message);
    assert(fault.message.startsWith('Cannot read archive "x.zip": ') && !fault.message.endsWith("."), fault.message);
  });
}

Deno.test("hostile archives: the archive that they are made from is accepted", async () => {
  assertEquals(await firstFault(HARMLESS), undefined);
});
