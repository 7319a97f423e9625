// Verifying several runpacks at once: each by itself, one summary, and the worst exit of all.
import { envelope } from "../core/base/envelope.ts";
import type { ExitName } from "../core/base/errors.ts";
import { joinPath } from "../core/base/paths.ts";
import { fail, ok, type Place, type Result } from "../core/base/result.ts";
import { type RunpackReport, type Trust, verifyRunpack } from "../core/run/verify.ts";
import type { Ports } from "../core/ports.ts";
import type { Outcome } from "./command.ts";
import { resolveRunpack } from "./runpacks.ts";
import { withProgress } from "./watched_source.ts";

type VerifyPorts = Pick<Ports, "files" | "machine" | "host" | "progress">;

/** Verifies the runpack at a path. */
export async function verifyAt(path: string, trust: Trust, ports: VerifyPorts): Promise<Result<RunpackReport>> {
  const file = await ports.files.open(path);
  if (!file.ok) return file;
  const report = await verifyRunpack(ports.host, withProgress(file.value, `verify ${path}`, ports.progress), path, trust);
  file.value.close();
  return report;
}

/** One of several: what it came to, or why it could not be verified. */
export type OneOfAll =
  & { readonly path: string; readonly exit: ExitName }
  & (
    | Pick<RunpackReport, "ok" | "run_id" | "manifest_digest" | "signature_status">
    | { readonly ok: false; readonly fault: string; readonly error: string; readonly at?: Place }
  );

/** All of them. */
export type AllVerified = {
  readonly ok: boolean;
  readonly artifacts_total: number;
  readonly artifacts_failed: number;
  readonly artifacts: readonly OneOfAll[];
};

/** From the mildest to the worst: what could not be read at all says less than what was read and does not hold. */
const SEVERITY: readonly ExitName[] = ["ok", "usage", "internal", "verification"];

/** The paths that an argument names: the `.zip` files of a folder, else the one runpack. Fault `file_missing` for an empty folder. */
async function pathsOf(given: string, ports: VerifyPorts): Promise<Result<readonly string[]>> {
  if (await ports.files.kind(given) !== "folder") {
    const path = await resolveRunpack(given, ports);
    return path.ok ? ok([path.value]) : path;
  }
  const names = await ports.files.list(given);
  if (!names.ok) return names;
  const paths = names.value.filter((name) => name.toLowerCase().endsWith(".zip")).map((name) => joinPath(given, name));
  return paths.length > 0
    ? ok(paths)
    : fail("file_missing", `Cannot verify folder "${given}": no file in it ends in .zip`, { file: given });
}

/** Verifies each runpack that the arguments name; a folder stands for its `.zip` files. */
export async function verifyAll(given: readonly string[], trust: Trust, ports: VerifyPorts): Promise<Outcome<AllVerified>> {
  const artifacts: OneOfAll[] = [];
  for (const argument of given) {
    const paths = await pathsOf(argument, ports);
    for (const path of paths.ok ? paths.value : [argument]) {
      const report = paths.ok ? await verifyAt(path, trust, ports) : paths;
      if (report.ok) {
        const { ok: holds, run_id, manifest_digest, signature_status } = report.value;
        artifacts.push({ path, exit: holds ? "ok" : "verification", ok: holds, run_id, manifest_digest, signature_status });
      } else {
        const { exit, members } = envelope(report.fault);
        const { at } = report.fault;
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

/** The human view: one line for each, then the summary. */
export const allLines = (data: AllVerified): readonly string[] => [
  ...data.artifacts.map((one) => {
    if ("error" in one) return `FAIL ${one.path}: ${one.error}`;
    return `${one.ok ? "ok  " : "FAIL"} ${one.path}: run ${one.run_id}, signature ${one.signature_status}`;
  }),
  `verify ${data.ok ? "ok" : "failed"}: ${data.artifacts_total - data.artifacts_failed} of ${data.artifacts_total} hold`,
];
