// A tool behind a gate in its own process: `deno run --allow-read --allow-write=calls.jsonl examples/library/in_process.ts`.
import { inProcessGate, newKey, ok, readyPolicy, whenAllowed } from "../../mod.ts";
import { fail, type GateCall, GateEnforcementError, type GateJournal } from "../../mod.ts";
import { nodeHost } from "../../host/node.ts";

const { crypto } = nodeHost;

// Each decision is on the disk before its answer leaves.
const file = await Deno.open("calls.jsonl", { append: true, create: true });
const journal: GateJournal = {
  async append(line) {
    const bytes = new TextEncoder().encode(line);
    if (await file.write(bytes) !== bytes.length) return fail("write_failed", "Cannot write calls.jsonl: the disk took a part");
    await file.syncData();
    return ok(undefined);
  },
};

const text = await Deno.readFile(new URL("../policy/base_low_risk.yaml", import.meta.url));
const policy = readyPolicy(crypto, text, "base_low_risk.yaml");
if (!policy.ok) throw new Error(policy.fault.message);

// A key of its own for each run; what is to be verified later wants one of `gait keys init`, read by `readPrivateKey`.
const key = await newKey(crypto, globalThis.crypto.getRandomValues(new Uint8Array(32)));
const gate = inProcessGate({ crypto, policy: policy.value, key, journal, now: () => new Date().toISOString() });
if (!gate.ok) throw new Error(gate.fault.message);

const calls: readonly GateCall[] = [
  {
    call: {
      name: "tool.read",
      args: { path: "notes.txt" },
      context: { identity: "assistant", workspace: ".", risk_class: "low" },
    },
  },
  {
    call: {
      name: "tool.write",
      args: { path: "notes.txt" },
      context: { identity: "assistant", workspace: ".", risk_class: "low" },
    },
  },
];

for (const call of calls) {
  try {
    // The tool: it is handed the call as it was decided, and runs only when the verdict is allow.
    const done = await whenAllowed(gate.value, call, (decided) => `ran ${JSON.stringify(decided)}`);
    console.log(done.executed ? done.result : `would be allowed: ${done.answer.tool_name}`);
  } catch (error) {
    if (!(error instanceof GateEnforcementError)) throw error; // the tool's own
    console.log(error.message);
  }
}
file.close();
