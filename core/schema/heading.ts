// The members that head every document.
import { constant, text, time } from "../base/shape.ts";

/** The one version of the formats. */
export const VERSION_1 = "1.0.0";

/** The members that head every document; ids and versions are kept as written, so that digests hold. */
export const heading = (id: string) => ({
  schema_id: text(`Always ${id}`),
  schema_version: text(`Always ${VERSION_1}`),
  created_at: time("When it was made"),
  producer_version: text("Version of the program or library that made it"),
});

/** Id and version where no other ones are read. */
export const fixedHead = <const W extends string>(id: W) => ({
  schema_id: constant(id, `Always ${id}`),
  schema_version: constant(VERSION_1, `Always ${VERSION_1}`),
});
