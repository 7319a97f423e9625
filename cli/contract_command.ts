// What the commands about action contracts share (spec 03, section 9.4): naming a file, the moment, the JSON that is theirs alone.
import { CONTRACT_LIMIT, type ReadProposal, readProposal } from "../core/authority/contract_read.ts";
import { type ContractReason, reasonLine } from "../core/authority/contract_reasons.ts";
import { type JudgedProposal, proposalReport } from "../core/authority/contract_validate.ts";
import type { ExitName } from "../core/base/errors.ts";
import type { JsonObject } from "../core/base/json.ts";
import { fail, type Fault, ok, type Result } from "../core/base/result.ts";
import { trim } from "../core/base/text.ts";
import { canonicalTime } from "../core/base/time.ts";
import { CONTRACT_ARTIFACT_VERSION } from "../core/schema/action_contract_parts.ts";
import type { Ports } from "../core/ports.ts";
import type { Outcome } from "./command.ts";

/** The flags that name a proposal. */
export const PROPOSAL_FLAGS = {
  proposal: { kind: "text", doc: "Proposal artifact; the same as the argument", value: "file", complete: "path" },
  artifact: { kind: "text", doc: "The same", value: "file", complete: "path" },
  from: { kind: "text", doc: "The same", value: "file", complete: "path" },
} as const;

/** The flag for another moment than now. */
export const MOMENT_FLAG = { kind: "text", doc: "Judge as of this time instead of now", value: "time" } as const;

type Named = string | undefined;

const given = (names: readonly Named[]): readonly string[] =>
  names.flatMap((name) => name === undefined || trim(name) === "" ? [] : [name]);

const refuse = (code: Fault["code"], reason: ContractReason, message: string): Result<never> => ({
  ok: false,
  fault: { code, message, reason },
});

/** The one file that is named, in whatever way. Its faults have a reason. */
export function oneFile(names: readonly Named[], what: string): Result<string> {
  const [path, second] = given(names);
  if (path === undefined) {
    return refuse("missing_argument", "explicit_selection_required", `Cannot run without ${what}: name its file`);
  }
  return second === undefined
    ? ok(path)
    : refuse("usage", "ambiguous_selection", `Cannot take both "${path}" and "${second}": expected one file for ${what}`);
}

/** One value that two flags may give. Fault `usage` when they differ. */
export function oneValue(a: Named, b: Named, flags: string): Result<string> {
  const [value = "", second = value] = given([a, b]);
  return value === second
    ? ok(value)
    : fail("usage", `Cannot take both "${value}" and "${second}" from ${flags}: expected one value`);
}

/** The moment to judge at, in its one spelling. Its fault has a reason. */
export function momentOf(flag: Named, clock: Ports["clock"]): Result<string> {
  if (flag === undefined || flag === "") return ok(clock.now());
  const time = canonicalTime(flag);
  return time === undefined
    ? refuse(
      "flag_value",
      "evaluation_time_invalid",
      `Cannot read value "${flag}" of --evaluation-time: wanted is an RFC 3339 time`,
    )
    : ok(time);
}

/** Checks that a variable with a key holds nothing beside it: elsewhere blanks around a key are overlooked. Fault `key_format`. */
export function plainVariable(name: Named, env: Ports["env"]): Result<void> {
  const text = name === undefined || name === "" ? undefined : env.get(name);
  return text === undefined || text === trim(text)
    ? ok(undefined)
    : fail("key_format", `Cannot read the key: variable "${name}" has blanks around it`);
}

/** Reads a proposal from its file. Where it is malformed the fault has a reason. */
export async function proposalAt(path: string, { files, host }: Pick<Ports, "files" | "host">): Promise<Result<ReadProposal>> {
  const bytes = await files.read(path, CONTRACT_LIMIT);
  return bytes.ok ? readProposal(host.crypto, bytes.value, path) : bytes;
}

/** What such a command answers with. */
export type ContractAnswer = {
  readonly ok: boolean;
  readonly schema_id: string;
  readonly proposal: JudgedProposal;
  readonly activated?: JsonObject | undefined;
  readonly reasons: readonly ContractReason[];
  /** What is told beside the reasons, or where there is none. */
  readonly error?: string | undefined;
  /** For people: the file that is judged, and further lines. */
  readonly path: string;
  readonly remarks?: readonly string[];
};

/** The answer and its exit: what is not in order is a failed verification. */
export const contractOutcome = (data: ContractAnswer): Result<Outcome<ContractAnswer>> => {
  const exit: ExitName = data.ok ? "ok" : "verification";
  return ok({ exit, data });
};

/** The JSON of the answers and errors of an operation: no envelope, no correlation id. */
export const contractDocument = (operation: string) => ({
  of: ({ ok, schema_id, proposal, activated, reasons, error }: ContractAnswer): object => ({
    schema_id,
    schema_version: CONTRACT_ARTIFACT_VERSION,
    ok,
    operation,
    proposal: proposalReport(proposal),
    activated,
    error,
    reason_codes: reasons.length === 0 ? undefined : reasons,
  }),
  refuse: ({ message, reason }: Fault): object => ({
    schema_id: "",
    schema_version: "",
    ok: false,
    operation,
    error: message,
    reason_codes: reason === undefined ? undefined : [reason],
  }),
});

/** The lines of an answer. */
export const contractLines = (operation: string) => (data: ContractAnswer): readonly string[] => {
  const { ok, path, proposal: { proposal }, reasons, error, remarks = [] } = data;
  return [
    `contract ${operation} ${ok ? "ok" : "failed"}: ${path}`,
    ...(proposal === undefined ? [] : [`contract ${proposal.contract_id}, revision ${proposal.revision}`]),
    ...reasons.map(reasonLine),
    ...(error === undefined ? [] : [error]),
    ...remarks,
  ];
};
