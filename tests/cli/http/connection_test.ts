// One server and its callers in memory: bodies in every framing and cut, requests one after the other, and what happens to those who are slow.
import { memoryServing } from "../../../cli/host/memory_serving.ts";
import { memoryDisk } from "../../../cli/host/memory_disk.ts";
import { type HttpServer, serveHttp } from "../../../cli/http/server.ts";
import type { HttpReply, HttpRequest } from "../../../cli/http/message.ts";
import { faultReply } from "../../../cli/serve/reply.ts";
import { fromUtf8, utf8 } from "../../../core/base/bytes.ts";
import { assert, assertEquals, assertOk } from "../../assert.ts";
import { answersIn, handClock, requestText, settle } from "../serve/world.ts";

type Echo = {
  readonly server: HttpServer;
  readonly ports: ReturnType<typeof memoryServing>;
  readonly seen: string[];
  move(ms: number): Promise<void>;
};

// Answers with what it read; `/slow` never answers.
async function echo({ most = 100, limit = 200_000 } = {}): Promise<Echo> {
  const ports = memoryServing(memoryDisk({}), () => 0);
  const clock = handClock();
  const seen: string[] = [];
  const listener = assertOk(await ports.listen.open({ kind: "tcp", host: "127.0.0.1", port: 1 }, { alone: true }));
  const server = serveHttp(
    listener,
    {
      async answer(request) {
        if (request.path === "/slow") return await new Promise(() => {});
        if (request.path === "/stream") return streaming(request, seen);
        if (request.path === "/unread") return { status: 200, type: "text/plain", body: utf8("unread") };
        const body = await request.body(limit);
        seen.push(body.ok ? "read" : body.fault.code);
        return body.ok ? { status: 200, type: "text/plain", body: body.value } : faultReply(body.fault);
      },
      refuse: (status, fault) => faultReply(fault, status),
    },
    { most },
    clock.timer,
  );
  return { server, ports, seen, move: clock.move };
}

// Sends each piece that the body of the request names, whatever comes of it, and notes whether it was read to the end.
async function streaming(request: HttpRequest, seen: string[]): Promise<HttpReply> {
  const body = await request.body(1_000);
  const pieces = body.ok ? fromUtf8(body.value).split(",") : [];
  void request.gone().then(() => seen.push("gone"));
  return {
    status: 200,
    type: "text/plain",
    body: new Uint8Array(),
    async stream(send) {
      for (const piece of pieces) {
        if (piece === "wait") await request.gone();
        else if (piece === "fail") return false;
        else if (!await send(utf8(piece))) seen.push("unread");
      }
      seen.push("over");
      return true;
    },
  };
}

const statuses = (bytes: Uint8Array): number[] => answersIn(bytes).map(({ status }) => status);
const bodies = (bytes: Uint8Array): string[] => answersIn(bytes).map(({ body }) => body);

Deno.test("http: requests in any pieces, one after the other on one connection", async () => {
  const { ports } = await echo();
  const text = requestText("POST", "/", {}, "first") + requestText("POST", "/", {}, "second") +
    requestText("POST", "/", { "transfer-encoding": "chunked", connection: "close" }).replace("content-length: 0\r\n", "") +
    "3;a=b\r\nthi\r\n2\r\nrd\r\n0\r\nx: y\r\n\r\n";
  for (const size of [1, 2, 7, 64, text.length]) {
    const caller = ports.dial();
    for (let at = 0; at < text.length; at += size) {
      caller.send(utf8(text.slice(at, at + size)));
      if (size < 64) await Promise.resolve();
    }
    await caller.ended();
    assertEquals(bodies(caller.received()), ["first", "second", "third"], `pieces of ${size}`);
    caller.finish();
  }
});

Deno.test("http: a body larger than any buffer, and heads of any size up to the limit", async () => {
  const { ports } = await echo();
  const large = "x".repeat(150_000);
  for (const pad of [0, 1_900, 2_048, 4_000, 16_000]) {
    const caller = ports.dial();
    caller.send(utf8(requestText("POST", "/", { "x-pad": "p".repeat(pad), connection: "close" }, large)));
    await caller.ended();
    assertEquals(bodies(caller.received())[0]?.length, large.length, `pad ${pad}`);
    caller.finish();
  }
  const caller = ports.dial();
  caller.send(utf8(requestText("GET", "/", { "x-pad": "p".repeat(20_000) })));
  await caller.ended();
  assertEquals(statuses(caller.received()), [431]);
  caller.finish();
});

