// The member that names a document by its digest, where a format is strict about it.
import { type Shape, text } from "../base/shape.ts";
import { matching } from "../base/shape_rules.ts";

/** A digest: 64 lowercase hexadecimal digits. */
export const digest = (doc: string): Shape<string> => matching(text(doc), /^[0-9a-f]{64}$/, "64 lowercase hexadecimal digits");
