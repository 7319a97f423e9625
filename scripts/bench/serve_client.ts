// A client of HTTP that keeps its connection and takes as little of the machine as it can: bytes made once, answers read by their length.

/** A connection. */
export interface Client {
  /** The bytes of a POST of JSON; `more` are header lines, each with its end. */
  request(path: string, body: string, more?: string): Uint8Array;
  /** Sends them; the status of the answer once all of it is here. */
  send(request: Uint8Array): Promise<number>;
  /** The body of the last answer. */
  body(): string;
  close(): void;
}

const encoder = new TextEncoder();
const latin = new TextDecoder("latin1");
const utf8 = new TextDecoder();

/** Connects to `host:port`. */
export async function dial(address: string): Promise<Client> {
  const [hostname = "", port = ""] = address.split(":");
  const conn = await Deno.connect({ hostname, port: Number(port) });
  conn.setNoDelay(true);
  let buffer = new Uint8Array(65_536);
  let from = 0;
  let to = 0;

  async function more(): Promise<void> {
    if (to === buffer.length) {
      const wider = new Uint8Array(buffer.length * 2);
      wider.set(buffer);
      buffer = wider;
    }
    const count = await conn.read(buffer.subarray(to));
    if (count === null) throw new Error("the server ended the connection");
    to += count;
  }

  return {
    request: (path, body, more = "") =>
      encoder.encode(
        `POST ${path} HTTP/1.1\r\nhost: ${address}\r\ncontent-type: application/json\r\ncontent-length: ${
          encoder.encode(body).length
        }\r\n${more}\r\n${body}`,
      ),
    async send(request) {
      for (let done = 0; done < request.length;) done += await conn.write(request.subarray(done));
      to = 0;
      for (;;) {
        await more();
        const head = latin.decode(buffer.subarray(0, Math.min(to, 2_048)));
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) continue;
        const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
        if (!Number.isInteger(length)) throw new Error(`an answer without its length: ${head.slice(0, end)}`);
        from = end + 4;
        while (to < from + length) await more();
        return Number(head.slice(9, 12));
      }
    },
    body: () => utf8.decode(buffer.subarray(from, to)),
    close: () => conn.close(),
  };
}
