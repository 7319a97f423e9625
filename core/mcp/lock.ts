// Pinning what MCP servers declare: a lock of digests, how a server of today differs from it, and that in words that somebody can read.
import { readDocument } from "../base/document.ts";
import { digestOf } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import { differences } from "../base/json_diff.ts";
import type { Json, JsonObject } from "../base/json_value.ts";
import { by } from "../base/order.ts";
import { valueAt } from "../base/pointer.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { writeShape } from "../base/shape.ts";
import { VERSION_1 } from "../schema/heading.ts";
import type { Reported } from "./reported.ts";
import type { ToolDefinition } from "./tool_list.ts";
import { type LockedServer, MCP_LOCK_ID, type McpLock, McpLockShape } from "../schema/mcp_lock.ts";

/** Most bytes of a lock. */
export const LOCK_LIMIT = 16 * 2 ** 20;

/** Where a server is: the command that starts it, or the address of one of HTTP, without what may be secret in it. */
export type ServerPlace =
  | { readonly command: readonly string[]; readonly upstream?: undefined }
  | { readonly command?: undefined; readonly upstream: string };

/** What is locked of a server. */
export type Declared = ServerPlace & {
  readonly server_name: string;
  readonly reported: Reported;
  readonly tools: readonly { readonly name: string; readonly declared: JsonObject }[];
};

type Undigested = Omit<LockedServer, "digest">;

// Of the two places that which is not there stands in no digest: one of before there were servers of HTTP is as it was.
const serverDigest = (crypto: Crypto, { tools, command_digest, upstream_digest, ...server }: Undigested): string =>
  digestOf(crypto, {
    ...server,
    ...(command_digest === undefined ? {} : { command_digest }),
    ...(upstream_digest === undefined ? {} : { upstream_digest }),
    tools: tools.map(({ name, digest }) => ({ name, digest })),
  });

const placeDigests = (crypto: Crypto, { command, upstream }: ServerPlace) => ({
  command_digest: command === undefined ? undefined : digestOf(crypto, command),
  upstream_digest: upstream === undefined ? undefined : digestOf(crypto, upstream),
});

/** The entry of a server. */
export function lockedServer(crypto: Crypto, { server_name, reported, tools, ...place }: Declared): LockedServer {
  const entry: Undigested = {
    server_name,
    ...placeDigests(crypto, place),
    reported_name: reported.name,
    reported_version: reported.version,
    tools: tools.map(({ name, declared }) => ({ name, digest: digestOf(crypto, declared), definition: declared }))
      .sort(by(({ name }) => name)),
  };
  return { ...entry, digest: serverDigest(crypto, entry) };
}

/** Reads a lock. Faults of documents, and `lock_invalid` where a digest is not that of what it stands beside: somebody has edited it. */
export function readLock(crypto: Crypto, bytes: Uint8Array, path: string): Result<McpLock> {
  const read = readDocument(McpLockShape, bytes, path, { file: path }, { kind: MCP_LOCK_ID, maxBytes: LOCK_LIMIT });
  if (!read.ok) return read;
  const { value } = read.value;
  for (const [at, { digest, ...server }] of value.servers.entries()) {
    const refuse = (words: string, pointer: string) =>
      fail("lock_invalid", `Cannot use lock "${path}": ${words}`, { file: path, pointer: `/servers/${at}${pointer}` });
    const changed = server.tools.findIndex((tool) => digestOf(crypto, tool.definition ?? {}) !== tool.digest);
    const tool = server.tools[changed];
    if (tool !== undefined) {
      return refuse(`the digest of tool "${tool.name}" is not that of its definition`, `/tools/${changed}`);
    }
    if ((server.command_digest === undefined) === (server.upstream_digest === undefined)) {
      return refuse(`server "${server.server_name}" must have either "command_digest" or "upstream_digest"`, "");
    }
    if (serverDigest(crypto, server) !== digest) {
      return refuse(`the digest of server "${server.server_name}" is not its own`, "/digest");
    }
    if (value.servers.findIndex(({ server_name }) => server_name === server.server_name) !== at) {
      return refuse(`server "${server.server_name}" stands in it twice`, "");
    }
  }
  return ok(value);
}

/**
 * That a server or a tool is not as it was locked: a reason code, words of our own, and what has changed in full. What the server says now
 * may be meant for a model to obey: it stands in `changes` alone, which are for people.
 */
export type Drift = { readonly reason: string; readonly words: string; readonly changes: readonly string[] };

