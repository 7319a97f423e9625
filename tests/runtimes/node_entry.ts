// What `node_test.ts` bundles and runs under Node: tests of the core and of host/node.ts, told one line each.
import { registered } from "./node_globals.ts";
import "../base/ed25519_test.ts";
import "../base/keys_test.ts";
import "../base/sign_test.ts";
import "../base/unicode_test.ts";
import "../host/inflate_test.ts";
import "../properties/inflate_test.ts";
import "../properties/sign_test.ts";
import "../wasm/node_test.ts";
import process from "node:process";

let failed = 0;
for (const { name, run } of registered) {
  try {
    await run();
  } catch (error) {
    failed++;
    console.log(`failed: ${name}: ${error}`);
  }
}
console.log(`${registered.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
