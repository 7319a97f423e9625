// Files with several names on a real disk: one that is read does not grow, and one that takes another's place is no harm.
import { checkGrowing } from "../../cli/output_paths.ts";
import { denoFiles } from "../../cli/host/deno.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";

Deno.test("outputs real: a log that is another name of a file that is read is refused", async () => {
  const folder = await Deno.makeTempDir({ prefix: "gait-outputs-" });
  try {
    const at = (name: string): string => `${folder}/${name}`;
    for (const name of ["policy.yaml", "calls.jsonl", "log.jsonl"]) await Deno.writeTextFile(at(name), "");
    await Deno.link(at("policy.yaml"), at("twin.jsonl"));
    await Deno.link(at("log.jsonl"), at("copy.jsonl"));
    const check = (log: string) =>
      checkGrowing(
        ["the trace log", log],
        { read: [at("policy.yaml"), undefined, ""], shared: [at("calls.jsonl")] },
        denoFiles,
      );
    const { message } = assertFault(await check(at("twin.jsonl")), "same_file");
    assertEquals(
      message,
      `Cannot write the trace log to "${at("twin.jsonl")}": "${at("policy.yaml")}" is another name of that file`,
    );
    for (const log of [at("copy.jsonl"), at("log.jsonl"), at("none.jsonl"), folder, ""]) assertOk(await check(log));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("outputs real: gate eval does not add traces to its policy by another name", async () => {
  const folder = await Deno.makeTempDir({ prefix: "gait-outputs-" });
  try {
    await Deno.writeTextFile(`${folder}/p.yaml`, "default_verdict: allow\n");
    await Deno.link(`${folder}/p.yaml`, `${folder}/log.jsonl`);
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "-q", "--no-check", new URL("../../cli/main.ts", import.meta.url).pathname, "gate", "eval"],
        ...["--policy", "p.yaml", "--intents", "-", "--trace-log", "log.jsonl", "--json"],
      ],
      cwd: folder,
      stdin: "null",
    }).output();
    assertEquals([code, JSON.parse(new TextDecoder().decode(stdout)).fault], [6, "same_file"]);
    assertEquals(await Deno.readTextFile(`${folder}/p.yaml`), "default_verdict: allow\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
