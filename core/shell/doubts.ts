// Parts of a command that bash evaluates once more, or that set what decides which program runs: the reasons that the syntax gives by itself.
import type { ArithmeticExpression, Assignment, SyntaxNode, WordPart } from "./parse.ts";
import type { ShellReason } from "./reading.ts";
import { isCounted, isGuarded, isGuardedAssignment } from "./variables.ts";
import { readWord, type WordRules } from "./word.ts";

type Parameter = Extract<SyntaxNode, { readonly type: "ParameterExpansion" }>;

/** Why a part of a command, without the parts in it, cannot be told; empty for most. */
export function doubts(node: SyntaxNode, rules: WordRules): readonly ShellReason[] {
  switch (node.type) {
    case "For":
    case "Select":
      return isUnseen(node.name.value) ? ["shell_environment"] : [];
    case "ArithmeticFor":
      return arithmetic([node.initialize, node.test, node.update].some((part) => part !== undefined && names(part)));
    case "ArithmeticCommand":
    case "ArithmeticExpansion":
      return arithmetic(node.expression === undefined || names(node.expression));
    case "TestBinary":
      return arithmetic(/^-(?:eq|ne|lt|le|gt|ge)$/.test(node.operator) && ![node.left, node.right].every(isNumber(rules)));
    case "TestUnary":
      return node.operator === "-v" && /[[$`]/.test(node.operand.value) ? ["shell_eval"] : [];
    case "ParameterExpansion":
      return parameter(node);
    case "Assignment":
      return assignment(node, rules);
    case "FileDescriptorVariable":
      return arithmetic(/\[(?!\d+\]$)/.test(node.name));
    case "AnsiCQuoted":
      return /\\\n/.test(node.text) ? ["shell_expansion"] : []; // bash keeps the backslash
    case "DoubleQuoted":
    case "LocaleString":
      return misread(node.parts, /'|\$"/);
    case "HereDocBody":
      return misread(node.parts ?? [], /['"]/);
    default:
      return [];
  }
}

// Whether a variable must not be set to what nobody sees.
const isUnseen = (name: string): boolean => isGuarded(name) || isCounted(name);

const arithmetic = (evaluated: boolean): readonly ShellReason[] => evaluated ? ["shell_arithmetic"] : [];

// Which quotes quote in `${…}` depends on what is around it, and on its operator. There the parser and bash disagree.
const misread = (parts: readonly WordPart[], quotes: RegExp): readonly ShellReason[] =>
  parts.some((part) => part.type === "ParameterExpansion" && quotes.test(part.text)) ? ["shell_expansion"] : [];

// An index and a slice are arithmetic; ${!x} and ${x@P} read what the variable holds once more.
function parameter({ index, prefix, operation, parameter }: Parameter): readonly ShellReason[] {
  const found: ShellReason[] = [];
  if (index !== undefined && !/^(?:[@*]|\d+)$/.test(index.value)) found.push("shell_arithmetic");
  if (prefix === "!" || operation?.type === "Transform") found.push("shell_expansion");
  if (operation?.type === "Slice" && !/^[\s\d:-]*$/.test(`${operation.offset.value}${operation.length?.value ?? ""}`)) {
    found.push("shell_arithmetic");
  }
  if (operation?.type === "Default" && operation.operator.includes("=") && isUnseen(parameter)) {
    found.push("shell_environment");
  }
  return found;
}

function assignment({ name, index, value }: Assignment, rules: WordRules): readonly ShellReason[] {
  // A list that something follows: the parser looks into neither, and bash into both.
  if (value.type === "Word" && value.text.startsWith("(")) return ["shell_parse_error"];
  const set = value.type === "Word" ? readWord(value, rules) : undefined;
  // An index is arithmetic, but of an array whose indices are names: which of the two it is cannot be seen.
  const indexed = index !== undefined && !/^\d+$/.test(index.value) ||
    value.type === "ArrayValue" && value.elements.some(({ text }) => text.startsWith("[") && !/^\[\d+\]\+?=/.test(text));
  const counted = isCounted(name) && !(set?.kind === "plain" && /^\d*$/.test(set.value));
  return [...(isGuardedAssignment(name, set) ? ["shell_environment"] as const : []), ...arithmetic(indexed || counted)];
}

const isNumber = (rules: WordRules) => (word: Parameters<typeof readWord>[0]): boolean => {
  const read = readWord(word, rules);
  return read.kind === "plain" && /^-?\d+$/.test(read.value);
};

// Whether an arithmetic expression reads or sets variables: what such a one holds is evaluated too, commands in it included.
function names(expression: ArithmeticExpression): boolean {
  switch (expression.type) {
    case "ArithmeticWord":
      return !/^(?:0[xX][\da-fA-F]+|\d+(?:#[\dA-Za-z@_]+)?)$/.test(expression.value);
    case "ArithmeticCommandExpansion":
      return true;
    case "ArithmeticBinary":
      return names(expression.left) || names(expression.right);
    case "ArithmeticUnary":
      return names(expression.operand);
    case "ArithmeticTernary":
      return names(expression.test) || names(expression.consequent) || names(expression.alternate);
    case "ArithmeticGroup":
      return names(expression.expression);
    default:
      return expression satisfies never;
  }
}
