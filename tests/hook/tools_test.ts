// The names of tools and programs that policies have, and which programs are known to destroy.
import { destroys } from "../../core/hook/destroyers.ts";
import { readShell } from "../../core/shell/read.ts";
import { patchedFiles, programTool, serverIn } from "../../core/hook/tools.ts";
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

Deno.test("hook tools: the server of an MCP tool", () => {
  assertEquals(["mcp__db__query", "mcp__a_b__c__d", "Bash", "mcp__x"].map(serverIn), ["db", "a_b", "", ""]);
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
