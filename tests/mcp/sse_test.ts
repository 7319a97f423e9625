// Events cut out of a stream: the same whatever the pieces, no byte changed, and what they carry as a reader of the standard has it.
import { type SseEvent, sseEvent, sseFeed, unsplit, withData } from "../../core/mcp/sse.ts";
import { concatBytes, fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { assertEquals } from "../assert.ts";

type Seen = readonly [raw: string, name: string, data: string | undefined, marked: boolean];

function eventsIn(stream: Uint8Array, size: number, most = 1_000): readonly (Seen | "large")[] {
  const seen: (Seen | "large")[] = [];
  const feed = sseFeed(most, (event) =>
    void seen.push(
      event === undefined
        ? "large"
        : [fromUtf8(event.raw), event.name, event.data === undefined ? undefined : fromUtf8(event.data), event.marked],
    ));
  for (let at = 0; at < stream.length; at += size) feed.push(stream.slice(at, at + size));
  return seen;
}

const meaning = (seen: readonly (Seen | "large")[]): readonly string[] =>
  seen.filter((one) => one === "large" || one[2] !== undefined || one[3]).map((one) => JSON.stringify(one.slice(1)));

const bytes = (seen: readonly (Seen | "large")[]): string => seen.map((one) => one === "large" ? "" : one[0]).join("");

/** The events of a stream, which mean the same in pieces of any size, and have the same bytes. */
function events(text: string, most?: number): readonly (Seen | "large")[] {
  const stream = utf8(text);
  const whole = eventsIn(stream, stream.length, most);
  for (let size = 1; size < stream.length; size++) {
    const cut = eventsIn(stream, size, most);
    assertEquals([meaning(cut), bytes(cut)], [meaning(whole), bytes(whole)], `${size}: ${JSON.stringify(text)}`);
  }
  return whole;
}

const data = (text: string): readonly unknown[] => events(text).map((one) => one === "large" ? one : one[2]);

Deno.test("sse: lines end in each of three ways, fields with or without a blank, comments and what is no field", () => {
  assertEquals(data("data: a\n\ndata:b\r\n\r\ndata: c\r\rdata:  d\n\n"), ["a", "b", "c", " d"]);
  assertEquals(data("data: a\r\ndata: b\r\n\r\n"), ["a\nb"]);
  assertEquals(data("data: a\ndata:\ndata: b\n\n: hello\n\ndata\n\nx: 1\n\n"), ["a\n\nb", undefined, "", undefined]);
  assertEquals(events("event: ping\nid: 7\ndata: x\n\n"), [["event: ping\nid: 7\ndata: x\n\n", "ping", "x", true]]);
  assertEquals(events("id:\ndata: x\n\n"), [["id:\ndata: x\n\n", "", "x", false]]);
  assertEquals(data("\ufeffdata: a\n\n\ufeffdata: b\n\n"), ["a", undefined]);
});

Deno.test("sse: nothing is lost or added, and what is not ended is none", () => {
  const text = "\n\r\n: a\n\ndata: x\r\n\r\n\n\r\rid: 1\n\ndata: y\n";
  assertEquals(bytes(events(text)), text.slice(0, -"data: y\n".length));
  assertEquals(data("data: y\n"), []);
  assertEquals(data("data: y"), []);
});

Deno.test("sse: an event over the limit is told of once, and those around it stay", () => {
  assertEquals(
    events(`data: a\n\ndata: ${"x".repeat(200)}\ndata: y\n\ndata: b\n\n`, 100).map((one) => one === "large" ? one : one[2]),
    [
      "a",
      "large",
      "b",
    ],
  );
});

const one = (text: string): SseEvent => {
  const seen: (SseEvent | undefined)[] = [];
  sseFeed(1_000, (event) => void seen.push(event)).push(utf8(text));
  const [first] = seen;
  if (first === undefined) throw new Error("no event");
  return first;
};

const made = (bytes: Uint8Array | undefined): string | undefined => bytes === undefined ? undefined : fromUtf8(bytes);

Deno.test("sse: an event with another frame keeps all else, one without a frame only where the stream stands", () => {
  const event = one("\ufeffid: 7\r\nevent: message\r\ndata: a\r\ndata: b\r\nretry: 5\r\n: c\r\n\r\n");
  assertEquals(made(withData(event, utf8(`{"a":\n1}`))), `id: 7\nevent: message\nretry: 5\n: c\ndata: {"a": 1}\n\n`);
  assertEquals(made(withData(event)), "id: 7\nretry: 5\n\n");
  assertEquals(made(withData(one("event: message\ndata: a\n\n"))), undefined);
  for (const bytes of [withData(event, utf8("{}")), sseEvent(utf8("{}"))]) {
    const [again] = eventsIn(concatBytes([bytes ?? new Uint8Array()]), 3);
    assertEquals(again?.[2], "{}");
  }
});

Deno.test("sse: a frame with breaks in it stays one line of data", () => {
  const made = fromUtf8(sseEvent(utf8(`{"a":\r1,\n"b":\r\n2}`)));
  assertEquals(made, `event: message\ndata: {"a": 1, "b":  2}\n\n`);
  assertEquals(made.includes("\r"), false);
});

Deno.test("sse: what ends a line to some readers alone is escaped in data, and other lines that hold it are left out", () => {
  for (const same of ["", "data: a\tb\r\n\r\n", ": \u00e9\u2027\n\n", "\n"]) {
    const given = utf8(same);
    assertEquals(unsplit(given) === given, true, same);
  }
  for (const split of "\v\f\x1c\x1d\x1e\x85\u2028\u2029") {
    for (const end of ["\n", "\r", "\r\n"]) {
      const data = `data: {"a":"x${split}${split}data: {}"}`;
      const text = fromUtf8(
        unsplit(utf8([`: c${split}data: {}`, "id: 1", `id: ${split}2`, `x${split}`, data, "retry: 5", "", ""].join(end))),
      );
      const lines = text.split(end);
      assertEquals([lines.length, lines[0], lines.slice(2)], [5, "id: 1", ["retry: 5", "", ""]]);
      assertEquals(JSON.parse((lines[1] ?? "").slice("data: ".length)), { a: `x${split}${split}data: {}` });
      assertEquals(text.includes(split), false);
    }
  }
  assertEquals(fromUtf8(sseEvent(utf8(`{"a":"\u2028"}`))), `event: message\ndata: {"a":"\\u2028"}\n\n`);
  assertEquals(fromUtf8(unsplit(utf8("id: 1\n\ufeffdata: {}\n\n"))), "id: 1\n\n", "a mark that some skip anywhere");
});
