// The one file that knows the parser of shell commands. It reads what GNU bash reads; that it gives up on some texts by running out of
// stack is told as not having read them.
import { parse, type ParsedScript } from "unbash";

export type {
  ArithmeticCommandExpansion,
  ArithmeticExpression,
  Assignment,
  Command,
  CommandExpansionPart,
  ParsedScript,
  Redirection,
  SyntaxNode,
  TestBinaryExpression,
  Word,
  WordPart,
} from "unbash";
export { forEachChild } from "unbash";

/** The syntax of a text; undefined where it nests too deeply. What is wrong stands in `errors`, of nested scripts too. */
export function parseShell(text: string): ParsedScript | undefined {
  return unlessTooDeep(() => parse(text));
}

/** What `work` gives, or undefined when the engine's stack was too small for it. */
export function unlessTooDeep<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}
