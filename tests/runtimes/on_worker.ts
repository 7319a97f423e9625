// The same in a Worker: pieces of the corpus come and replies go over HTTP; what is sent to /form goes to the Worker of wasm/.
import worker, { call } from "../../wasm/worker.ts";
import { answers } from "./corpus_file.ts";

export default {
  async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname === "/form") return await worker.fetch(request);
    return new Response(await answers(call, new Uint8Array(await request.arrayBuffer())));
  },
};
