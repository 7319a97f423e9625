// The same under Node, as a bundle.
import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { call } from "../../wasm/node.ts";
import { answers } from "./corpus_file.ts";

const [, , corpus = "", replies = ""] = process.argv;
await writeFile(replies, await answers(call, new Uint8Array(await readFile(corpus))));
console.log(process.versions.node);
