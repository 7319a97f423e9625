// Whether a server and its tools are as they were locked. The lock is read anew for each call: one that was locked again counts at once,
// and one that is gone lets nothing through.
import { fail, ok, type Result } from "../../core/base/result.ts";
import { type Drift, LOCK_LIMIT, readLock, serverDrift, toolDrift } from "../../core/mcp/lock.ts";
import type { Reported } from "../../core/mcp/reported.ts";
import type { ToolDefinition } from "../../core/mcp/tool_list.ts";
import { remembering } from "../boundary_sources.ts";
import type { WrapPorts } from "./ports.ts";
import type { WrapSettings } from "./settings.ts";

/** What a lock says of calls. */
export interface Pins {
  /** Whether the lock can be read and knows the server. Faults of files, `lock_invalid`. */
  ready(): Promise<Result<void>>;
  /** How server and tool differ from what was locked; none where they do not. Faults as of `ready`. */
  drift(
    tool: string,
    definition: ToolDefinition | undefined,
    reported: Reported | undefined,
  ): Promise<Result<readonly Drift[]>>;
}

/** The name under which a server is locked that has none. */
export const NAMELESS = "mcp";

/** What the lock of these settings says; without one nothing. */
export function pinsOf({ lock, server_name, command, upstream }: WrapSettings, { files, host: { crypto } }: WrapPorts): Pins {
  const made = remembering((bytes, path) => readLock(crypto, bytes, path));
  const name = server_name || NAMELESS;
  const place = upstream === "" ? { command } : { upstream };
  const entry = async () => {
    const bytes = await files.read(lock, LOCK_LIMIT);
    if (!bytes.ok) return bytes;
    const locked = made(bytes.value, lock);
    if (!locked.ok) return locked;
    const found = locked.value.servers.find((server) => server.server_name === name);
    return found === undefined
      ? fail("lock_invalid", `Cannot use lock "${lock}": it has no server "${name}"`, { file: lock })
      : ok(found);
  };
  return {
    async ready() {
      if (lock === "") return ok(undefined);
      const found = await entry();
      return found.ok ? ok(undefined) : found;
    },
    async drift(tool, definition, reported) {
      if (lock === "") return ok([]);
      const found = await entry();
      if (!found.ok) return found;
      const drifts = [
        serverDrift(crypto, found.value, place, reported),
        toolDrift(crypto, found.value, tool, definition),
      ];
      return ok(drifts.filter((drift) => drift !== undefined));
    },
  };
}
