// Approvers and gates that race as processes of their own, and in the order that is worst: one decision stands, one use counts.
import { stand } from "../../cli/approvals_decide.ts";
import { findRequest } from "../../cli/approvals_inbox.ts";
import { memoryPorts } from "../../cli/host/memory.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { readDecision } from "../../core/authority/approver_decision.ts";
import type { Ports } from "../../core/ports.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { deletion, filed, mail } from "../authority/requests.ts";
import { approve, BOX, boxMachine, decision, DELETION, deny, inboxOf, KEYS, MAIL } from "./approvals_world.ts";

const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const LEDGER = new URL("./ledger_child.ts", import.meta.url).pathname;

async function run(script: string, args: readonly string[], cwd: string): Promise<readonly [number, string]> {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "-q", "--no-check", "--config", CONFIG, script, ...args],
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  return [code, new TextDecoder().decode(stdout)];
}

async function inFolder(files: Readonly<Record<string, string | Uint8Array>>, test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/${BOX}`, { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      await Deno.writeFile(`${folder}/${path}`, typeof content === "string" ? utf8(content) : content);
    }
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The clock is real, so the requests have to end later than today. */
const calls = async () => {
  const { pendingFile } = await import("../../core/authority/pending.ts");
  return [filed(mail()), filed(deletion(), 1)].map(({ request }) =>
    pendingFile(nodeHost.crypto, { ...request, expires_at: "2999-01-01T00:00:00Z" })
  );
};

const decisionsIn = (folder: string): readonly string[] =>
  [...Deno.readDirSync(`${folder}/${BOX}`)].map(({ name }) => name).filter((name) => name.startsWith("decision_"));

Deno.test("approvals race: of processes that approve and deny a request at once, one decides", async () => {
  const [one] = await calls();
  assert(one !== undefined);
  for (let round = 0; round < 2; round++) {
    await inFolder({ ...KEYS, [`${BOX}/${one.name}`]: one.bytes }, async (folder) => {
      const lines = [approve(one.id), deny(one.id), approve(one.id, "eve", "eve"), approve("--all", "bo")];
      const ends = await Promise.all(lines.map((line) => run(MAIN, [...line, "--json"], folder)));
      const won = ends.filter(([code]) => code === 0);
      assertEquals(won.length, 1, ends.map(([code, out]) => `${code} ${out}`).join("\n"));
      for (const [code, out] of ends.filter(([code]) => code !== 0)) {
        assert(code === 6 && /"fault":"request_(?:closed|missing)"/.test(out), out);
      }
      assertEquals(decisionsIn(folder), [`decision_${one.id}_1.json`]);
      assertOk(readDecision(Deno.readFileSync(`${folder}/${BOX}/decision_${one.id}_1.json`), "d"));
    });
  }
});

Deno.test("approvals race: of four that approve a request which takes two, two do", async () => {
  const [, two] = await calls();
  assert(two !== undefined);
  await inFolder({ ...KEYS, [`${BOX}/${two.name}`]: two.bytes }, async (folder) => {
    const ends = await Promise.all(
      ["ann", "bo", "cy", "di"].map((who) => run(MAIN, [...approve(two.id, who), "--json"], folder)),
    );
    assertEquals(ends.map(([code]) => code).sort(), [0, 0, 6, 6], ends.map(([, out]) => out).join("\n"));
    assertEquals(decisionsIn(folder).length, 2);
    const [code, out] = await run(MAIN, ["approvals", "wait", "--id", two.id, "--public-key", "ann.pub", "--json"], folder);
    assertEquals([code, JSON.parse(out).state], [0, "approved"]);
  });
});

Deno.test("approvals race: processes that use the same approvals at once use each once", () =>
  inFolder({}, async (folder) => {
    const kernel = Deno.build.os === "linux" ? "this one" : "";
    const ends = await Promise.all([1, 2, 3].map(() => run(LEDGER, ["ledger.json", kernel, "1", "20"], folder)));
    assertEquals(ends.map(([code]) => code), [0, 0, 0]);
    const used = ends.flatMap(([, out]) => out.trim().split(" ")).filter((one) => one !== "").map(Number);
    assertEquals(used.toSorted((a, b) => a - b), Array.from({ length: 20 }, (_, i) => i + 1));
  }));

/** Ports on which another puts this file there right before the nth write. */
function beaten(files: Readonly<Record<string, Uint8Array>>, path: string, bytes: Uint8Array, nth: number) {
  const ports = memoryPorts({ host: nodeHost, files });
  let writes = 0;
  const store: Ports["store"] = {
    ...ports.store,
    write(to, content, mode) {
      if (++writes === nth) ports.disk.put(path, bytes);
      return ports.store.write(to, content, mode);
    },
  };
  return { ...ports, store };
}

/** A file that a command line makes on a machine of its own. */
async function madeBy(line: readonly string[], path: string): Promise<Uint8Array> {
  const other = boxMachine();
  assertEquals((await other.json(...line))[0], 0);
  const bytes = other.disk.bytes(path);
  assert(typeof bytes !== "string");
  return bytes;
}

Deno.test("approvals race: who comes second finds the request closed, also in the last moment", async () => {
  const denial = await madeBy(deny(MAIL), decision(MAIL));
  const ports = beaten(inboxOf(mail()), decision(MAIL), denial, 1);
  const found = assertOk(await findRequest(BOX, MAIL, "2026-01-01T00:00:00Z", ports));
  const fault = assertFault(
    await stand(BOX, found, { schema_id: "x" }, { approver: "ann", token_id: "x" }, ports),
    "request_closed",
  );
  assertEquals(fault.message, `Cannot decide request "${MAIL}": it is denied`);
  assertEquals(ports.disk.bytes(decision(MAIL)), denial);
});

Deno.test("approvals race: where there is room for a second approval, who comes second takes the next place", async () => {
  const bo = await madeBy(approve(DELETION, "bo"), decision(DELETION));
  const ann = await madeBy(approve(DELETION, "ann"), decision(DELETION));
  const files = inboxOf(mail(), deletion());
  const ports = beaten(files, decision(DELETION), bo, 1);
  const token = JSON.parse(new TextDecoder().decode(ann));
  const found = assertOk(await findRequest(BOX, DELETION, "2026-01-01T00:00:00Z", ports));
  const path = assertOk(await stand(BOX, found, token, { approver: "ann", token_id: token.token_id }, ports));
  assertEquals([path, ports.disk.bytes(decision(DELETION, 2)), ports.disk.bytes(decision(DELETION))], [
    decision(DELETION, 2),
    ann,
    bo,
  ]);
  // The same approver twice, in the last moment, is one approval.
  const twice = beaten(files, decision(DELETION), ann, 1);
  assertFault(await stand(BOX, found, token, { approver: "ann", token_id: token.token_id }, twice), "request_closed");
  assertEquals(twice.disk.bytes(decision(DELETION, 2)), "nothing");
});

Deno.test("approvals race: a batch of which one request was closed meanwhile stands for the others", async () => {
  const denial = await madeBy(deny(MAIL), decision(MAIL));
  const on = boxMachine({ meanwhile: (disk) => disk.put(decision(MAIL), denial) });
  const ids = [MAIL, DELETION].sort();
  const line = ["approvals", "approve", "--id", ids.join(","), "--ttl", "30m", "--approver", "ann", "--reason-code", "r"];
  const [exit, said] = await on.json(...line, "--key-mode", "dev");
  assertEquals([exit, said["ok"], said["fault"], said["lost"]], [6, false, "request_closed", [
    { request_id: MAIL, error: `Cannot decide request "${MAIL}": it is denied` },
  ]]);
  assert(Array.isArray(said["approved"]));
  assertEquals(said["approved"].map(({ request_id }) => request_id), [DELETION]);
});