Deno.test("http: chunks that are no chunks, lengths that are not met, bodies beyond the limit", async () => {
  const chunked = requestText("POST", "/", { "transfer-encoding": "chunked" }).replace("content-length: 0\r\n", "");
  const CASES: readonly (readonly [name: string, text: string, status: number])[] = [
    ["no size", `${chunked}x\r\n`, 400],
    ["a size with a sign", `${chunked}-1\r\n`, 400],
    ["a chunk too long", `${chunked}1\r\nabc\r\n`, 400],
    ["a line without end", `${chunked}${"1".repeat(300)}`, 400],
    ["too many trailers", `${chunked}0\r\n${"a: b\r\n".repeat(20)}\r\n`, 400],
    ["a trailer that is none", `${chunked}0\r\nPOST / HTTP/1.1\r\n\r\n`, 400],
    ["a trailer behind a bare line feed", `${chunked}0\r\n\nPOST / HTTP/1.1\r\nHost: h\r\n\r\n`, 400],
    ["a line feed in a trailer", `${chunked}0\r\na: b\n\nGET / HTTP/1.1\r\n\r\n`, 400],
    ["chunks beyond the limit", `${chunked}9\r\n123456789\r\n9\r\n123456789\r\n0\r\n\r\n`, 413],
    ["a length beyond the limit", requestText("POST", "/", {}, "x".repeat(11)), 413],
    ["the size of the limit", requestText("POST", "/", { connection: "close" }, "x".repeat(10)), 200],
  ];
  for (const [name, text, status] of CASES) {
    const { ports } = await echo({ limit: 10 });
    const caller = ports.dial();
    caller.send(utf8(text));
    await caller.ended();
    assertEquals(statuses(caller.received()), [status], name);
    caller.finish();
  }
});

Deno.test("http: a half that ends before its length is no body", async () => {
  const { ports, seen } = await echo();
  for (const text of [requestText("POST", "/", {}, "abcdef").slice(0, -3), "POST / HTTP/1.1\r\nhost: h\r\n"]) {
    const caller = ports.dial();
    caller.send(utf8(text));
    caller.finish();
    await caller.ended();
  }
  assertEquals(seen, ["http_malformed"]);
});

Deno.test("http: a body that nobody read ends the connection, and takes no reply with it", async () => {
  const { ports } = await echo();
  const caller = ports.dial();
  caller.send(utf8(requestText("POST", "/unread", {}, "GET /evil HTTP/1.1\r\n\r\n")));
  await caller.ended();
  const [answer, ...more] = answersIn(caller.received());
  assertEquals([answer?.body, answer?.headers.get("connection"), more.length], ["unread", "close", 0]);
  caller.finish();
});

Deno.test("http: whoever does not send is cut off in time, and is told why if he began", async () => {
  const { ports, move } = await echo();
  const head = requestText("POST", "/", {}, "abc");
  const CASES: readonly (readonly [name: string, text: string, milliseconds: number, statuses: readonly number[]])[] = [
    ["nothing", "", 5_000, []],
    ["half a head", head.slice(0, 20), 5_000, [408]],
    ["half a body", head.slice(0, -1), 30_000, [408]],
    ["a call without end", requestText("GET", "/slow"), 30_000, [503]],
    ["a pause after an answer", requestText("POST", "/", {}, "a"), 60_000, [200]],
  ];
  for (const [name, text, milliseconds, wanted] of CASES) {
    const caller = ports.dial();
    caller.send(utf8(text));
    await settle();
    let over = false;
    void caller.ended().then(() => over = true);
    await move(milliseconds - 250);
    assert(!over, `${name}: too early`);
    await move(500);
    assert(over, `${name}: too late`);
    assertEquals(statuses(caller.received()), wanted, name);
  }
});

Deno.test("http: a head that comes a byte a second is cut off all the same", async () => {
  const { ports, move } = await echo();
  const caller = ports.dial();
  let over = false;
  void caller.ended().then(() => over = true);
  const text = requestText("GET", "/", { "x-a": "b".repeat(100) });
  for (let at = 0; at < 20 && !over; at++) {
    caller.send(utf8(text.slice(at, at + 1)));
    await move(1_000);
    assert(over === at >= 5 || at === 4, `after ${at + 1} s`);
  }
  assertEquals(statuses(caller.received()), [408]);
});

Deno.test("http: whoever does not take his reply is cut off in time", async () => {
  const { ports, server, move } = await echo();
  const caller = ports.dial();
  caller.stall();
  caller.send(utf8(requestText("POST", "/", {}, "abc")));
  await settle();
  assertEquals(server.open(), 1);
  await move(29_500);
  assertEquals(server.open(), 1);
  await move(1_000);
  assertEquals(server.open(), 0);
});

Deno.test("http: those who are slow keep nobody waiting", async () => {
  const { ports } = await echo();
  for (let i = 0; i < 50; i++) ports.dial().send(utf8("POST / HTTP/1.1\r\n"));
  const caller = ports.dial();
  caller.send(utf8(requestText("POST", "/", { connection: "close" }, "quick")));
  await caller.ended();
  assertEquals(bodies(caller.received()), ["quick"]);
});

