// What bash reads in its own way: a shell that goes by the name `sh` may be dash or ash, which take the same signs for other commands, files
// and words.
import type { Redirection, SyntaxNode } from "./parse.ts";
import { readWord, type WordRules } from "./word.ts";

/** Whether a part of a command, without the parts in it, may be another one for shells that are not bash. */
export function onlyBash(node: SyntaxNode, source: string, rules: WordRules): boolean {
  switch (node.type) {
    case "TestCommand":
    case "ArithmeticCommand":
    case "ArithmeticFor":
    case "Select":
    case "Coproc":
    case "Time":
    case "AnsiCQuoted":
    case "LocaleString":
    case "ProcessSubstitution":
    case "ExtendedGlob":
    case "ArrayValue":
    case "HereString":
      return true;
    case "Function":
      return !/^\w+\s*\(/.test(source.slice(node.pos, node.end)); // `function` is the name of a program
    case "Pipeline":
      return node.operators.includes("|&");
    case "CaseItem":
      return node.terminator !== undefined && node.terminator !== ";;";
    case "Assignment":
      return node.append === true || node.index !== undefined;
    case "HereDoc":
      return redirected(node) || !/^(?:\\?[\w.-]+|'[\w .-]*'|"[\w .-]*")$/.test(node.delimiter?.text ?? "");
    case "Redirect":
      return redirected(node);
    case "ParameterExpansion":
      return node.index !== undefined || node.prefix === "!" ||
        node.operation !== undefined && node.operation.type !== "Default" && node.operation.type !== "Remove";
    case "ArithmeticExpansion":
      return !node.text.startsWith("$(("); // $[…]
    case "Word":
      return readWord(node, rules).kind === "several";
    default:
      return false;
  }
}

// `&>` is the end of a command there, and `12>` a word and `>`.
function redirected(redirect: Redirection): boolean {
  const { descriptor, operator } = redirect;
  if (descriptor !== undefined && (descriptor.type === "FileDescriptorVariable" || descriptor.value > 9)) return true;
  if (redirect.type !== "Redirect" || operator !== ">&") return operator.startsWith("&>");
  return !/^(?:\d|-)$/.test(redirect.target?.value ?? "");
}
