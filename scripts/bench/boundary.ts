// The client of the library in process: a call decided, its trace signed and handed to a journal, against the signature alone.
import { utf8 } from "../../core/base/bytes.ts";
import type { Host } from "../../core/base/host.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { newKey } from "../../core/base/keys.ts";
import { ok, type Result } from "../../core/base/result.ts";
import { inProcessGate } from "../../core/client/in_process.ts";
import { readyPolicy } from "../../core/flow/gate_alone.ts";
import { callOf, TEN_RULES } from "./gate.ts";
import { ratios, type Row } from "./measure.ts";

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.message}`);
  return result.value;
}

/** The calls of the gate's rows, as an MCP client makes them. */
const calls: readonly JsonObject[] = Array.from({ length: 1000 }, (_, i) => {
  const { tool_name = "", ...rest } = callOf(i);
  return { name: tool_name, ...rest };
});

/** The row. */
export async function boundary({ crypto }: Host): Promise<Row[]> {
  const seed = new Uint8Array(32).fill(7);
  let bytes = 0;
  const gate = value(inProcessGate({
    crypto,
    policy: value(readyPolicy(crypto, utf8(TEN_RULES), "policy")),
    key: await newKey(crypto, seed),
    journal: {
      append(line) {
        bytes += line.length;
        return Promise.resolve(ok(undefined));
      },
    },
    now: () => new Date().toISOString(),
  }));
  const decided = async () => {
    for (const call of calls) value(await gate.evaluate({ call }));
  };
  // By the signer that signs the traces, its key prepared: the rate at which this process signs, and nothing else.
  const sign = crypto.signer(seed);
  const digest = new Uint8Array(32).fill(9);
  const signatures = async () => {
    for (let i = 0; i < calls.length; i++) await sign(digest);
  };
  const values = await ratios(decided, signatures, 10);
  if (bytes === 0) throw new Error("nothing was recorded");
  return [{
    what: "library in process: a decision with its signed trace handed to the journal",
    by: "one signature of 32 bytes by the prepared key",
    values,
    limit: 4,
  }];
}
