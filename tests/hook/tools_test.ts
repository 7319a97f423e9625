// The names of tools and programs that policies have, and which programs are known to destroy.
import type { HookClient } from "../../core/hook/clients.ts";
import { destroys } from "../../core/hook/destroyers.ts";
import { builtInTool, otherTool, patchedFiles, programTool, serverTool } from "../../core/hook/tools.ts";
import { readShell } from "../../core/shell/read.ts";
import { assertEquals } from "../assert.ts";

const tool = (program: string, evaluates = false): string => programTool({ program, evaluates });

Deno.test("hook tools: no two programs have one name in a policy", () => {
  assertEquals([tool("git"), tool("./x.sh"), tool("bash", true)], ["tool.exec:git", "tool.exec:./x.sh", "tool.exec:bash -c"]);
  assertEquals([tool("Git"), tool("ls "), tool("bash -c"), tool("ü"), tool("%47")], [
    "tool.exec:%47it",
    "tool.exec:ls%20",
    "tool.exec:bash%20-c",
    "tool.exec:%c3%bc",
    "tool.exec:%2547",
  ]);
});

Deno.test("hook tools: built-in tools by the names of each agent", () => {
  const name = (client: HookClient, tool: string) => builtInTool(client, tool)?.name;
  assertEquals(["Read", "Notebook Edit", "web_search", "LS", "Agent", "Delete"].map((tool) => name("claude-code", tool)), [
    ...["tool.read", "tool.write", "tool.read", "tool.read", "tool.delegate", undefined],
  ]);
  assertEquals(["Shell", "StrReplace", "Delete", "tool.read"].map((tool) => name("cursor", tool)), [
    ...["tool.exec", "tool.write", "tool.delete", undefined],
  ]);
  // Without a server of the same name before it, a server's tool may have any of the others.
  assertEquals(["read_file", "replace", "Read", "bash", "constructor"].map((tool) => name("gemini", tool)), [
    ...["tool.read", "tool.write", undefined, undefined, undefined],
  ]);
});

Deno.test("hook tools: no other tool has the name of a built-in one, of a program or of a server's", () => {
  for (
    const [tool, name] of [
      ["Todo Write-Now", "tool.todo_write_now"],
      ["Vendor.Thing", "tool.vendor.thing"],
      ["tool.read", "tool.tool.read"],
      ["tool.exec:ls", "tool.tool.exec%3als"],
      [" Read\n", "tool.%72ead"],
      ["exec:ls", "tool.exec%3als"],
      ["exec%3als", "tool.exec%253als"],
      ["Exec", "tool.%65xec"],
      ["delegate", "tool.%64elegate"],
      ["mcp--db--query", "tool.%6dcp__db__query"],
      ["MCP__x", "tool.%6dcp__x"],
      ["readings", "tool.readings"],
    ] as const
  ) assertEquals(otherTool(tool), name);
  assertEquals(serverTool("db", "query"), "tool.mcp__db__query");
  assertEquals(serverTool("My Shelf", "tool.exec:ls"), "tool.mcp__my_shelf__tool.exec:ls");
  assertEquals(serverTool("", "Read"), "tool.mcp____read");
});

Deno.test("hook tools: the files of a patch", () => {
  const patch =
    "*** Begin Patch\n*** Add File: a.ts\n+x\n*** Update File: b.ts\n*** Move to: c.ts\n@@\n*** Delete File: d.ts\n*** End Patch";
  assertEquals(patchedFiles(patch), [
    { path: "a.ts", operation: "write" },
    { path: "b.ts", operation: "write" },
    { path: "c.ts", operation: "write" },
    { path: "d.ts", operation: "delete" },
  ]);
  assertEquals([patchedFiles(""), patchedFiles("+*** Add File: x")], [undefined, undefined]);
  // Only a line feed ends a line, and a name is neither cut nor guessed.
  assertEquals(patchedFiles("*** Add File: ok\u2028/../../x\r\n+"), [{ path: "ok\u2028/../../x", operation: "write" }]);
  assertEquals(patchedFiles("*** Add File: ok\r/../x\n"), [{ path: "ok\r/../x", operation: "write" }]);
  assertEquals(patchedFiles("*** Add File: a\n*** Add File:   /etc/x"), undefined);
  assertEquals(patchedFiles("*** Add File: a\n*** Delete File:"), undefined);
});

/** Words in which others may come to stand that destroy nothing. */
const BESIDE = [
  "git add src/*.ts ~/x/b*",
  "git diff --no-index <(ls a) <(ls b)",
  "git log --format=%h",
  "ls *",
  "ls | xargs cat",
];

Deno.test("hook tools: programs that destroy", () => {
  const words = (text: string): boolean => readShell(text, { cwd: "/w", home: "/home/u" }).commands.some(destroys);
  for (
    const text of [
      "rm x",
      "/opt/bin/rm x",
      "mkfs.ext4 /dev/x",
      "git push -f",
      "git reset --hard",
      "git push origin +main",
      "find . -delete",
      "sudo ls",
      "git push --mir",
      "git push --forc",
      "git push --force-with-l=main",
      "git push --force-with-lease=main:x",
      "git {push,--force}",
      "git push ?-force",
      "git push *",
      "echo push --force | xargs git",
      "echo --force | xargs -I% git push %",
      "kubectl {delete,pod} x",
    ]
  ) {
    assertEquals([text, words(text)], [text, true]);
  }
  for (const text of ["ls", "git status", "git push", "git commit -m x", "find . -name x", "kubectl get pods", ...BESIDE]) {
    assertEquals([text, words(text)], [text, false]);
  }
});
