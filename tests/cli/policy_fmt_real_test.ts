// `policy fmt --write` on a real disk, where the policy is a link.
import { assertEquals } from "../assert.ts";

const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;

Deno.test("policy fmt real: --write changes the file that a link names, and the link stays", async () => {
  if (Deno.build.os === "windows") return;
  const folder = await Deno.makeTempDir({ prefix: "gait-fmt-" });
  try {
    await Deno.mkdir(`${folder}/kept`);
    await Deno.writeTextFile(`${folder}/kept/p.yaml`, "rules: [{name: r, effect: allow}]\n", { mode: 0o640 });
    await Deno.symlink("kept/p.yaml", `${folder}/one.yaml`);
    await Deno.symlink("one.yaml", `${folder}/two.yaml`);
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "-q", "--no-check", MAIN, "policy", "fmt", "two.yaml", "--write"],
      cwd: folder,
    }).output();
    assertEquals([code, new TextDecoder().decode(stdout)], [0, "policy fmt ok: two.yaml written\n"]);
    assertEquals(await Deno.readTextFile(`${folder}/kept/p.yaml`), "rules:\n- name: r\n  effect: allow\n");
    assertEquals((await Deno.stat(`${folder}/kept/p.yaml`)).mode, 0o100640);
    assertEquals([await Deno.readLink(`${folder}/one.yaml`), await Deno.readLink(`${folder}/two.yaml`)], [
      "kept/p.yaml",
      "one.yaml",
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
