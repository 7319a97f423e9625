// Which agent frameworks a file uses: by its imports, by the packages that a manifest names, by the settings files of clients.
import type { Json } from "../base/json_value.ts";
import { fileName, type Kind, members } from "./detect_kind.ts";

/** How a framework is called where it is used. A name ending in a star stands for all that begin so. */
type Framework = {
  readonly name: string;
  /** Modules of Python, as they are imported. */
  readonly modules: readonly string[];
  /** Packages as requirements files name them. */
  readonly pypi: readonly string[];
  readonly npm: readonly string[];
};

const FRAMEWORKS: readonly Framework[] = [
  {
    name: "autogen",
    modules: ["autogen", "autogen_agentchat", "autogen_core", "autogen_ext"],
    pypi: ["ag2", "autogen-agentchat", "autogen-core", "autogen-ext", "pyautogen"],
    npm: [],
  },
  {
    name: "claude_code",
    modules: ["claude_agent_sdk", "claude_code_sdk"],
    pypi: ["claude-agent-sdk", "claude-code-sdk"],
    npm: ["@anthropic-ai/claude-agent-sdk", "@anthropic-ai/claude-code"],
  },
  { name: "crewai", modules: ["crewai", "crewai_tools"], pypi: ["crewai", "crewai-tools"], npm: [] },
  {
    name: "langchain",
    modules: ["langchain", "langchain_*", "langgraph"],
    pypi: ["langchain", "langchain-*", "langgraph"],
    npm: ["langchain", "@langchain/*"],
  },
  { name: "mastra", modules: [], pypi: [], npm: ["@mastra/*"] },
  { name: "mcp", modules: ["fastmcp", "mcp"], pypi: ["fastmcp", "mcp"], npm: ["@modelcontextprotocol/*", "fastmcp"] },
  { name: "openai_agents", modules: ["agents"], pypi: ["openai-agents"], npm: ["@openai/agents", "@openai/agents-*"] },
  { name: "strands_agents", modules: ["strands"], pypi: ["strands-agents"], npm: ["@strands-agents/sdk"] },
  { name: "vercel_ai", modules: [], pypi: [], npm: ["ai", "@ai-sdk/*"] },
];

/** The names of all frameworks that can be told. */
export const FRAMEWORK_NAMES: readonly string[] = FRAMEWORKS.map(({ name }) => name);

/** The frameworks that one file speaks of. */
export function frameworksOf(kind: Kind, path: string, text: string, json: Json | undefined): readonly string[] {
  switch (kind) {
    case "python":
      return named("modules", importsInPython(text));
    case "script":
      return named("npm", importsInScript(text));
    case "requirements":
      return named("pypi", words(text));
    case "json":
      return fromJson(path, json);
    default:
      return never(kind);
  }
}

const named = (where: "modules" | "npm" | "pypi", found: ReadonlySet<string>): string[] =>
  FRAMEWORKS.filter((framework) => framework[where].some((wanted) => has(found, wanted))).map(({ name }) => name);

const has = (found: ReadonlySet<string>, wanted: string): boolean =>
  wanted.endsWith("*") ? [...found].some((name) => name.startsWith(wanted.slice(0, -1))) : found.has(wanted);

const PYTHON_IMPORT = /^[ \t]*(?:from|import)[ \t]+([A-Za-z_]\w*)/gm;

// `agents` is also what people call their own modules: it counts where names of the framework are taken from it.
const OPENAI_AGENTS = /^[ \t]*from[ \t]+agents[ \t]+import[ \t]+[^\n]*\b(?:Agent|Runner|function_tool|FunctionTool)\b/m;

function importsInPython(text: string): ReadonlySet<string> {
  const found = new Set([...text.matchAll(PYTHON_IMPORT)].map(([, name = ""]) => name));
  if (!OPENAI_AGENTS.test(text)) found.delete("agents");
  return found;
}

const SCRIPT_IMPORT = /\b(?:from|import|require)\b[ \t]*\(?[ \t]*["']([^"'\n]{1,200})["']/g;

const importsInScript = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(SCRIPT_IMPORT)].map(([, specifier = ""]) => packageOf(specifier)));

// `npm:@scope/name@1.2.3/part` is the package `@scope/name`.
function packageOf(specifier: string): string {
  const [first = "", second = ""] = specifier.replace(/^(?:npm|jsr):\/?/, "").split("/");
  const name = first.startsWith("@") ? `${first}/${second}` : first;
  const version = name.indexOf("@", 1);
  return version < 0 ? name : name.slice(0, version);
}

// Names of packages as they are compared: in lowercase, with hyphens; comments aside.
const words = (text: string): ReadonlySet<string> =>
  new Set(text.split("\n").flatMap((line) => line.replace(/#.*/, "").toLowerCase().replaceAll("_", "-").split(/[^a-z0-9.-]+/)));

const DEPENDENCIES = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const;

function fromJson(path: string, json: Json | undefined): string[] {
  const file = members(json);
  switch (fileName(path)) {
    case "package.json":
      return named("npm", new Set(DEPENDENCIES.flatMap((key) => Object.keys(members(file[key])))));
    case "deno.json":
      return named(
        "npm",
        new Set(Object.values(members(file.imports)).map((to) => typeof to === "string" ? packageOf(to) : "")),
      );
    case ".mcp.json":
    case "mcp.json":
      return [file.mcpServers, file.servers].some((servers) => Object.keys(members(servers)).length > 0) ? ["mcp"] : [];
    case "settings.json":
      return path === ".claude/settings.json" || path.endsWith("/.claude/settings.json") ? ["claude_code"] : [];
    default:
      return [];
  }
}

const never = (kind: never): never => {
  throw new Error(`unknown kind of file: ${String(kind)}`);
};
