// Names of the tools that a source file declares, in the ways of the frameworks that `detect_frameworks.ts` knows. Patterns are plain
// and looked for in short stretches of text, so that no file can make the search run long.

const NAME = `["'\`]([\\w.:/-]{1,128})["'\`]`;

// How far behind a declaration its name may stand.
const REACH = 400;
const LINES = 12;

const DECORATOR = /^[ \t]*@(?:[A-Za-z_][\w.]{0,80}\.)?(?:tool|function_tool)\b[ \t]*(\(?)/gm;
const FUNCTION = /^[ \t]*(?:async[ \t]+)?def[ \t]+([A-Za-z_]\w{0,127})[ \t]*\(/m;
const PYTHON_MAKER = /\b(?:Tool|StructuredTool|FunctionTool|DynamicTool)(?:\.from_function|\.from_defaults)?\(/g;
const NAMED = new RegExp(`\\b(?:name|name_override)[ \\t]*=[ \\t]*${NAME}`);
const FIRST = new RegExp(`^[ \\t]*${NAME}`);

/** Functions under a `@tool` decorator, by the name that it gives or their own, and the names of tool objects. */
export function toolsInPython(text: string): string[] {
  const decorated = [...text.matchAll(DECORATOR)].map((match) => {
    const behind = stretch(text, match);
    const lines = behind.split("\n").slice(0, LINES);
    const own = FUNCTION.exec(lines.join("\n"));
    const given = match[1] === "(" ? argument(own === null ? behind : behind.slice(0, own.index)) : undefined;
    return given ?? own?.[1];
  });
  const made = starts(text, PYTHON_MAKER).map((behind) => NAMED.exec(behind)?.[1]);
  return [...decorated, ...made].filter((name) => name !== undefined);
}

const argument = (given: string): string | undefined => FIRST.exec(given)?.[1] ?? NAMED.exec(given)?.[1];

const REGISTER = new RegExp(`\\.(?:registerTool|tool|addTool)\\([ \\t\\r\\n]{0,40}${NAME}`, "g");
const SCRIPT_MAKER = /\b(?:tool|createTool|addTool|DynamicTool|DynamicStructuredTool|StructuredTool)\(/g;
const PROPERTY = new RegExp(`\\b(?:name|id)[ \\t]*:[ \\t]*${NAME}`);
const HOLDER = /([A-Za-z_$][\w$]{0,127})[ \t]{0,8}[:=][ \t]{0,8}(?:new[ \t]{1,8})?(?:tool|createTool)\($/;

/** Tools that are registered with a server by name, and tool objects, by their `name` or what they are held by. */
export function toolsInScript(text: string): string[] {
  const registered = [...text.matchAll(REGISTER)].map(([, name]) => name);
  const made = matches(text, SCRIPT_MAKER).map(({ match, behind }) => {
    const end = match.index + match[0].length;
    return PROPERTY.exec(behind)?.[1] ?? HOLDER.exec(text.slice(Math.max(0, end - 160), end))?.[1];
  });
  return [...registered, ...made].filter((name) => name !== undefined);
}

// Each place and what stands behind it, up to the next such place: a name there belongs to that one.
const matches = (text: string, pattern: RegExp) => {
  const all = [...text.matchAll(pattern)];
  return all.map((match, i) => ({ match, behind: stretch(text, match, all[i + 1]?.index) }));
};

const starts = (text: string, pattern: RegExp): string[] => matches(text, pattern).map(({ behind }) => behind);

const stretch = (text: string, match: RegExpExecArray, until = Infinity): string => {
  const from = match.index + match[0].length;
  return text.slice(from, Math.max(from, Math.min(from + REACH, until)));
};
