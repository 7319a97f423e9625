// Tools whose names contain a word by chance (spec 02, sections 4.3 and 11): what targets do is guessed from letters of the name.
import { inferClass, inferDestructive, TOOL_WORDS } from "./inference.ts";

/** A class that targets of a kind get from letters inside of a longer word of the tool's name. */
export type HiddenHint = { readonly kind: string; readonly given: string; readonly word: string };

/** The class of danger that a tool's targets get that way, such as fs.delete by the rm in confirm; undefined when there is none. */
export function hiddenHint(tool: string): HiddenHint | undefined {
  const name = tool.slice(tool.lastIndexOf("/") + 1);
  const parts = name.split(/[^a-z]+/);
  for (const [kind, rows] of Object.entries(TOOL_WORDS)) {
    const given = inferClass(kind, "", tool);
    const words = rows.find(([endpointClass]) => endpointClass === given)?.[1].filter((word) => name.includes(word)) ?? [];
    const [word] = words;
    if (word !== undefined && inferDestructive(given, "") && !words.some((word) => parts.includes(word))) {
      return { kind, given, word };
    }
  }
  return undefined;
}
