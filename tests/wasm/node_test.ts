// The entry for Node reads artifacts from files; also run under Node by tests/runtimes/.
import { call } from "../../wasm/node.ts";
import { assertFiles } from "./files.ts";

Deno.test("wasm: the entry for Node reads artifacts from files", () => assertFiles(call));
