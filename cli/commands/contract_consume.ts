// `gait contract consume`: reads a proposed action contract that somebody selected, and prints a receipt of it in every case.
import { consumerReceipt, NOTHING_READ, rejectedReceipt } from "../../core/authority/contract_consume.ts";
import { judgeProposal } from "../../core/authority/contract_validate.ts";
import { ending, ok, type Result } from "../../core/base/result.ts";
import { writeShape } from "../../core/base/shape.ts";
import { type ConsumerReceipt, ConsumerReceiptShape } from "../../core/schema/action_contract_receipt.ts";
import type { Ports } from "../../core/ports.ts";
import { command } from "../command.ts";
import { oneFile, proposalAt } from "../contract_command.ts";
import { checkSelected } from "../contract_selection.ts";
import { besideFile, nameIn } from "../targets.ts";

type Consumed = {
  readonly ok: boolean;
  readonly path: string;
  readonly receipt: ConsumerReceipt;
  readonly words: readonly string[];
};

const receiptOf = (receipt: ConsumerReceipt): object => writeShape(ConsumerReceiptShape, receipt);

const outcome = (data: Consumed) => ok({ exit: data.ok ? "ok" : "verification", data } as const);

/** The name of the folder that a file is in. */
async function folderName(path: string, files: Ports["files"]): Promise<Result<string>> {
  const folder = besideFile(path, ".");
  const named = /(?:^|\/)\.{0,2}$/.test(folder) ? await files.real(folder) : ok(folder);
  return named.ok ? ok(nameIn(named.value)) : named;
}

export default command({
  path: ["contract", "consume"],
  summary: "Print a receipt for a proposed action contract",
  explain: "Checks a selected proposal and prints, in every case, a receipt of what gait makes of it; nothing is executed.",
  positionals: { name: "artifact", doc: "Proposal artifact", min: 0, max: Infinity, complete: "path" },
  flags: {
    artifact: { kind: "text", doc: "Proposal artifact; the same as the argument", value: "file", complete: "path" },
    selection: {
      kind: "text",
      doc: "Selection manifest; fixture-manifest.json one folder above the artifact's unless told",
      value: "file",
      complete: "path",
    },
    "scenario-id": { kind: "text", doc: "Name of the scenario; that of the artifact's folder unless told", value: "name" },
  },
  document: {
    always: true,
    of: ({ receipt }: Consumed) => receiptOf(receipt),
    refuse: ({ reason }, version) => receiptOf(rejectedReceipt(version, NOTHING_READ, reason === undefined ? [] : [reason])),
  },
  examples: ["gait contract consume scenarios/payout/proposal.json"],
  needs: ["files", "clock", "host"],
  async run(values, { files, clock, host }, { version }) {
    const named = oneFile([values.artifact, ...values.positionals], "a proposal");
    if (!named.ok) return named;
    const path = named.value;
    const read = await proposalAt(path, { files, host });
    if (!read.ok) return { ok: false, fault: ending(read.fault, "verification") };
    const manifest = values.selection || besideFile(path, "../fixture-manifest.json");
    const selected = await checkSelected(manifest, path, read.value, files);
    if (!selected.ok) {
      const { reason, message } = selected.fault;
      const receipt = rejectedReceipt(version, read.value.artifact_sha256, reason === undefined ? [] : [reason]);
      return outcome({ ok: false, path, receipt, words: [message] });
    }
    const scenario = values["scenario-id"] ? ok(values["scenario-id"]) : await folderName(path, files);
    if (!scenario.ok) return scenario;
    const judged = judgeProposal(host.crypto, read.value, clock.now());
    const receipt = consumerReceipt(version, judged, scenario.value);
    return outcome({ ok: receipt.status === "pass", path, receipt, words: [] });
  },
  lines: ({ path, receipt, words }: Consumed) => [
    `contract consume ${receipt.status}: ${path}`,
    ...receipt.semantic_result.reason_codes.map((reason) => `reason: ${reason}`),
    ...words,
  ],
});
