// Files of lines that several add to: whole lines, mended ends, a file that is taken away, a lock that is not to be had.
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { type MemoryPorts, memoryPorts } from "../../cli/host/memory.ts";
import { denoPorts } from "../../cli/host/deno.ts";
import { denoActing } from "../../cli/host/deno_acting.ts";
import { lineLog } from "../../cli/line_log.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const ports = (files: Readonly<Record<string, Uint8Array>> = {}): MemoryPorts => memoryPorts({ host: nodeHost, files });
const text = ({ disk }: MemoryPorts, path = "a/l.jsonl"): string => {
  const bytes = disk.bytes(path);
  return typeof bytes === "string" ? bytes : fromUtf8(bytes);
};

Deno.test("line log: it is made with its first lines, and nothing is there before", async () => {
  const on = ports();
  const log = lineLog("a/l.jsonl", on);
  assertEquals(text(on), "nothing");
  assertOk(await log.append(utf8("1\n2\n")));
  assertOk(await log.append(utf8("3\n")));
  log.close();
  assertEquals([text(on), [...on.disk.files().keys()]], ["1\n2\n3\n", ["a/l.jsonl"]]);
});

Deno.test("line log: two that add in turn see each other's lines", async () => {
  const on = ports();
  const [a, b] = [lineLog("a/l.jsonl", on), lineLog("a/l.jsonl", on)];
  for (const [log, line] of [[a, "1"], [b, "2"], [a, "3"], [a, "4"], [b, "5"]] as const) {
    assertOk(await log.append(utf8(`${line}\n`)));
  }
  assertEquals(text(on), "1\n2\n3\n4\n5\n");
});

Deno.test("line log: an end that was never finished is cut off, also a long one; one that only lacks its line break gets it", async () => {
  const half = `{"a":"${"x".repeat(300_000)}`;
  for (const [left, expected] of [[half, ""], ["{", ""], ["\0\0", ""], ['{"a":1}', '{"a":1}\n']] as const) {
    const on = ports({ "a/l.jsonl": utf8(`{}\n${left}`) });
    assertOk(await lineLog("a/l.jsonl", on).append(utf8("{}\n")));
    assertEquals(text(on), `{}\n${expected}{}\n`, left.slice(0, 20));
  }
});

Deno.test("line log: a file that was put aside is begun anew", async () => {
  const on = ports();
  const log = lineLog("l.jsonl", on);
  assertOk(await log.append(utf8("1\n")));
  assertOk(await log.append(utf8("2\n")));
  on.disk.put("l.jsonl", utf8("0\n"));
  assertOk(await log.append(utf8("3\n")));
  assertEquals(text(on, "l.jsonl"), "0\n3\n");
});

Deno.test("line log: while another has the lock nothing is added", async () => {
  const on = ports();
  const busy = { ...on, lock: { take: () => Promise.resolve({ ok: true, value: undefined } as const) } };
  assertFault(await lineLog("a/l.jsonl", busy).append(utf8("1\n")), "store_busy");
  assertEquals(text(on), "nothing");
});

Deno.test("line log: links that lead nowhere, or back to themselves, are told as such", async () => {
  const folder = await Deno.makeTempDir();
  const real = denoPorts(undefined, { report() {} }, denoActing());
  await Deno.symlink("gone.jsonl", `${folder}/nowhere`);
  await Deno.symlink("loop", `${folder}/loop`);
  for (const name of ["nowhere", "loop"]) {
    const { message } = assertFault(await lineLog(`${folder}/${name}`, real).append(utf8("1\n")), "write_failed");
    assert(
      /: (?:it is a link that leads nowhere|a link there leads nowhere, or back to itself \(ELOOP\))$/.test(message),
      message,
    );
  }
  await Deno.remove(folder, { recursive: true });
});
