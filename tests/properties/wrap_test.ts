// Properties of a wrapped session: with a policy that allows all it is not to be seen, however the bytes come.
import fc from "fast-check";
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { assertEquals } from "../assert.ts";
import { wrapped } from "../cli/mcp_wrap/world.ts";
import { property } from "./run.ts";

const word = fc.stringMatching(/^[a-z]{1,8}$/);
// The gate refuses arguments without a name.
const value = fc.object({ key: word, values: [fc.string(), fc.integer(), fc.boolean(), fc.constant(null)], maxDepth: 2 });

/** A frame with blanks where JSON may have them. */
const spaced = (frame: object, blanks: string): string => JSON.stringify(frame).replace(/^\{/, `{${blanks}`) + blanks;

/** One request and its answer: its kind, payload, and how its lines are written. */
const step = fc.record({
  kind: fc.constantFrom("call", "other", "notice", "server"),
  name: word,
  value,
  blanks: fc.constantFrom("", " ", "\t ", "  "),
  end: fc.constantFrom("\n", "\r\n"),
});

/** Cuts bytes into pieces. */
function* pieces(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

property(
  "wrap: allow-all is byte-transparent both ways, and leaves a result for each call",
  fc.tuple(
    fc.array(step, { minLength: 1, maxLength: 8 }),
    fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 6 }),
  ),
  async ([steps, sizes]) => {
    const world = wrapped({ files: { "policy.yaml": "default_verdict: allow\n" }, settings: { most: 100_000 } });
    const asked: string[] = [];
    const given: string[] = [];
    for (const [id, { kind, name, value, blanks, end }] of steps.entries()) {
      const line = (frame: object): string => spaced({ jsonrpc: "2.0", ...frame }, blanks) + end;
      if (kind === "call") asked.push(line({ id, method: "tools/call", params: { name, arguments: { value } } }));
      if (kind === "other") asked.push(line({ id: `${id}`, method: `x/${name}`, params: { value } }));
      if (kind === "notice") asked.push(line({ method: `notifications/${name}`, params: { value } }));
      if (kind === "server") given.push(line({ id, method: name, params: { value } }));
      if (kind === "call") given.push(line({ id, result: { content: [], structuredContent: { value } } }));
      if (kind === "other") given.push(line({ id: `${id}`, error: { code: 1, message: name, data: value } }));
    }
    await world.client.send(...pieces(utf8(asked.join("")), sizes));
    assertEquals(fromUtf8(world.server.raw()), asked.join(""));
    await world.server.send(...pieces(utf8(given.join("")), sizes));
    assertEquals(fromUtf8(world.client.raw()), given.join(""));
    await world.client.close();
    assertEquals(await world.session, "ok");
    const calls = steps.filter(({ kind }) => kind === "call").length;
    assertEquals(world.records().filter(({ result }) => result !== undefined).length, calls);
  },
);

property(
  "wrap: whatever bytes a client sends, nothing but allowed calls and other frames reach the server",
  fc.array(fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.string({ unit: "grapheme" }).map(utf8), fc.json().map(utf8)), {
    maxLength: 6,
  }),
  async (chunks) => {
    const world = wrapped();
    const call = `{"jsonrpc":"2.0","id":99,"method":"tools/call","params":{"name":"stock.wipe"}}`;
    for (const chunk of chunks) await world.client.send(chunk, utf8("\n"));
    await world.client.send(call);
    assertEquals(world.server.got().some((line) => line.includes("tools/call")), false);
    await world.client.close();
    assertEquals(await world.session, "ok");
  },
);
