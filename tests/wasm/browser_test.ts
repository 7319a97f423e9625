// The entries on web standards alone, as far as Deno has them too; in workerd and Chromium they are run by tests/runtimes/.
import { utf8 } from "../../core/base/bytes.ts";
import { call } from "../../wasm/browser.ts";
import { verifyFile } from "../../wasm/verify_browser.ts";
import worker from "../../wasm/worker.ts";
import { assert, assertEquals } from "../assert.ts";
import { object } from "../run/packs.ts";
import { sealed, SMALL } from "../run/runs.ts";

Deno.test("wasm: the entry for browsers reads blobs as it reads bytes", async () => {
  const bytes = new Uint8Array((await sealed(SMALL)).bytes);
  for (const operation of ["verify", "inspect", "replay", "digest"]) {
    const request = JSON.stringify({ operation });
    assertEquals(await call(request, [new Blob([bytes])]), await call(request, [bytes]), operation);
  }
  assert((await verifyFile(new Blob([bytes]))).ok);
  const reply = await verifyFile(new Blob([bytes.subarray(1)]), { name: "cut.zip" });
  assert(!reply.ok && "error" in reply && reply.at?.file === "cut.zip", JSON.stringify(reply));
});

Deno.test("wasm: the Worker answers forms, and says what else it was sent", async () => {
  const bytes = new Uint8Array((await sealed(SMALL)).bytes);
  const send = async (body: BodyInit | null, method = "POST") => {
    const response = await worker.fetch(new Request("http://localhost/", { method, body }));
    assertEquals(response.headers.get("content-type"), "application/json");
    return { status: response.status, reply: object(await response.text()) };
  };
  const form = new FormData();
  form.set("request", '{"operation":"diff"}');
  for (let i = 0; i < 2; i++) form.append("artifact", new Blob([bytes]));
  const good = await send(form);
  assertEquals([good.status, good.reply.ok, good.reply.changes_total], [200, true, 0]);
  const text = new FormData();
  text.set("request", '{"operation":"digest"}');
  text.set("artifact", "[1]");
  assertEquals((await send(text)).reply.digest, object(await call('{"operation":"digest"}', [utf8("[1]")])).digest);
  form.set("request", new Blob(["{}"]));
  for (const body of [form, "no form", new FormData(), null]) {
    const { status, reply } = await send(body);
    assertEquals([status, reply.ok, reply.fault], [400, false, "usage"]);
  }
  const got = await send(null, "GET");
  assertEquals([got.status, got.reply.fault], [405, "usage"]);
});
