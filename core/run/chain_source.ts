// Chains of sessions as artifacts beside runpacks: told apart by name, read from a source.
import type { Source } from "../base/host.ts";
import { fail, type Result } from "../base/result.ts";
import type { SessionChain } from "../schema/session.ts";
import { CHAIN_LIMIT, readChain } from "./chain.ts";

/** Whether a file of this name may be a session chain. */
export const isChainName = (path: string): boolean => path.toLowerCase().endsWith(".json");

/** Reads a session chain. Faults of `readChain`, and `file_too_large`. */
export async function readChainFrom(source: Source, path: string): Promise<Result<SessionChain>> {
  if (source.size > CHAIN_LIMIT) {
    return fail("file_too_large", `Cannot read "${path}": it holds more than ${CHAIN_LIMIT / 2 ** 20} MiB`, { file: path });
  }
  return readChain(await source.read(0, source.size), path);
}
