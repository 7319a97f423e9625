// The same in a page: whoever drives the browser calls `answer` with the address of each piece of the corpus.
import { call } from "../../wasm/browser.ts";
import { answers } from "./corpus_file.ts";

Object.assign(globalThis, {
  answer: async (piece: string): Promise<string> =>
    await answers(call, new Uint8Array(await (await fetch(piece)).arrayBuffer())),
});
