// Lines that a backslash makes one. bash takes backslash and line feed out before it looks at signs; the parser does not everywhere.
import { forEachChild, type ParsedScript, type SyntaxNode } from "./parse.ts";

/**
 * A backslash and a line feed that may glue what is before them to what is behind. A blank on either side keeps the two apart, unless it
 * is escaped. Several backslashes count as one, since backticks take some of them away.
 */
const GLUED = /(?:[^ \t\n\\]\\+|\\[ \t]\\+|(?:^|[^\\])\\{3,})\n(?=[^ \t])/g;

/** Whether signs or words of a text may be glued out of two lines. */
export function gluesLines(text: string, script: ParsedScript): boolean {
  const glued = new Set(Array.from(text.matchAll(GLUED), (match) => match.index + match[0].length - 1));
  // Some texts keep the backslash. That the parser is right about where these begin follows from what is before them gluing nothing.
  const look = (node: SyntaxNode): void => {
    const kept = keepsBackslash(node);
    if (kept !== undefined) {
      for (const { index } of text.slice(kept.pos, kept.end).matchAll(/\n/g)) glued.delete(kept.pos + index);
    }
    if (node.type === "Script" && node.source !== undefined) return; // its positions are those of another text
    forEachChild(node, look);
  };
  if (glued.size > 0) look(script);
  return glued.size > 0;
}

function keepsBackslash(node: SyntaxNode): SyntaxNode | undefined {
  if (node.type === "SingleQuoted") return node;
  return node.type === "HereDoc" && node.delimiter?.quoted === true ? node.body : undefined;
}

/** Whether a text ends in a backslash that escapes nothing. */
export const endsEscaped = (text: string): boolean => /(?:^|[^\\])(?:\\\\)*\\$/.test(text);
