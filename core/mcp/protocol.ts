// Names of MCP as its specification spells them, for both generations: the one with sessions, which ends with 2025-11-25, and the one
// without, which begins with 2026-07-28.
import { isJsonObject, type Json, type JsonObject } from "../base/json_value.ts";

/** The newest version with sessions. */
export const LEGACY = "2025-11-25";

/** The first version without; versions are dates. */
export const MODERN = "2026-07-28";

/** The method that calls a tool. */
export const CALL = "tools/call";

/** The method that lists the tools. */
export const LIST = "tools/list";

/** What a message of the generation without sessions says of its sender, by the member of `_meta`. */
export const META = {
  version: "io.modelcontextprotocol/protocolVersion",
  capabilities: "io.modelcontextprotocol/clientCapabilities",
  client: "io.modelcontextprotocol/clientInfo",
  server: "io.modelcontextprotocol/serverInfo",
} as const;

/** What params or a result say in such a member; undefined where they say nothing. */
export function metaOf({ _meta }: JsonObject, member: keyof typeof META): Json | undefined {
  return isJsonObject(_meta) ? _meta[META[member]] : undefined;
}
