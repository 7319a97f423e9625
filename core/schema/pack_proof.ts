// One line of the proof records of a pack (spec 04, section 2.4): each entry again, in a chain of hashes of its own.
import { filled, type Infer, object, orZero, payload, text, time } from "../base/shape.ts";

export const ProofRecordShape = object("That one entry was put into a pack; chained to the record before", () => ({
  record_id: text("prf-, the time, and the first 8 digits of the digest of what happened"),
  record_version: text("1.0"),
  timestamp: time("When"),
  source: text("gait.pack"),
  source_product: text("gait"),
  agent_id: text("gait"),
  record_type: text("tool_invocation"),
  event: payload("Pack type, source, producer, and path, type, digest, size and mode of the entry"),
  controls: payload("That permissions were not enforced"),
  metadata: payload("What kind of artifact this is"),
  integrity: orZero(object("What binds the record", () => ({
    record_hash: text("sha256: and the digest of the record"),
    previous_record_hash: filled(text("That of the record before")),
    signing_key_id: filled(text("Id of the key that signed the hash")),
    signature: filled(text("base64: and the signature over the text of the hash")),
  }))),
}));

export type ProofRecord = Infer<typeof ProofRecordShape>;
