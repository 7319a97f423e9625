// The documents of the inbox, as they are written, fit the schemas that are published for them; and with a member more, they do not.
import { type Schema, Validator } from "@cfworker/json-schema";
import { denialOf } from "../../core/authority/approver_decision.ts";
import { signBatch } from "../../core/authority/batch.ts";
import { requestWord, spend } from "../../core/authority/single_use.ts";
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { sealRecord } from "../../core/base/record.ts";
import { writeShape } from "../../core/base/shape.ts";
import { digestSigner } from "../../core/base/sign.ts";
import { ApprovalDenialShape } from "../../core/schema/approval_denial.ts";
import { BatchApprovalShape } from "../../core/schema/batch_approval.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { crypto, DECIDING, deletion, filed, keyOf, mail, NOW, script, SOON, tokenOf } from "./requests.ts";

const schemaOf = (name: string): Schema =>
  JSON.parse(Deno.readTextFileSync(new URL(`../../schemas/v1/gate/${name}.schema.json`, import.meta.url)));

async function documents(): Promise<readonly (readonly [string, Record<string, unknown>])[]> {
  const sign = digestSigner(crypto, await keyOf(7));
  const { expires_at: _, ...deciding } = DECIDING;
  const { id, request } = filed(mail());
  const batch = await signBatch(crypto, [tokenOf(mail()), tokenOf(deletion(), 1), tokenOf(script(), 2)], sign);
  const used = {
    token_id: "t",
    approver_identity: "ann",
    reason_code: "r",
    scope: [requestWord(id)],
    expires_at: SOON,
    valid: true,
    error_code: "",
  };
  const { next } = assertOk(spend(undefined, [used], () => true, NOW, "ledger"));
  return [
    ...[mail(), deletion(), script()].map((call) => ["pending_request", JSON.parse(fromUtf8(filed(call).bytes))] as const),
    ...batch.map((one) => ["batch_approval", { ...writeShape(BatchApprovalShape, one) }] as const),
    ["approval_denial", { ...await sealRecord(crypto, ApprovalDenialShape, denialOf(id, request, deciding), sign) }],
    ["approval_ledger", JSON.parse(fromUtf8(next ?? utf8("")))],
  ];
}

Deno.test("formats: the documents of the inbox fit their schemas, and no other member does", async () => {
  for (const [name, document] of await documents()) {
    const validator = new Validator(schemaOf(name), "2020-12", false);
    assertEquals(validator.validate(document).errors, [], name);
    assert(!validator.validate({ ...document, more: 1 }).valid, name);
  }
});
