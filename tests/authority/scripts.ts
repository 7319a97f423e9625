// Entries of a registry of approved scripts for tests, signed by a key that lasts.
import { utf8 } from "../../core/base/bytes.ts";
import { digestOf } from "../../core/base/digest.ts";
import type { JsonObject } from "../../core/base/json.ts";
import { newKey } from "../../core/base/keys.ts";
import { signDigest, type SigningKey } from "../../core/base/sign.ts";
import { readScripts, type ScriptRegistry, verifiedScripts } from "../../core/authority/approved_script_registry.ts";
import type { Result } from "../../core/base/result.ts";
import type { ApprovedScript } from "../../core/schema/approved_script.ts";
import { nodeHost } from "../../host/node.ts";
import { assertOk } from "../assert.ts";

export const KEY = await newKey(nodeHost.crypto, new Uint8Array(32).fill(7));
export const OTHER_KEY = await newKey(nodeHost.crypto, new Uint8Array(32).fill(8));

/** The members of an entry as the contract has them, spelled by hand; not signed. */
export const ENTRY: JsonObject = {
  schema_id: "gait.gate.approved_script_entry",
  schema_version: "1.0.0",
  created_at: "2026-03-01T10:00:00Z",
  producer_version: "p",
  pattern_id: "nightly",
  policy_digest: "a".repeat(64),
  script_hash: "b".repeat(64),
  tool_sequence: ["ledger.write", "ledger.read", "ledger.write"],
  approver_identity: "ann",
  expires_at: "2026-04-01T10:00:00Z",
};

/** The same entry with the signature that stands over exactly these members. */
export const signed = async (entry: JsonObject, key: SigningKey = KEY): Promise<JsonObject> => {
  const { signature: _, ...members } = entry;
  return { ...members, signature: { ...await signDigest(nodeHost.crypto, key, digestOf(nodeHost.crypto, members)) } };
};

/** Reads a registry that is JSON. */
export const read = (json: unknown): Result<ScriptRegistry> => readScripts(utf8(JSON.stringify(json, undefined, 1)), "r.json");

/** The entries of a registry that is one, as they were signed. */
export const verified = async (json: unknown, key: SigningKey = KEY): Promise<Result<readonly ApprovedScript[]>> =>
  await verifiedScripts(nodeHost.crypto, assertOk(read(json)), key);
