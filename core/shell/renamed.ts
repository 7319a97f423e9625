// Names that stand for something else once a text has run: the reading of words relies on the home folder and on `cat`.
import { forEachChild, type ParsedScript, type SyntaxNode } from "./parse.ts";

/** Whether a text may set HOME, and whether it makes a function of the name `cat`. */
export type Renamed = { readonly home: boolean; readonly cat: boolean };

/** What a text may give another meaning to. Texts within it that are run as commands are not looked into. */
export function renamed(script: ParsedScript): Renamed {
  let home = false;
  let cat = false;
  const look = (node: SyntaxNode): void => {
    home ||= setsHome(node);
    cat ||= node.type === "Function" && node.name.value === "cat";
    forEachChild(node, look);
  };
  look(script);
  return { home, cat };
}

function setsHome(node: SyntaxNode): boolean {
  switch (node.type) {
    case "Assignment":
    case "FileDescriptorVariable":
      return node.name === "HOME";
    case "Word":
      return /^(?:-\w*)?HOME\b/.test(node.value); // read HOME, export "HOME=…", printf -vHOME, and the names of loops
    case "ParameterExpansion":
      return node.parameter === "HOME" && node.operation?.type === "Default" && node.operation.operator.includes("=");
    default:
      return false;
  }
}
