// Which approvals of single use were used (docs/approvals.md): a state that all gates of a machine share.
import { given, type Infer, listOf, strict, text, time } from "../base/shape.ts";
import { notEmptyText } from "../base/shape_rules.ts";
import { fixedHead } from "./heading.ts";

export const APPROVAL_LEDGER_ID = "gait.gate.approval_ledger";

export const ApprovalLedgerShape = strict("Which approvals of single use were used", () => ({
  ...fixedHead(APPROVAL_LEDGER_ID),
  closed_until: given(
    time("Of the uses that were forgotten the latest end of an approval; none that ends by then counts any more"),
  ),
  uses: given(listOf(
    strict("One approval that was used", () => ({
      request: notEmptyText(text("What it is single for: the word of its scope that names the request")),
      token_id: notEmptyText(text("Id of the token")),
      used_at: given(time("When it let a call through")),
      expires_at: given(time("When it ends")),
    })),
    "The uses, in their order",
  )),
}));

/** The uses. */
export type ApprovalLedger = Infer<typeof ApprovalLedgerShape>;
