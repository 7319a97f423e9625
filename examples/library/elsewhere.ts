// The same behind a program or a server: `deno run -A examples/library/elsewhere.ts gait policy.yaml`, or with the address of
// `gait mcp serve` alone: `deno run --allow-net examples/library/elsewhere.ts http://127.0.0.1:8787`.
import { type Gate, serverGate, subprocessGate, type SubprocessHost } from "../../mod.ts";
import { nodeHost } from "../../host/node.ts";

const { crypto } = nodeHost;
const timers = { AbortController, setTimeout, clearTimeout };

const run: SubprocessHost<AbortSignal, unknown>["run"] = async ([program = "", ...args], stdin, signal) => {
  const child = new Deno.Command(program, { args, stdin: "piped", stdout: "piped", stderr: "null", signal }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(stdin.slice());
  await writer.close();
  return await child.output();
};

const [where = "", policy = ""] = Deno.args;
const gate: Gate = policy === ""
  ? serverGate({ crypto, fetch, ...timers }, { url: where })
  : subprocessGate({ crypto, run, ...timers }, { gait: where.split(" "), policy });

const asked = await gate.evaluate({
  adapter: "openai",
  call: { function: { name: "tool.read", arguments: `{"path":"notes.txt"}` } },
});
if (asked.ok) {
  const { verdict, reason_codes } = asked.value;
  console.log(`${verdict}: ${reason_codes.join(", ")}`);
} else console.log(`nothing may run: ${asked.fault.code}`);
