// Lint rules for what types cannot see: hidden inputs of the core (clock, randomness, locale), output and exits outside the
// one file that may (and what is no part of the program), and casts outside core/base. Calls are matched, not bare names, so a field called `process` is fine.

type Context = Deno.lint.RuleContext;
type Call = Deno.lint.CallExpression | Deno.lint.NewExpression;

const root = decodeURIComponent(new URL("../", import.meta.url).pathname);

/** The path of a file inside the project, with forward slashes. */
const inside = (filename: string): string => {
  const path = filename.replaceAll("\\", "/");
  return path.startsWith(root) ? path.slice(root.length) : path.replace(/^\.\//, "");
};

const inCore = (context: Context): boolean => inside(context.filename).startsWith("core/");

const mayPrint = (context: Context): boolean =>
  /^(?:cli\/main\.ts$|examples\/|scripts\/|tests\/)/.test(inside(context.filename));

const mayCast = (context: Context): boolean => /^(?:core\/base\/|tests\/)/.test(inside(context.filename));

// Reading a table in a hot loop costs twice as much when each read is checked for undefined.
const mayAssert = (context: Context): boolean => inside(context.filename).startsWith("host/");

/** The dotted name of `a.b.c`, also of `globalThis.a.b` and `a["b"]`; undefined for anything computed. */
const dotted = (node: Deno.lint.Node): string | undefined => {
  if (node.type === "Identifier") return node.name;
  if (node.type === "ChainExpression") return dotted(node.expression);
  if (node.type !== "MemberExpression") return undefined;
  const object = dotted(node.object);
  const property = node.property.type === "Identifier" && !node.computed
    ? node.property.name
    : node.property.type === "Literal" && typeof node.property.value === "string"
    ? node.property.value
    : undefined;
  if (property === undefined) return undefined;
  return object === undefined ? `.${property}` : object === "globalThis" ? property : `${object}.${property}`;
};

/** The last part of a dotted name, as a method is called. */
const method = (node: Deno.lint.Node): string => dotted(node)?.split(".").at(-1) ?? "";

/** A rule about calls: `wrong` gives the complaint for a call that must not be there. */
const calls = (
  applies: (context: Context) => boolean,
  wrong: (name: string, node: Call) => string | undefined,
): Deno.lint.Rule => ({
  create(context) {
    if (!applies(context)) return {};
    const look = (node: Call) => {
      const message = wrong(dotted(node.callee) ?? "", node);
      if (message !== undefined) context.report({ node, message });
    };
    return { CallExpression: look, NewExpression: look };
  },
});

const noClock = calls(inCore, (name, node) => {
  const reads = name === "Date.now" || name === "performance.now" || name === "Date" && node.arguments.length === 0 ||
    name === "Date" && node.type === "CallExpression" || name.startsWith("Temporal.Now.");
  return reads ? "The core takes time as an argument" : undefined;
});

const noRandom = calls(inCore, (name) => {
  const draws = ["Math.random", "crypto.getRandomValues", "crypto.randomUUID", "crypto.subtle.generateKey"].includes(name);
  return draws ? "The core takes random bytes as an argument" : undefined;
});

// Zones of the clock are known to Intl alone; what is asked of it there depends on no locale.
const mayAskIntl = (context: Context): boolean => inside(context.filename) === "core/gate/zone.ts";

const noLocale = calls((context) => inCore(context) && !mayAskIntl(context), (name, node) => {
  const last = method(node.callee);
  const depends = last === "localeCompare" || last.startsWith("toLocale") || name === "Intl" || name.startsWith("Intl.");
  return depends ? "The core answers alike in every locale: compare with byBytes of core/base/text.ts" : undefined;
});

const noConsole = calls(
  (context) => !mayPrint(context),
  (name) =>
    name.startsWith("console.") || /^Deno\.std(?:out|err)\.write/.test(name) || /^process\.std(?:out|err)\.write/.test(name)
      ? "Only cli/main.ts writes to the terminal: return what is to be said"
      : undefined,
);

const noExit = calls(
  (context) => !mayPrint(context),
  (name) => name === "Deno.exit" || name === "process.exit" ? "Only cli/main.ts ends the program: return a result" : undefined,
);

const noCast: Deno.lint.Rule = {
  create(context) {
    if (mayCast(context)) return {};
    const message = "A cast hides a wrong type: parse the value into its type, or move the cast into core/base";
    return {
      TSNonNullExpression(node) {
        if (!mayAssert(context)) context.report({ node, message });
      },
      TSAsExpression(node) {
        const type = node.typeAnnotation;
        const isConst = type.type === "TSTypeReference" && type.typeName.type === "Identifier" &&
          type.typeName.name === "const";
        if (!isConst) context.report({ node, message });
      },
      TSTypeAssertion: (node) => context.report({ node, message }),
    };
  },
};

const plugin: Deno.lint.Plugin = {
  name: "gait",
  rules: {
    "no-clock": noClock,
    "no-random": noRandom,
    "no-locale": noLocale,
    "no-console": noConsole,
    "no-exit": noExit,
    "no-cast": noCast,
  },
};

export default plugin;
