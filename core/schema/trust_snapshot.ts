// What is known of MCP servers (spec 05, section 4.2): a local file that others bring up to date, and that policies refer to.
import { decimal, filled, type Infer, label, listOf, object, present, term, time, truth } from "../base/shape.ts";
import { heading } from "./heading.ts";

export const TRUST_SNAPSHOT_ID = "gait.mcp.trust_snapshot";

const mark = (doc: string) => filled(label(doc));
const flag = (doc: string) => filled(truth(doc));

export const RegistryEvidenceShape = object("What the registry's verification of the server's pack came to", () => ({
  signature_verified: flag("Its signature holds"),
  publisher_allowed: flag("Its publisher is allowed"),
  pin_present: flag("It is pinned to a digest"),
  pin_verified: flag("It has that digest"),
}));

export const TrustEntryShape = object("One server; it needs an id or a name, and no other may have the same", () => ({
  server_id: mark("Its id; one that has an id is not found by its name"),
  server_name: mark("Its name"),
  publisher: filled(term("Who published it")),
  source: filled(term("Where it came from")),
  endpoint: mark("Where it is reached"),
  status: filled(term("trusted, allow, pass or blank; any other word is distrust")),
  updated_at: time("When the evidence was made"),
  score: filled(decimal("Trust score")),
  evidence_path: mark("Where the evidence is"),
  registry_verification: present(RegistryEvidenceShape),
}));

export const TrustSnapshotShape = object("What is known of MCP servers", () => ({
  ...heading(TRUST_SNAPSHOT_ID),
  schema_id: label(`Always ${TRUST_SNAPSHOT_ID}`),
  schema_version: label("Always 1.0.0"),
  entries: listOf(TrustEntryShape, "The servers"),
}));

export type TrustEntry = Infer<typeof TrustEntryShape>;
