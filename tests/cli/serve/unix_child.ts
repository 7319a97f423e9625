// Run by process_test.ts with all permissions: asks a server behind a socket of the file system, and prints the status of its answer.
import { over } from "./process.ts";
import { callOf, requestText } from "./world.ts";

const conn = await Deno.connect({ transport: "unix", path: Deno.args[0] ?? "" });
const answer = await over(conn, requestText("POST", "/v1/evaluate", { host: "gait", connection: "close" }, callOf("go")));
await Deno.stdout.write(new TextEncoder().encode(`${answer?.status}`));
Deno.exit(0);
