// Lines that a backslash makes one. bash takes backslash and line feed out before it looks at signs; the parser does not everywhere.
import { forEachChild, type ParsedScript, type SyntaxNode } from "./parse.ts";

/**
 * A backslash and a line feed that may glue what is before them to what is behind. A blank on either side keeps the two apart, unless it
 * is escaped. Several backslashes count as one, since backticks take some of them away.
 */
const GLUED = /(?:[^ \t\n\\]\\+|\\[ \t]\\+|(?:^|[^\\])\\{3,})\n(?=[^ \t])/g;

/** Whether signs or words of a text may be glued out of two lines. */
export function gluesLines(text: string, script: ParsedScript): boolean {
  const ends = Array.from(text.matchAll(GLUED), (match) => match.index + match[0].length - 1);
  if (ends.length === 0) return false;
  const literal = literals(script);
  return ends.some((end) => !literal.some((one) => one.pos <= end && end < one.end));
}

/** Whether a text ends in a backslash that escapes nothing. */
export const endsEscaped = (text: string): boolean => /(?:^|[^\\])(?:\\\\)*\\$/.test(text);

type Span = { readonly pos: number; readonly end: number };

// Where lines are not joined. That the parser is right about where these begin follows from what is before them gluing nothing.
function literals(script: ParsedScript): readonly Span[] {
  const found: Span[] = [];
  const look = (node: SyntaxNode): void => {
    if (node.type === "SingleQuoted") found.push(node);
    if (node.type === "HereDoc" && node.delimiter?.quoted === true) found.push(node.body);
    if (node.type === "Script" && node.source !== undefined) return; // its positions are those of another text
    forEachChild(node, look);
  };
  look(script);
  return found;
}
