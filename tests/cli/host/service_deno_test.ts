// Sending on real sockets: the status and the beginning of what is answered, also where that breaks off or has no end.
import { fromUtf8, utf8 } from "../../../core/base/bytes.ts";
import { denoNet } from "../../../cli/host/service_deno.ts";
import { assert, assertEquals, assertOk } from "../../assert.ts";

const JSON_BODY = { "content-type": "application/json" };

Deno.test("net: the answer's status, and what it says", async () => {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const said = await request.text();
    return new Response(`${request.method} ${said}`, { status: 207 });
  });
  const url = `http://127.0.0.1:${server.addr.port}/`;
  const { status, body } = assertOk(await denoNet.post(url, utf8("{}"), JSON_BODY, 5_000));
  assertEquals([status, fromUtf8(body)], [207, "POST {}"]);
  await server.shutdown();
});

Deno.test("net: of an answer without an end the beginning is taken, of one that breaks off what came", async () => {
  const answers = [endless(), "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart"];
  for (const [index, answer] of answers.entries()) {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const served = answerOne(listener, answer);
    const url = `http://127.0.0.1:${listener.addr.port}/`;
    const { status, body } = assertOk(await denoNet.post(url, utf8("{}"), JSON_BODY, 5_000));
    assertEquals(status, 200);
    if (index === 0) assertEquals(body.length, 2 ** 16);
    else assertEquals(fromUtf8(body), "part");
    await served;
    listener.close();
  }
});

Deno.test("net: an answer that stalls is not waited for long, and of a refusal nothing is read", async () => {
  const answers = [
    ["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart", 200, "part"],
    ["HTTP/1.1 503 Busy\r\nContent-Length: 9\r\n\r\npart", 503, ""],
  ] as const;
  for (const [answer, wanted, said] of answers) {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    let connection: Deno.TcpConn | undefined;
    const served = listener.accept().then(async (taken) => {
      connection = taken;
      await taken.read(new Uint8Array(2 ** 16));
      await taken.write(utf8(answer));
    });
    const before = performance.now();
    const url = `http://127.0.0.1:${listener.addr.port}/`;
    const { status, body } = assertOk(await denoNet.post(url, utf8("{}"), JSON_BODY, 60_000));
    assertEquals([status, fromUtf8(body)], [wanted, said]);
    assert(performance.now() - before < 20_000, "it waits for what does not come");
    await served;
    connection?.close();
    listener.close();
  }
});

Deno.test("net: nobody there, and nobody who answers, are faults", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}/`;
  const silent = await denoNet.post(url, utf8("{}"), JSON_BODY, 300);
  assert(!silent.ok && silent.fault.message.endsWith("it took too long"), JSON.stringify(silent));
  listener.close();
  const gone = await denoNet.post(url, utf8("{}"), JSON_BODY, 5_000);
  assert(!gone.ok && gone.fault.message.endsWith("nobody answers there"), JSON.stringify(gone));
});

const endless = (): string => `HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n${"x".repeat(2 ** 17)}`;

async function answerOne(listener: Deno.TcpListener, answer: string): Promise<void> {
  const connection = await listener.accept();
  await connection.read(new Uint8Array(2 ** 16));
  for (let bytes = utf8(answer); bytes.length > 0;) bytes = bytes.subarray(await connection.write(bytes));
  connection.close();
}