/** How a server itself differs from its entry; `reported` is undefined where it has not said anything yet. */
export function serverDrift(
  crypto: Crypto,
  locked: LockedServer,
  place: ServerPlace,
  reported: Reported | undefined,
): Drift | undefined {
  const drift = (words: string, ...changes: readonly string[]): Drift => ({ reason: "mcp_server_drift", words, changes });
  const { command_digest, upstream_digest } = placeDigests(crypto, place);
  if (command_digest !== locked.command_digest || upstream_digest !== locked.upstream_digest) {
    const what = place.upstream === undefined ? "command" : "address";
    return drift(`the ${what} of the server is not the one that was locked`);
  }
  if (reported === undefined) return undefined;
  const was = `"${locked.reported_name}" ${locked.reported_version}`;
  const is = `"${reported.name}" ${reported.version}`;
  return is === was
    ? undefined
    : drift("the server calls itself otherwise than when it was locked", `the server calls itself ${is}, locked is ${was}`);
}

/** How a tool differs from its entry; `definition` is undefined where it was not listed. */
export function toolDrift(
  crypto: Crypto,
  locked: LockedServer,
  name: string,
  definition: Pick<ToolDefinition, "declared" | "digest" | "twice"> | undefined,
): Drift | undefined {
  const entry = locked.tools.find((tool) => tool.name === name);
  if (entry === undefined) return { reason: "mcp_tool_unlocked", words: "the tool is not in the lock", changes: [] };
  if (definition === undefined) {
    return {
      reason: "mcp_tool_unverified",
      words: "the tool was not listed in this session, so it cannot be checked",
      changes: [],
    };
  }
  if (definition.twice) {
    return { reason: "mcp_tool_drift", words: "the tool is declared twice, each time otherwise", changes: [] };
  }
  if (definition.digest(crypto) === entry.digest) return undefined;
  const changes = toolChanges(name, entry.definition ?? {}, definition.declared);
  return { reason: "mcp_tool_drift", words: "the tool is declared otherwise than when it was locked", changes };
}

/** How many differences of a tool are told, and how much of each value. */
const MOST_TOLD = 10;
const MOST_SHOWN = 80;

/** What differs between two definitions of a tool, a sentence each. */
export function toolChanges(name: string, was: JsonObject, is: JsonObject): readonly string[] {
  const { pointers, more } = differences(was, is, MOST_TOLD);
  return [
    ...pointers.map((pointer) =>
      `tool "${name}" ${pointer}: ${shown(valueAt(was, pointer))} became ${shown(valueAt(is, pointer))}`
    ),
    ...(more > 0 ? [`tool "${name}": ${more} more differences`] : []),
  ];
}

function shown(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text;
}

/** What differs between a server as it was locked and as it is, a line each: `+` for a tool that is new, `-` for one that is gone. */
export function lockChanges(was: LockedServer | undefined, is: LockedServer): readonly string[] {
  if (was === undefined) return is.tools.map(({ name }) => `+ tool "${name}"`);
  const before = new Map(was.tools.map((tool) => [tool.name, tool]));
  const now = new Set(is.tools.map(({ name }) => name));
  const quoted = (text: string | undefined) => text === undefined ? "nothing" : `"${text}"`;
  const changed = ([name, a, b]: readonly [string, string | undefined, string | undefined]) =>
    a === b ? [] : [`~ ${name}: ${quoted(a)} became ${quoted(b)}`];
  return [
    ...changed(["reported name", was.reported_name, is.reported_name]),
    ...changed(["reported version", was.reported_version, is.reported_version]),
    ...changed(["command", was.command_digest, is.command_digest]),
    ...changed(["address", was.upstream_digest, is.upstream_digest]),
    ...was.tools.filter(({ name }) => !now.has(name)).map(({ name }) => `- tool "${name}"`),
    ...is.tools.flatMap(({ name, digest, definition }) => {
      const old = before.get(name);
      if (old === undefined) return [`+ tool "${name}"`];
      return old.digest === digest
        ? []
        : toolChanges(name, old.definition ?? {}, definition ?? {}).map((words) => `~ ${words}`);
    }),
  ];
}

/** A lock with the entry of a server in the place of the one that it had. */
export const withServer = (lock: McpLock | undefined, server: LockedServer): McpLock["servers"] =>
  [...(lock?.servers ?? []).filter(({ server_name }) => server_name !== server.server_name), server]
    .sort(by(({ server_name }) => server_name));

/** A lock as a document. */
export function lockDocument(servers: McpLock["servers"], created_at: string, producer_version: string): JsonObject {
  const lock: McpLock = { schema_id: MCP_LOCK_ID, schema_version: VERSION_1, created_at, producer_version, servers };
  return writeShape(McpLockShape, lock);
}
