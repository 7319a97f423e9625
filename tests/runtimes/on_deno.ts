// The corpus answered under Deno: reads it from the file that the first argument names, writes the replies to the second.
import { call } from "../../wasm/deno.ts";
import { answers } from "./corpus_file.ts";

const [corpus = "", replies = ""] = Deno.args;
await Deno.writeTextFile(replies, await answers(call, await Deno.readFile(corpus)));
console.log(Deno.version.deno);
