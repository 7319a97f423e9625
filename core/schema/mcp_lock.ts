// The lock of MCP servers (a format of ours): what each of them declared when somebody looked at it, so that a change is noticed.
import { filled, type Infer, listOf, optional, payload, strict, text, time } from "../base/shape.ts";
import { digest } from "./digest.ts";
import { fixedHead } from "./heading.ts";

export const MCP_LOCK_ID = "gait.mcp.lock";

export const LockedToolShape = strict("One tool", () => ({
  name: text("Its name"),
  digest: digest("Digest of its definition"),
  definition: payload("The definition, as the server declared it"),
}));

export const LockedServerShape = strict("One server", () => ({
  server_name: text("What it is called"),
  command_digest: optional(
    digest("Digest of the command that starts it, as a list of words; this or `upstream_digest` is there"),
  ),
  upstream_digest: optional(
    digest("Digest of its address, where it is one of HTTP, as text: scheme, host, port and path, without a query"),
  ),
  reported_name: filled(text("What it calls itself")),
  reported_version: filled(text("What it says its version is")),
  tools: listOf(LockedToolShape, "Its tools, sorted by name"),
  digest: digest("Digest of all of the above, of each tool its name and digest"),
}));

export const McpLockShape = strict("What MCP servers declared when they were locked", () => ({
  ...fixedHead(MCP_LOCK_ID),
  created_at: time("When it was written last"),
  producer_version: text("Version of the program that wrote it"),
  servers: listOf(LockedServerShape, "The servers, sorted by name"),
}));

export type McpLock = Infer<typeof McpLockShape>;
export type LockedServer = Infer<typeof LockedServerShape>;
