// Reading the documents of action contracts (spec 03, section 9.3): first whether they can be read at all, which refuses names and
// types that the format does not know; their rules come after that, and are another refusal.
import { placed } from "../base/document.ts";
import { sha256Hex } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import { type Json, type JsonObject, readJsonObject } from "../base/json.ts";
import { isJsonList, isJsonObject } from "../base/json_value.ts";
import { pointerStep } from "../base/pointer.ts";
import { type Fault, located, ok, type Result } from "../base/result.ts";
import { type AnyShape, fieldOf, readShape } from "../base/shape.ts";
import { ActivatedContractShape } from "../schema/action_contract_activated.ts";
import { ProposalShape, type SelectionManifest, SelectionManifestShape } from "../schema/action_contract_proposal.ts";
import type { ContractReason } from "./contract_reasons.ts";

/** The longest document about contracts that is read, in bytes. */
export const CONTRACT_LIMIT = 4 * 2 ** 20;

/** A proposal that could be read: its members have the right names and types, and nothing else is known of it. */
export type ReadProposal = {
  readonly raw: JsonObject;
  /** Digest of the bytes of its file, after `sha256:`. */
  readonly artifact_sha256: string;
};

/** Reads a proposal artifact. Every fault has the reason `artifact_malformed`. */
export function readProposal(crypto: Crypto, bytes: Uint8Array, what: string): Result<ReadProposal> {
  const raw = readKnown(ProposalShape, bytes, what);
  if (!raw.ok) return raw;
  if (!isJsonObject(raw.value["contract"])) return unfit(bytes, what, { pointer: "/contract", wanted: "must be an object" });
  return ok({ raw: raw.value, artifact_sha256: `sha256:${sha256Hex(crypto, bytes)}` });
}

/** Reads an activated contract. Every fault has the reason `artifact_malformed`. */
export const readActivation = (bytes: Uint8Array, what: string): Result<JsonObject> =>
  readKnown(ActivatedContractShape, bytes, what);

/** Reads a selection manifest. Every fault has the reason `artifact_malformed`. */
export function readSelectionManifest(bytes: Uint8Array, what: string): Result<SelectionManifest> {
  const raw = readKnown(SelectionManifestShape, bytes, what);
  if (!raw.ok) return raw;
  const read = readShape(SelectionManifestShape, raw.value, what, { file: what });
  return read.ok ? read : malformed(placed(read.fault, bytes));
}

const MALFORMED: ContractReason = "artifact_malformed";
const malformed = (fault: Fault): Result<never> => ({ ok: false, fault: { ...fault, reason: MALFORMED } });

function readKnown(shape: AnyShape, bytes: Uint8Array, what: string): Result<JsonObject> {
  const raw = readJsonObject(bytes, what, { maxBytes: CONTRACT_LIMIT, text: "replace" });
  if (!raw.ok) return malformed(located(raw.fault, { file: what }));
  const found = misread(shape, raw.value);
  return found === undefined ? raw : unfit(bytes, what, found);
}

type Misread = { readonly pointer: string; readonly wanted: string };

const unfit = (bytes: Uint8Array, what: string, { pointer, wanted }: Misread): Result<never> => {
  const message = `Cannot read "${what}": member "${pointer}" ${wanted}`;
  return malformed(placed({ code: "document_shape", message, at: { file: what, pointer } }, bytes));
};

/**
 * The first member of another JSON type than its shape says, at any depth, or of a name that the document, or an object directly in
 * it, does not know. Nulls and names further down are left to the rules.
 */
function misread(shape: AnyShape, json: Json, pointer = "", depth = 0): Misread | undefined {
  if (json === null) return undefined;
  const wrong = (right: boolean, wanted: string): Misread | undefined =>
    right ? undefined : { pointer, wanted: `must be ${wanted}` };
  const { fields, items } = shape;
  if (fields !== undefined) {
    return isJsonObject(json) ? misreadMember(shape, json, pointer, depth) : wrong(false, "an object");
  }
  if (items !== undefined) {
    if (!isJsonList(json)) return wrong(false, "a list");
    for (const [i, item] of json.entries()) {
      const found = misread(items, item, pointer + pointerStep(i), depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  switch (shape.scalar) {
    case "text":
      return wrong(typeof json === "string", "text");
    case "truth":
      return wrong(typeof json === "boolean", "true or false");
    case "integer":
      return wrong(Number.isInteger(json), "a whole number");
    case "decimal":
      return wrong(typeof json === "number", "a number");
    case undefined:
      return undefined;
    default:
      return never(shape.scalar);
  }
}

function misreadMember(shape: AnyShape, json: JsonObject, pointer: string, depth: number): Misread | undefined {
  for (const [name, member] of Object.entries(json)) {
    const field = fieldOf(shape, name);
    const at = pointer + pointerStep(name);
    if (field === undefined && depth < 2) return { pointer: at, wanted: "is not known here" };
    const found = field === undefined ? undefined : misread(field, member, at, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

const never = (scalar: never): never => {
  throw new Error(`unknown scalar: ${JSON.stringify(scalar)}`);
};
