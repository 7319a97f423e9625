// A server that gait stands before, over real connections: what is asked, what comes, and every way in which it ends.
import { denoUpstream } from "../../../cli/host/upstream_deno.ts";
import { fromUtf8, utf8 } from "../../../core/base/bytes.ts";
import type { UpstreamAnswer, UpstreamRequest } from "../../../core/ports.ts";
import { assert, assertEquals, assertFault, assertOk } from "../../assert.ts";

type Seen = { readonly url: string; readonly say: (text: string) => Promise<unknown>; readonly close: () => void };

/** Does something with a server that takes one connection, and what it was asked. */
async function serving(say: string, test: (seen: Seen, head: Promise<string>) => Promise<void>): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  const heard = accepted.then(async (conn) => {
    const into = new Uint8Array(65_536);
    const count = await conn.read(into) ?? 0;
    await conn.write(utf8(say));
    return fromUtf8(into.subarray(0, count));
  });
  let closed = false;
  const close = (): void => {
    if (!closed) void accepted.then((conn) => conn.close());
    closed = true;
  };
  const seen = {
    url: `http://127.0.0.1:${listener.addr.port}/mcp?a=1`,
    say: async (text: string) => await (await accepted).write(utf8(text)),
    close,
  };
  try {
    await test(seen, heard);
  } finally {
    await heard;
    close();
    listener.close();
  }
}

const ask = (url: string, more: Partial<UpstreamRequest> = {}) =>
  denoUpstream.send({ method: "POST", url, headers: {}, ...more });

async function textOf(answer: UpstreamAnswer): Promise<string> {
  let text = "";
  for (let piece = assertOk(await answer.read()); piece !== undefined; piece = assertOk(await answer.read())) {
    text += fromUtf8(piece);
  }
  return text;
}

Deno.test("upstream: fields and bytes as they are, no redirect is followed, no body is taken apart", async () => {
  const say =
    "HTTP/1.1 307 Go\r\nlocation: http://127.0.0.1:1/\r\nset-cookie: a=1\r\nset-cookie: b=2\r\ncontent-length: 2\r\n\r\n{}";
  await serving(say, async ({ url }, heard) => {
    const headers = { "content-type": "application/json", "x-l": "\u00e9", "mcp-session-id": "s" };
    const answer = assertOk(await ask(url, { headers, body: utf8(`{"a":1}`) }).answer);
    assertEquals([answer.status, await textOf(answer)], [307, "{}"]);
    assertEquals(answer.headers.filter(([name]) => name === "set-cookie").map(([, value]) => value), ["a=1", "b=2"]);
    const head = await heard;
    for (const line of ["POST /mcp?a=1 HTTP/1.1", "accept-encoding: identity", "mcp-session-id: s", "content-length: 7"]) {
      assert(head.includes(`${line}\r\n`), head);
    }
    assert(head.endsWith(`\r\n\r\n{"a":1}`));
  });
});

const STREAM = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

Deno.test("upstream: a stream is read as it comes, and one that is cut short is no end", async () => {
  await serving(STREAM, async ({ url, say, close }) => {
    const answer = assertOk(await ask(url, { method: "GET" }).answer);
    await say("5\r\nhello\r\n");
    assertEquals(fromUtf8(assertOk(await answer.read()) ?? new Uint8Array()), "hello");
    close();
    assertFault(await answer.read(), "network_failed");
  });
  await serving(`${STREAM}2\r\n{}\r\n0\r\n\r\n`, async ({ url }) => {
    assertEquals(await textOf(assertOk(await ask(url).answer)), "{}");
  });
});

Deno.test("upstream: whoever waits has his answer when it is closed: before the head, after it, and in the middle", async () => {
  await serving("", async ({ url }, heard) => {
    const sent = ask(url);
    await heard;
    sent.close();
    assertFault(await sent.answer, "network_failed");
  });
  for (const reads of [0, 1]) {
    await serving(`${STREAM}1\r\nx\r\n`, async ({ url }) => {
      const sent = ask(url);
      const answer = assertOk(await sent.answer);
      for (let i = 0; i < reads; i++) assertOk(await answer.read());
      const waiting = answer.read();
      sent.close();
      if (reads > 0) assertFault(await waiting, "network_failed");
      else await waiting;
      assertFault(await answer.read(), "network_failed");
      sent.close();
    });
  }
  const early = ask("http://127.0.0.1:9/"); // nobody is there, or nobody may ask there
  early.close();
  const fault = await early.answer;
  assert(!fault.ok && fault.fault.message === `Cannot reach "http://127.0.0.1:9": nobody answers there`);
});
