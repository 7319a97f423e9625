// A machine for the commands about action contracts: a proposal, the manifest that selects it, and keys.
import type { JsonObject } from "../../core/base/json.ts";
import { type ReadProposal, readProposal } from "../../core/authority/contract_read.ts";
import { nodeHost } from "../../host/node.ts";
import { assertOk } from "../assert.ts";
import { bytesOf, FULL, manifestOf } from "../authority/contracts.ts";
import { machine, PRIVATE_KEY, PUBLIC_KEY, type Setup } from "./commands_world.ts";

/** A proposal as it is read. */
export const read = (raw: JsonObject): ReadProposal => assertOk(readProposal(nodeHost.crypto, bytesOf(raw), "p"));

/** A machine with the proposal at payout/p.json, the manifest at sel.json, keys at op.key and op.pub. */
export const world = (raw: JsonObject = FULL, more: Setup = {}, manifest: (json: JsonObject) => JsonObject = (json) => json) =>
  machine({
    ...more,
    files: {
      "payout/p.json": bytesOf(raw),
      "sel.json": bytesOf(manifest(manifestOf(read(raw), "payout/p.json"))),
      "op.key": `${PRIVATE_KEY}\n`,
      "op.pub": `${PUBLIC_KEY}\n`,
      ...more.files,
    },
  });

/** Such a machine. */
export type World = ReturnType<typeof world>;

/** What is told of the proposal of these tests. */
export const REPORT = {
  valid: true,
  artifact: FULL,
  canonical_content_digest: FULL["canonical_content_digest"] ?? "",
  supported_constraints: {
    target_constraint_keys: ["environment", "target_identity"],
    precondition_kinds: ["required_check"],
    authority_kinds: ["business_owner"],
  },
};
