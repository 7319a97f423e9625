// `gait mcp lock`: pins what an MCP server declares, or says how it differs from what was pinned.
import { utf8 } from "../../core/base/bytes.ts";
import { outputPath } from "../../core/base/paths.ts";
import { prettyText } from "../../core/base/pretty.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { trim } from "../../core/base/text.ts";
import {
  LOCK_LIMIT,
  lockChanges,
  lockDocument,
  lockedServer,
  readLock,
  type ServerPlace,
  withServer,
} from "../../core/mcp/lock.ts";
import type { Ports } from "../../core/ports.ts";
import type { McpLock } from "../../core/schema/mcp_lock.ts";
import { command } from "../command.ts";
import { text } from "../flag_forms.ts";
import { type Asked, askServer } from "../mcp_ask.ts";
import { SERVER_POSITIONALS } from "../mcp_flags.ts";
import { lockedAddress, upstreamAddress } from "../mcp_upstream.ts";
import { NAMELESS } from "../mcp_wrap/pins.ts";

type Locked = {
  readonly ok: boolean;
  readonly lock: string;
  readonly server_name: string;
  readonly reported_name: string;
  readonly reported_version: string;
  readonly tools: number;
  readonly digest: string;
  readonly changes: readonly string[];
  readonly written: boolean;
};

/** Where the lock is unless a flag says otherwise. */
const LOCK_PATH = "gait.mcp.lock";

export default command({
  path: ["mcp", "lock"],
  summary: "Pin the tools that an MCP server declares",
  explain:
    "Asks an MCP server for its tools and writes their digests into a lock; gait mcp wrap --lock stops calls of what has changed since.",
  positionals: { ...SERVER_POSITIONALS, min: 0 },
  flags: {
    upstream: text("Ask the MCP server at this address, in the place of starting one", "url"),
    "authorization-env": text("Variable that holds what it is shown as Authorization, such as Bearer and a token", "NAME"),
    lock: { kind: "text", doc: "The lock", default: LOCK_PATH, value: "file", complete: "path" },
    "server-name": { kind: "text", doc: "What the server is called in it", default: NAMELESS, value: "name" },
    check: { kind: "switch", doc: "Write nothing; say what has changed, and fail if anything has" },
  },
  verdict: true,
  examples: [
    "gait mcp lock --server-name files -- npx -y @modelcontextprotocol/server-filesystem .",
    "gait mcp lock --server-name files --check -- npx -y @modelcontextprotocol/server-filesystem .",
    "gait mcp lock --server-name example --upstream https://example.com/mcp",
  ],
  needs: ["files", "store", "peer", "upstream", "timer", "clock", "env", "host"],
  spared: (values) => {
    if (!values.upstream) return ["upstream"];
    return values["authorization-env"] ? ["peer"] : ["peer", "env"];
  },
  async run(values, ports, { version }) {
    const path = outputPath(values.lock, "the lock");
    if (!path.ok) return path;
    const before = await lockAt(path.value, ports);
    if (!before.ok) return before;
    const asked = await ask(values, version, ports);
    if (!asked.ok) return asked;
    const server_name = values["server-name"] || NAMELESS;
    const entry = lockedServer(ports.host.crypto, { server_name, ...asked.value });
    const changes = lockChanges(before.value?.servers.find((server) => server.server_name === server_name), entry);
    if (!values.check) {
      const document = lockDocument(withServer(before.value, entry), ports.clock.now(), version);
      const written = await ports.store.write(path.value, utf8(prettyText(document)), "replace");
      if (!written.ok) return written;
    }
    const { reported_name, reported_version, digest, tools } = entry;
    const about = { lock: values.lock, server_name, reported_name, reported_version, digest, changes };
    const data: Locked = {
      ok: !values.check || changes.length === 0,
      ...about,
      tools: tools.length,
      written: !values.check,
    };
    return ok({ exit: data.ok ? "ok" : "verification", data });
  },
  lines: (data: Locked) => [
    data.written ? `mcp lock: ${data.lock}` : `mcp lock ${data.ok ? "holds" : "differs"}: ${data.lock}`,
    `server: ${data.server_name}, ${data.tools} tools, sha256:${data.digest}`,
    ...data.changes,
  ],
});

type Whom = {
  readonly upstream: string | undefined;
  readonly "authorization-env": string | undefined;
  readonly positionals: readonly string[];
};

/** What the server declares that flags and arguments name, and where it is. */
async function ask(
  { upstream = "", "authorization-env": variable = "", positionals }: Whom,
  version: string,
  ports: Pick<Ports, "peer" | "upstream" | "timer" | "env">,
): Promise<Result<Asked & ServerPlace>> {
  const [program] = positionals;
  if (upstream === "") {
    if (variable !== "") {
      return fail("usage", "Cannot use --authorization-env without --upstream: programs read their own variables");
    }
    if (program === undefined) {
      return fail("missing_argument", "Cannot lock: expected -- and the command of a server, or --upstream and its address");
    }
    const asked = await askServer(positionals, version, ports);
    return asked.ok ? ok({ ...asked.value, command: positionals }) : asked;
  }
  const address = upstreamAddress(upstream);
  if (!address.ok) return address;
  if (program !== undefined) {
    const both = `Cannot ask both "${lockedAddress(address.value)}" and "${program}"`;
    return fail("usage", `${both}: expected --upstream or a command, not both`);
  }
  const authorization = variable === "" ? "" : trim(ports.env.get(variable) ?? "");
  if (variable !== "" && !/^[ -~]+$/.test(authorization)) {
    return fail("key_source", `Cannot load the authorization: variable "${variable}" is not set, blank, or no field of HTTP`);
  }
  const { askUpstream } = await import("../mcp_ask_http.ts");
  const asked = await askUpstream({ address: address.value, authorization }, version, ports);
  return asked.ok ? ok({ ...asked.value, upstream: lockedAddress(address.value) }) : asked;
}

async function lockAt(path: string, { files, host }: Pick<Ports, "files" | "host">): Promise<Result<McpLock | undefined>> {
  const bytes = await files.read(path, LOCK_LIMIT);
  if (!bytes.ok) return bytes.fault.code === "file_missing" ? ok(undefined) : bytes;
  return readLock(host.crypto, bytes.value, path);
}
