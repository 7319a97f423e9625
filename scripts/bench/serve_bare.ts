// What a server of calls is held against: Deno's own, with its asynchronous API, that writes and syncs one file a call, and does nothing else.
const [folder = "", size = ""] = Deno.args;
const bytes = new Uint8Array(Number(size)).fill(120);
let count = 0;

Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen: ({ port }) => console.log(`listening on 127.0.0.1:${port}`) },
  async (request) => {
    await request.text();
    const file = await Deno.open(`${folder}/${count++}`, { write: true, createNew: true });
    await file.write(bytes);
    await file.sync();
    file.close();
    return new Response('{"ok":true}', { headers: { "content-type": "application/json" } });
  },
);
