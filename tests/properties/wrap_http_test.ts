// A server's answers through the gate over HTTP when the policy allows all: no byte is another, however they are cut, and each call has
// exactly one result.
import fc from "fast-check";
import { concatBytes, fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { sseFeed, unsplit } from "../../core/mcp/sse.ts";
import { assertEquals } from "../assert.ts";
import { gated, modernCall, modernFields } from "../cli/mcp_wrap/http/world.ts";
import { property } from "./run.ts";

const broken = fc.constantFrom("\n", "\r\n", "\r");

/** A line of an event, or of none. */
const line = fc.oneof(
  fc.constantFrom("", ": comment", "id: 1", "retry: 5", "event: message", "event: other", "data", "x: 1", "data:{}"),
  fc.string().map((text) => `data: ${text.replaceAll(/[\r\n]/g, " ")}`),
);

const stream = fc.array(fc.tuple(line, broken)).map((lines) => utf8(lines.flat().join("")));

/** The same bytes in pieces. */
const pieces = (bytes: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] => {
  const all: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? bytes.length;
    all.push(bytes.slice(at, at + size));
    at += size;
  }
  return all;
};

const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });

property("events have the bytes of their stream, and mean the same in any pieces", fc.tuple(stream, sizes), ([bytes, cuts]) => {
  const read = (some: readonly Uint8Array[]) => {
    const raw: Uint8Array[] = [];
    const meant: string[] = [];
    const feed = sseFeed(10_000, (event) => {
      if (event === undefined) throw new Error("nothing is too large");
      raw.push(event.raw);
      if (event.data !== undefined || event.marked) meant.push(`${event.name} ${event.marked} ${event.data}`);
    });
    for (const piece of some) feed.push(piece);
    return { bytes: concatBytes(raw), meant };
  };
  const [whole, cut] = [read([bytes]), read(pieces(bytes, cuts))];
  assertEquals(cut, whole);
  assertEquals(bytes.slice(0, whole.bytes.length), whole.bytes);
});

const result = (id: number, text: string): string =>
  JSON.stringify({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text }] } });

const notes = fc.array(
  fc.constantFrom(": note\n\n", `id: 7\ndata: {"jsonrpc":"2.0","method":"n"}\r\n\r\n`, "retry: 9\r\r", "\n"),
  { maxLength: 6 },
);

property(
  "what a server answers passes byte by byte, and is recorded once",
  fc.record({ before: notes, after: notes, text: fc.string({ unit: "grapheme" }), cuts: sizes, events: fc.boolean() }),
  async ({ before, after, text, cuts, events }) => {
    const world = await gated();
    const sent = await world.post(modernCall(1, "shelf.peek"), modernFields("shelf.peek"));
    const body = events ? `${before.join("")}data: ${result(1, text)}\n\n${after.join("")}` : ` ${result(1, text)}\r\n`;
    await world.last().head(200, { "content-type": events ? "text/event-stream" : "application/json" });
    await world.last().send(...pieces(utf8(body), cuts));
    await world.last().end();
    assertEquals([sent.reply().body, sent.reply().whole], [events ? fromUtf8(unsplit(utf8(body))) : body, true]);
    await world.end();
    assertEquals(world.statuses(), ["1 ok"]);
  },
);
