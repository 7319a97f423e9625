// `gait policy simulate`: what would change if a policy took the place of another.
import { cleanPath } from "../../core/base/paths.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { trim } from "../../core/base/text.ts";
import { compilePolicy } from "../../core/gate/compile.ts";
import { policyDigest } from "../../core/gate/policy_digest.ts";
import { type Changed, type Recommendation, simulate, type VerdictCount } from "../../core/gate/simulate.ts";
import type { Files } from "../../core/ports.ts";
import { command } from "../command.ts";
import { isJsonPath, jsonFiles, loadFixtures } from "../policy_fixtures.ts";
import { loadPolicy } from "../policy_file.ts";

type Simulated = {
  readonly ok: true;
  readonly baseline_policy_digest: string;
  readonly candidate_policy_digest: string;
  readonly fixtures_total: number;
  readonly changed_fixtures: number;
  readonly baseline_verdicts: readonly VerdictCount[];
  readonly candidate_verdicts: readonly VerdictCount[];
  readonly recommendation: Recommendation;
  readonly summary: string;
  readonly changed: readonly Readonly<Record<string, unknown>>[];
};

// The paths of all fixtures that a list names.
async function fixturePaths(list: string, files: Files): Promise<Result<readonly string[]>> {
  const found: string[] = [];
  for (const given of list.split(",").map(trim).filter((path) => path !== "")) {
    const path = cleanPath(given);
    const at = { file: path };
    const kind = await files.kind(path);
    if (kind === "none") return fail("file_missing", `Cannot read fixtures "${given}": there is no such file or folder`, at);
    if (kind === "folder") {
      const below = await jsonFiles(path, files);
      if (!below.ok) return below;
      found.push(...below.value);
    } else if (kind === "file" && isJsonPath(path)) found.push(path);
    else return fail("file_unreadable", `Cannot read fixture "${given}": wanted is a file that ends in .json, or a folder`, at);
  }
  if (found.length > 0) return ok(found);
  return fail("file_missing", `Cannot simulate with fixtures "${list}": there is no file that ends in .json`);
}

const changedRow = ({ path, intent_digest, baseline, candidate }: Changed): Readonly<Record<string, unknown>> => ({
  fixture_path: path,
  intent_digest,
  ...said("baseline", baseline),
  ...said("candidate", candidate),
  changed: true,
});

const said = (which: string, { verdict, reason_codes, violations, matched_rule }: Changed["baseline"]): object => ({
  [`${which}_verdict`]: verdict,
  ...(reason_codes.length === 0 ? {} : { [`${which}_reason_codes`]: reason_codes }),
  ...(violations.length === 0 ? {} : { [`${which}_violations`]: violations }),
  ...(matched_rule === "" ? {} : { [`${which}_matched_rule`]: matched_rule }),
});

const counted = (verdicts: readonly VerdictCount[]): string =>
  verdicts.map(({ verdict, count }) => `${verdict} ${count}`).join(", ");

export default command({
  path: ["policy", "simulate"],
  summary: "Compare two policies on recorded calls",
  explain:
    "Decides every fixture under two policies, names those of which they say different things, and recommends how to bring in the candidate.",
  flags: {
    policy: { kind: "text", doc: "The candidate", value: "file", complete: "path", required: true },
    baseline: { kind: "text", doc: "The policy that is in force", value: "file", complete: "path", required: true },
    fixtures: {
      kind: "text",
      doc: "Intents or fixtures: .json files and folders of them, parted by commas",
      value: "paths",
      complete: "path",
      required: true,
    },
  },
  examples: ["gait policy simulate --policy next.yaml --baseline gait.policy.yaml --fixtures fixtures/,extra.json"],
  needs: ["files", "clock", "host"],
  async run(values, { files, clock, host: { crypto } }) {
    const candidate = await loadPolicy(values.policy, files);
    if (!candidate.ok) return candidate;
    const baseline = await loadPolicy(values.baseline, files);
    if (!baseline.ok) return baseline;
    const paths = await fixturePaths(values.fixtures, files);
    if (!paths.ok) return paths;
    const fixtures = await loadFixtures(crypto, paths.value, files);
    if (!fixtures.ok) return fixtures;
    const policies = { baseline: compilePolicy(baseline.value.policy), candidate: compilePolicy(candidate.value.policy) };
    const simulated = simulate(crypto, policies, fixtures.value, clock.now());
    if (!simulated.ok) return simulated;
    const { changed, recommendation, ...verdicts } = simulated.value;
    const [total, different] = [fixtures.value.length, changed.length];
    const data: Simulated = {
      ok: true,
      baseline_policy_digest: policyDigest(crypto, baseline.value.policy),
      candidate_policy_digest: policyDigest(crypto, candidate.value.policy),
      fixtures_total: total,
      changed_fixtures: different,
      ...verdicts,
      recommendation,
      summary: `policy simulate fixtures=${total} changed=${different} recommendation=${recommendation}`,
      changed: changed.map(changedRow),
    };
    return ok({ exit: "ok", data });
  },
  lines: ({ summary, baseline_verdicts, candidate_verdicts, changed }: Simulated) => [
    summary,
    `baseline: ${counted(baseline_verdicts)}`,
    `candidate: ${counted(candidate_verdicts)}`,
    ...changed.map(({ fixture_path, baseline_verdict, candidate_verdict, baseline_matched_rule, candidate_matched_rule }) =>
      `changed: ${fixture_path}: ${baseline_verdict} (${baseline_matched_rule ?? "no rule"}) becomes ${candidate_verdict} (${
        candidate_matched_rule ?? "no rule"
      })`
    ),
  ],
});
