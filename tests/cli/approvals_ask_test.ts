// Asking for an approval: one request in the inbox for each decision that asks, and none for the others.
import { askApproval } from "../../cli/approvals_ask.ts";
import { memoryPorts } from "../../cli/host/memory.ts";
import { openPending } from "../../core/flow/pending_request.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { decided, mail } from "../authority/requests.ts";

const ports = (about: Omit<Parameters<typeof memoryPorts>[0], "host"> = {}) => memoryPorts({ host: nodeHost, ...about });

Deno.test("approvals ask: a decision that asks leaves its request, and asked again another one", async () => {
  const on = ports();
  const ids: string[] = [];
  for (let i = 0; i < 2; i++) {
    const { pending_request_id = "", pending_request_path = "" } = assertOk(
      await askApproval("in/box/", decided(mail()), "v", on),
    );
    assertEquals(pending_request_path, `in/box/request_${pending_request_id}.json`);
    const bytes = on.disk.bytes(pending_request_path);
    assert(typeof bytes !== "string");
    const request = assertOk(openPending(nodeHost.crypto, bytes, pending_request_id));
    assertEquals([request.created_at, request.expires_at, request.producer_version], [
      `2026-01-01T00:00:0${i}Z`,
      `2026-01-02T00:00:0${i}Z`,
      "v",
    ]);
    assertEquals(on.disk.mode(pending_request_path), 0o600);
    ids.push(pending_request_id);
  }
  assert(ids[0] !== ids[1]);
});

Deno.test("approvals ask: nothing where none is asked for, or no inbox is named", async () => {
  const on = ports();
  assertEquals(assertOk(await askApproval("", decided(mail()), "v", on)), {});
  assertEquals(assertOk(await askApproval("box", decided({ ...mail(), tool_name: "file.read" }), "v", on)), {});
  assertEquals(assertOk(await askApproval("box", decided(mail(), { simulate: true }), "v", on)), {});
  assertEquals([...on.disk.files().keys()], []);
});

Deno.test("approvals ask: an inbox that cannot be written is a fault", async () => {
  assertFault(await askApproval("../box", decided(mail()), "v", ports()), "path_refused");
  const steps = ports();
  assertOk(await askApproval("box", decided(mail()), "v", steps));
  for (let step = 1; step <= steps.disk.steps(); step++) {
    const on = ports({ trouble: { step, kind: "EIO" } });
    const asked = await askApproval("box", decided(mail()), "v", on);
    const there = [...on.disk.files().keys()].some((path) => path.startsWith("box/request_"));
    assert(!asked.ok || there, `step ${step}`);
  }
});
