// The few members of `Deno` that the tests bundled for Node use, on Node's own modules. Imported first, never by Deno.
import { readFileSync, statSync } from "node:fs";
import process from "node:process";

type Registered = { readonly name: string; readonly run: () => void | Promise<void> };

/** The tests that the other modules of the bundle have registered, in order. */
export const registered: Registered[] = [];

Object.assign(globalThis, {
  Deno: {
    test: (name: string, run: Registered["run"]) => void registered.push({ name, run }),
    readTextFileSync: (path: string) => readFileSync(path, "utf8"),
    statSync,
    env: { get: (name: string) => process.env[name] },
  },
});
