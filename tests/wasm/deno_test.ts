// The entry for Deno reads artifacts from files.
import { call } from "../../wasm/deno.ts";
import { assertFiles } from "./files.ts";

Deno.test("wasm: the entry for Deno reads artifacts from files", () => assertFiles(call));
