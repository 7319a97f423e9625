// Run by power_test.ts with all permissions: gives up what a command does not need, then tries to reach the network and
// other programs in every way it knows, and says how each attempt ended.
import { connect } from "node:net";
import type { Ports } from "../../core/ports.ts";
import { kept, restrict } from "../../cli/power.ts";

const needs: (keyof Ports)[] = JSON.parse(Deno.args[0] ?? "[]");
const reached: string[] = [];
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const { port } = listener.addr;
(async () => {
  for await (const connection of listener) {
    reached.push("a connection");
    connection.close();
  }
})();

const attempts: Record<string, () => unknown> = {
  connect: () => Deno.connect({ hostname: "127.0.0.1", port }),
  listen: () => Deno.listen({ hostname: "127.0.0.1", port: 0 }).close(),
  fetch: () => fetch(`http://127.0.0.1:${port}/`),
  socket: () => new WebSocket(`ws://127.0.0.1:${port}/`).close(),
  node: () => new Promise((resolve, reject) => connect(port, "127.0.0.1").on("connect", resolve).on("error", reject)),
  dns: () => Deno.resolveDns("localhost", "A"),
  command: () => new Deno.Command(Deno.execPath(), { args: ["--version"] }).output(),
  library: () => Deno.dlopen("/nowhere.so", {}),
  remote: () => import(`http://127.0.0.1:${port}/module.ts`),
};

const given = restrict(kept(needs, Deno.args[1] === "logs"), (name) => Deno.permissions.revokeSync({ name }));
const ended: Record<string, string> = { restrict: given.ok ? "ok" : given.fault.message };
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    await attempt();
    ended[name] = "possible";
  } catch (error) {
    ended[name] = error instanceof Error ? error.name : "refused";
  }
}
for (const name of ["read", "write", "env", "sys"] as const) {
  ended[name] = Deno.permissions.querySync({ name }).state === "granted" ? "possible" : "NotCapable";
}
listener.close();
console.log(JSON.stringify({ ...ended, reached }));