Deno.test("http: more connections than may be are told to come again", async () => {
  const { ports, server } = await echo({ most: 2 });
  const held = [ports.dial(), ports.dial()];
  await settle();
  const third = ports.dial();
  await third.ended();
  const [answer] = answersIn(third.received());
  assertEquals([answer?.status, answer?.json.fault, answer?.headers.get("retry-after")], [503, "server_busy", "1"]);
  held[0]?.finish();
  await settle();
  assertEquals(server.open(), 1);
  const fourth = ports.dial();
  fourth.send(utf8(requestText("POST", "/", { connection: "close" }, "in")));
  await fourth.ended();
  assertEquals(bodies(fourth.received()), ["in"]);
});

Deno.test("http: the end answers what came, closes what waits, and takes no more", async () => {
  const { ports, server, move } = await echo();
  const idle = ports.dial();
  const busy = ports.dial();
  busy.send(utf8(requestText("POST", "/", {}, "abcdef").slice(0, -3)));
  const stuck = ports.dial();
  stuck.send(utf8(requestText("GET", "/slow")));
  await settle();
  let over = false;
  const end = server.end(2_000).then(() => over = true);
  await settle();
  await idle.ended();
  busy.send(utf8("def"));
  await busy.ended();
  const [answer] = answersIn(busy.received());
  assertEquals([answer?.body, answer?.headers.get("connection")], ["abcdef", "close"]);
  busy.finish();
  await settle();
  assert(!over);
  await move(2_500);
  await end;
  assertEquals(fromUtf8(stuck.received()), "");
});

Deno.test("http: what had arrived when the end was told is still taken and answered, once a connection", async () => {
  const { ports, server, seen, move } = await echo();
  const idle = ports.dial();
  await settle();
  let over = false;
  const end = server.end(20_000, 100).then(() => over = true);
  await Promise.resolve();
  const whole = utf8(requestText("POST", "/", {}, "came"));
  idle.send(whole);
  const fresh = ports.dial(); // from the queue of those who wait to be taken
  fresh.send(whole);
  await move(500);
  for (const caller of [idle, fresh]) {
    caller.send(whole); // on and on: nobody who only goes on sending is waited for
    const [answer, ...more] = answersIn(caller.received());
    assertEquals([answer?.body, answer?.headers.get("connection"), more.length], ["came", "close", 0]);
  }
  assert(!over);
  await move(3_000);
  await end;
  assertEquals(seen, ["read", "read"]);
});

Deno.test("http: the end with nobody there takes no longer than a look", async () => {
  const { server, move } = await echo();
  let over = false;
  const end = server.end(20_000, 100).then(() => over = true);
  await move(500);
  assert(over);
  await end;
});

Deno.test("http: a body that is streamed comes in chunks, and the connection goes on after it", async () => {
  const { ports, seen } = await echo();
  const caller = ports.dial();
  caller.send(
    utf8(requestText("POST", "/stream", {}, "one,,three") + requestText("POST", "/", { connection: "close" }, "next")),
  );
  await caller.ended();
  const text = fromUtf8(caller.received());
  const head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n";
  assert(text.startsWith(`${head}3\r\none\r\n5\r\nthree\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n`), text);
  assert(text.endsWith("next"));
  assertEquals(seen, ["over", "read"]);
  caller.finish();
});

Deno.test("http: a caller of HTTP/1.0 gets a stream up to the end of the connection; one that is cut short ends it without its end", async () => {
  const { ports } = await echo();
  const old = ports.dial();
  old.send(utf8(requestText("POST", "/stream", {}, "one,two").replace("HTTP/1.1", "HTTP/1.0")));
  await old.ended();
  assert(fromUtf8(old.received()).endsWith("connection: close\r\n\r\nonetwo"), fromUtf8(old.received()));
  old.finish();
  const cut = ports.dial();
  cut.send(utf8(requestText("POST", "/stream", {}, "one,fail")));
  await cut.ended();
  assert(fromUtf8(cut.received()).endsWith("3\r\none\r\n"), "no last chunk");
});

Deno.test("http: a caller who goes away is noticed while nothing is sent; one who does not read is cut, and the stream hears of it", async () => {
  const { ports, seen, move } = await echo();
  const gone = ports.dial();
  gone.send(utf8(requestText("POST", "/stream", {}, "one,wait")));
  await settle();
  assertEquals(seen, []);
  gone.finish();
  await settle();
  assertEquals(seen, ["gone", "over"]);
  const slow = ports.dial();
  slow.stall();
  slow.send(utf8(requestText("POST", "/stream", {}, "one,two")));
  await settle();
  await move(31_000);
  assertEquals(seen.slice(2).toSorted(), ["gone", "over", "unread", "unread"]);
});
