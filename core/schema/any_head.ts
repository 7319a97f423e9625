// What of any document tells which one it is.
import { object, text } from "../base/shape.ts";

export const AnyHeadShape = object("Any document", () => ({ schema_id: text("What it is") }));
