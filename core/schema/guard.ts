// The manifest of an evidence pack (spec 04, section 9.1). Its signatures stand over the members named here, written again.
import { filled, type Infer, integer, listOf, object, present, text, time } from "../base/shape.ts";
import { heading } from "./heading.ts";
import { SignatureShape } from "./signature.ts";

export const EVIDENCE_PACK_ID = "gait.guard.pack_manifest";

const content = () => ({
  path: text("Name of the entry"),
  sha256: text("SHA-256 of its bytes, hex"),
  type: text("runpack, trace, report or evidence"),
});

export const EvidenceManifestShape = object("What an evidence pack holds about one run, for an auditor", () => ({
  ...heading(EVIDENCE_PACK_ID),
  pack_id: text("pack_ and the first 16 digits of the digest of run id and contents"),
  run_id: text("Id of the run that the evidence is about"),
  case_id: filled(text("The case that it was gathered for")),
  template_id: filled(text("The set of controls that it is sorted by")),
  generated_at: time("That of the run"),
  control_index: filled(listOf(
    object("One control", () => ({
      control_id: text("Its id"),
      title: text("Its title"),
      evidence_paths: listOf(text("Name of an entry"), "The entries that speak for it"),
    })),
    "Which entries speak for which control",
  )),
  evidence_pointers: filled(
    listOf(object("One entry", () => ({ pointer_id: text("Short id"), ...content() })), "The entries by short id"),
  ),
  incident_window: present(object("The time that an incident pack covers", () => ({
    from: time("When it begins"),
    to: time("When it ends"),
    window_seconds: integer("To either side of the anchor, in seconds"),
    selection_anchor: filled(text("The run that it was laid around")),
  }))),
  rendered_artifacts: filled(listOf(
    object("One rendering", () => ({
      format: text("pdf"),
      path: text("Name of the entry"),
      sha256: text("SHA-256 of its bytes, hex"),
    })),
    "Renderings for people",
  )),
  contents: listOf(object("One entry that the manifest vouches for", content), "The other entries, sorted by path"),
  signatures: filled(listOf(SignatureShape, "Signatures over the manifest")),
}));

export type EvidenceManifest = Infer<typeof EvidenceManifestShape>;
