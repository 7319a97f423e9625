// Verifying several artifacts at once: each by itself, one summary, and the worst exit of all.
import { envelope } from "../core/base/envelope.ts";
import type { ExitName } from "../core/base/errors.ts";
import { joinPath } from "../core/base/paths.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { verifyPackFile } from "../core/flow/pack_verify.ts";
import { CHAIN_LIMIT, readChain } from "../core/run/chain.ts";
import { verifySessionChain } from "../core/run/session_chain.ts";
import type { Ports } from "../core/ports.ts";
import type { Outcome } from "./command.ts";
import { withoutEmpty } from "./filled.ts";
import type { AskedTrust } from "./profile.ts";
import { resolveRunpack } from "./runpacks.ts";
import type { AllVerified, OneOfAll, Verdict } from "./verify_all_view.ts";
import { verifyAt } from "./verify_at.ts";

type VerifyPorts = Pick<Ports, "files" | "machine" | "host" | "progress">;

/** From the mildest to the worst: what could not be read at all says less than what was read and does not hold. */
const SEVERITY: readonly ExitName[] = ["ok", "usage", "internal", "verification"];

/** Whether a file of a folder is taken for an artifact: archives, and chains by the name that sessions give them. */
const isArtifact = (name: string): boolean => /\.zip$|_chain\.json$/i.test(name);

/** The paths that an argument names: the artifacts of a folder, else the one artifact. Fault `file_missing` for a folder without one. */
async function pathsOf(given: string, ports: VerifyPorts): Promise<Result<readonly string[]>> {
  if (await ports.files.kind(given) !== "folder") {
    const path = await resolveRunpack(given, ports);
    return path.ok ? ok([path.value]) : path;
  }
  const names = await ports.files.list(given);
  if (!names.ok) return names;
  const paths = names.value.filter(isArtifact).map((name) => joinPath(given, name));
  return paths.length > 0
    ? ok(paths)
    : fail("file_missing", `Cannot verify folder "${given}": no file in it ends in .zip or _chain.json`, { file: given });
}

async function verdictOn(path: string, trust: AskedTrust, ports: VerifyPorts): Promise<Result<Verdict>> {
  if (path.toLowerCase().endsWith(".json")) {
    const bytes = await ports.files.read(path, CHAIN_LIMIT);
    if (!bytes.ok) return bytes;
    const chain = readChain(bytes.value, path);
    if (!chain.ok) return chain;
    const report = await verifySessionChain(ports.host, chain.value, (runpack) => ports.files.open(runpack), trust);
    return ok({ artifact_type: "session_chain", ...report });
  }
  const report = await verifyAt(path, trust, ports);
  if (report.ok) return ok({ artifact_type: "runpack", ...report.value });
  if (report.fault.code !== "manifest_missing") return report;
  const file = await ports.files.open(path);
  if (!file.ok) return file;
  const pack = await verifyPackFile(ports.host, file.value, path, trust);
  file.value.close();
  // Where it has the manifest of neither, it is told as the runpack that it is not.
  if (!pack.ok) return pack.fault.code === "manifest_missing" ? report : pack;
  const { legacy_type, ...found } = pack.value;
  if (legacy_type !== "guard") return ok({ artifact_type: "pack", ...found });
  const { source_ref: run_id, pack_type: _, ...evidence } = found;
  return ok({ artifact_type: "evidence_pack", run_id, ...evidence });
}

/** Verifies each artifact that the arguments name; a folder stands for those in it. */
export async function verifyAll(
  given: readonly string[],
  trust: AskedTrust,
  ports: VerifyPorts,
): Promise<Outcome<AllVerified>> {
  const artifacts: OneOfAll[] = [];
  for (const argument of given) {
    const paths = await pathsOf(argument, ports);
    for (const path of paths.ok ? paths.value : [argument]) {
      const verdict = paths.ok ? await verdictOn(path, trust, ports) : paths;
      if (verdict.ok) {
        const { ok: holds } = verdict.value;
        artifacts.push({ path, exit: holds ? "ok" : "verification", ...withoutEmpty(verdict.value), ok: holds });
      } else {
        const { exit, members } = envelope(verdict.fault);
        const { at } = verdict.fault;
        artifacts.push({
          path,
          exit,
          ok: false,
          fault: members.fault,
          error: members.error,
          ...(at === undefined ? {} : { at }),
        });
      }
    }
  }
  const failed = artifacts.filter((one) => !one.ok).length;
  const worst = artifacts.reduce((most, one) => Math.max(most, SEVERITY.indexOf(one.exit)), 0);
  const data = { ok: failed === 0, artifacts_total: artifacts.length, artifacts_failed: failed, artifacts };
  return { exit: SEVERITY[worst] ?? "internal", data };
}
