// `gait mcp lock`: pins what an MCP server declares, or says how it differs from what was pinned.
import { utf8 } from "../../core/base/bytes.ts";
import { outputPath } from "../../core/base/paths.ts";
import { prettyText } from "../../core/base/pretty.ts";
import { ok, type Result } from "../../core/base/result.ts";
import { LOCK_LIMIT, lockChanges, lockDocument, lockedServer, readLock, withServer } from "../../core/mcp/lock.ts";
import type { Ports } from "../../core/ports.ts";
import type { McpLock } from "../../core/schema/mcp_lock.ts";
import { command } from "../command.ts";
import { askServer } from "../mcp_ask.ts";
import { SERVER_POSITIONALS } from "../mcp_flags.ts";
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
  positionals: SERVER_POSITIONALS,
  flags: {
    lock: { kind: "text", doc: "The lock", default: LOCK_PATH, value: "file", complete: "path" },
    "server-name": { kind: "text", doc: "What the server is called in it", default: NAMELESS, value: "name" },
    check: { kind: "switch", doc: "Write nothing; say what has changed, and fail if anything has" },
  },
  verdict: true,
  examples: [
    "gait mcp lock --server-name files -- npx -y @modelcontextprotocol/server-filesystem .",
    "gait mcp lock --server-name files --check -- npx -y @modelcontextprotocol/server-filesystem .",
  ],
  needs: ["files", "store", "peer", "timer", "clock", "env", "host"],
  async run(values, ports, { version }) {
    const path = outputPath(values.lock, "the lock");
    if (!path.ok) return path;
    const before = await lockAt(path.value, ports);
    if (!before.ok) return before;
    const asked = await askServer(values.positionals, version, ports);
    if (!asked.ok) return asked;
    const server_name = values["server-name"] || NAMELESS;
    const entry = lockedServer(ports.host.crypto, { server_name, command: values.positionals, ...asked.value });
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

async function lockAt(path: string, { files, host }: Pick<Ports, "files" | "host">): Promise<Result<McpLock | undefined>> {
  const bytes = await files.read(path, LOCK_LIMIT);
  if (!bytes.ok) return bytes.fault.code === "file_missing" ? ok(undefined) : bytes;
  return readLock(host.crypto, bytes.value, path);
}
