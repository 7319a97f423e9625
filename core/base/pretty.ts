// JSON for people and tools to read: documents that gait writes beside its artifacts (spec 01, section 3.2).
import type { Json } from "./json.ts";

/** The value in lines, indented by two spaces, with a final line break. */
export const prettyText = (value: Json): string => `${JSON.stringify(value, undefined, 2)}\n`;
