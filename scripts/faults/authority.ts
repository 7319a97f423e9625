// Faults of what a call brings along: tokens, brokers and the record of them.
import type { Fault } from "./fault.ts";

/** The faults. */
export const AUTHORITY: readonly Fault[] = [
  {
    name: "authority: take a receipt for another call",
    file: "core/authority/broker_check.ts",
    find: `answer.request_digest !== "" && answer.request_digest !== lower(digest)`,
    replace: `answer.request_digest === "" && answer.request_digest !== lower(digest)`,
    test: "tests/properties/authority_test.ts",
    filter: "the same draws",
  },
  {
    name: "authority: take a credential for somebody else than the call says",
    file: "core/authority/broker_check.ts",
    find: `wanted === "" || ["", wanted, caller].includes(found);`,
    replace: `wanted === "" || found !== "nobody";`,
    test: "tests/cli/gate_broker_test.ts",
    filter: "also about its subject",
  },
  {
    name: "authority: take half of what a broker printed",
    file: "cli/gate_broker.ts",
    find: `if (code !== 0) return code < 0`,
    replace: `if (code > 0) return code < 0`,
    test: "tests/cli/gate_broker_test.ts",
    filter: "issues nothing",
  },
  {
    name: "authority: record a secret that a broker gives for a name",
    file: "core/authority/broker_output.ts",
    find: `if (holdsSecret(json.value)) return`,
    replace: `if ("provider" in json.value && holdsSecret(json.value)) return`,
    test: "tests/cli/gate_broker_test.ts",
    filter: "issues nothing",
  },
  {
    name: "authority: show a broker gait's keys",
    file: "cli/gate_broker.ts",
    find: `    hidden: secrets,`,
    replace: `    hidden: [],`,
    test: "tests/cli/gate_broker_test.ts",
    filter: "on the real machine",
  },
  {
    name: "authority: check the signature of a hop's token for every hop",
    file: "core/flow/gate_tokens.ts",
    find: `if (!flaws.has(token)) flaws.set`,
    replace: `flaws.set`,
    test: "tests/flow/gate_tokens_test.ts",
    filter: "in whatever order",
  },
  {
    name: "authority: check approvals by the key of delegations",
    file: "cli/gate_authority.ts",
    find: `...(use === "delegation" ? [["delegation-", keys.delegation] as const] : []),`,
    replace: `["delegation-", keys.delegation] as const,`,
    test: "tests/cli/commands_gate_eval_tokens_test.ts",
    filter: "swapped",
  },
  {
    name: "authority: say nothing of a trace id that does not follow",
    file: "cli/commands/trace_verify.ts",
    find: `return trace.trace_id === wanted ? []`,
    replace: `return trace.trace_id !== "" ? []`,
    test: "tests/cli/commands_trace_verify_test.ts",
    filter: "does not follow",
  },
];
