// The members that head the payloads of packs.
import { text, time } from "../base/shape.ts";
import { VERSION_1 } from "./heading.ts";

/** The members that head a payload; `when` says what its time is. */
export const payloadHeading = (id: string, when: string) => ({
  schema_id: text(`Always ${id}`),
  schema_version: text(`Always ${VERSION_1}`),
  created_at: time(when),
});
