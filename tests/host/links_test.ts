// Links on a real disk: what is itself one, and where paths lead; through the ports, and through a command.
import { denoFiles } from "../../cli/host/deno.ts";
import { firstLink, stepsTo } from "../../cli/links.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

Deno.test("links: what is one, and where it leads", async () => {
  const root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "gait-links-" }));
  try {
    Deno.mkdirSync(`${root}/real`);
    Deno.writeTextFileSync(`${root}/real/a.json`, "{}");
    Deno.symlinkSync(`${root}/real`, `${root}/folder`);
    Deno.symlinkSync(`${root}/real/a.json`, `${root}/file`);
    Deno.symlinkSync(`${root}/nothing`, `${root}/dangling`);
    const links = async (...names: string[]) => await Promise.all(names.map((name) => denoFiles.isLink(`${root}/${name}`)));
    assertEquals(await links("folder", "file", "dangling"), [true, true, true]);
    assertEquals(await links("real", "real/a.json", "folder/a.json", "missing", "real/a.json/below"), [
      false,
      false,
      false,
      false,
      false,
    ]);
    for (const path of ["folder/a.json", "file", "real/../real/a.json", "real/./a.json"]) {
      assertEquals(assertOk(await denoFiles.real(`${root}/${path}`)), `${root}/real/a.json`.replaceAll("\\", "/"));
    }
    assertFault(await denoFiles.real(`${root}/dangling`), "file_missing");
    assertEquals(await firstLink(stepsTo(`${root}/folder/a.json`), denoFiles), `${root}/folder`);
    assertEquals(await firstLink(stepsTo(`${root}/real/a.json`), denoFiles), undefined);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
});

Deno.test("links: the steps to a path", () => {
  assertEquals([...stepsTo("a")], ["a"]);
  assertEquals([...stepsTo("a/b/c")], ["a", "a/b", "a/b/c"]);
  assertEquals([...stepsTo("/a/b")], ["/a", "/a/b"]);
  assertEquals([...stepsTo("a/b", "m/n")], ["m/n/a", "m/n/a/b"]);
  assertEquals([...stepsTo("a/b", ".")], ["a", "a/b"]);
});

Deno.test("links: a path that cannot be looked at counts as one", async () => {
  assert(await denoFiles.isLink("a\0b") || Deno.build.os === "windows");
});
