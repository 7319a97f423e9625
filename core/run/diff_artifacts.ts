// Comparing two artifacts of either kind (spec 01, section 7.4): runpacks, or the chains of sessions.
import type { Host } from "../base/host.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { SessionChain } from "../schema/session.ts";
import { linkageErrors } from "./chain.ts";
import { isChainName, readChainFrom } from "./chain_source.ts";
import { diffRunpacks, type Named } from "./diff.ts";
import { diffChains } from "./diff_chain.ts";
import type { Diff, Privacy } from "./diff_report.ts";

/**
 * Compares two runpacks or, where a name ends in `.json`, two session chains. Faults of `diffRunpacks` and `readChainFrom`;
 * `document_kind` for one of each, `verification_failed` for a chain that does not link.
 */
export async function diffArtifacts(host: Host, left: Named, right: Named, privacy: Privacy): Promise<Result<Diff>> {
  if (!isChainName(left.what) && !isChainName(right.what)) return await diffRunpacks(host, left, right, privacy);
  // A session chain is compared with a session chain alone; where one side is something else, its reader says what.
  const a = await readLinked(host, left);
  if (!a.ok) return a;
  const b = await readLinked(host, right);
  return b.ok ? ok(diffChains(a.value, b.value, privacy)) : b;
}

async function readLinked(host: Host, { source, what }: Named): Promise<Result<SessionChain>> {
  if (!isChainName(what)) {
    return fail("document_kind", `Cannot compare "${what}" with a session chain: it is no session chain`, { file: what });
  }
  const chain = await readChainFrom(source, what);
  if (!chain.ok) return chain;
  const [error] = linkageErrors(host.crypto, chain.value);
  return error === undefined
    ? chain
    : fail("verification_failed", `Cannot compare session chain "${what}": ${error}`, { file: what });
}
