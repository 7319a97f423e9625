// A CR in a frame: white space to JSON, the end of a line to some readers of lines.
import { utf8 } from "../../core/base/bytes.ts";
import { BODIES, LINES } from "../../core/mcp/line_frames.ts";
import { assertEquals } from "../assert.ts";

const INNER = `{"jsonrpc":"2.0","id":99,"method":"tools/call","params":{"name":"shelf.wipe"}}`;

Deno.test("line frames: a line of a client that a CR cuts is no frame, whatever stands in it", () => {
  const kind = (text: string): string => LINES.client(utf8(text)).kind;
  const ping = (blank: string): string => `{"id":1,"method":"ping","params":{"a":${blank}${INNER}${blank}}}`;
  assertEquals(["", " ", "\t"].map((blank) => kind(ping(blank))), ["request", "request", "request"]);
  assertEquals(kind(ping("\r")), "refused");
  const told = LINES.client(utf8(ping("\r")));
  assertEquals(told.kind === "refused" ? told.id : undefined, 1);
  assertEquals([kind(`${ping("")}\r`), kind(`${ping("")}\r\r`), kind(`\r${ping("")}`)], ["request", "refused", "refused"]);
  assertEquals(kind(`{"method":"x",\r"params":{}}`), "refused");
  assertEquals(kind(`{"id":1,"result":\r{}}`), "refused");
  assertEquals([kind("\r"), kind(" \r\t")], ["blank", "blank"]);
});

Deno.test("line frames: a line of a server that a CR cuts reaches nobody", () => {
  const read = (text: string) => LINES.server(utf8(text));
  assertEquals(read(`{"id":1,"result":{}}\r`).kind, "answer");
  assertEquals(read(`{"id":1,"result":{"a":\r{}\r}}`), { kind: "unreadable", id: 1 });
  assertEquals(read(`{"id":1,\r"id":2}`), { kind: "unreadable" });
  assertEquals(read(`{"method":"x","params":\r{}}`), { kind: "cut" });
  assertEquals(read(`ready\r{"id":1,"result":{}}`), { kind: "cut" });
  assertEquals([read("ready\r").kind, read(" \r ").kind], ["other", "other"]);
});

Deno.test("line frames: a body is one frame, with any white space", () => {
  assertEquals(BODIES.client(utf8(`{"id":1,\r\n"method":"ping"}`)).kind, "request");
  assertEquals(BODIES.server(utf8(`{"id":1,\r"result":{}}`)).kind, "answer");
});
