// `gait policy validate`: says whether a policy can be used, and what is unwise about one that can.
import { utf8 } from "../../core/base/bytes.ts";
import { type Fault, ok } from "../../core/base/result.ts";
import { isGrave, lintPolicy } from "../../core/gate/lint.ts";
import { policyDigest } from "../../core/gate/policy_digest.ts";
import { command } from "../command.ts";
import { lintCounts, lintLines, lintSarif, printed, type PrintedFinding } from "../lint_view.ts";
import { loadPolicy } from "../policy_file.ts";
import { targetPath } from "../targets.ts";

type Validated = {
  readonly ok: boolean;
  readonly schema_id: string;
  readonly schema_version: string;
  readonly policy_digest: string;
  readonly default_verdict: string;
  readonly rule_count: number;
  readonly summary: string;
  readonly policy_path: string;
  readonly findings: readonly PrintedFinding[];
  readonly sarif?: string;
};

const isGiven = (path: string | undefined): path is string => path !== undefined && path !== "";

export default command({
  path: ["policy", "validate"],
  summary: "Check a policy",
  explain:
    "Reads a policy strictly, checks that it holds together, prints its digest, and tells what in it is probably not meant.",
  positionals: { name: "policy", doc: "Policy file, YAML or JSON", min: 1, max: 1, complete: "path" },
  flags: {
    strict: { kind: "switch", doc: "Refuse a policy with findings that are errors or warnings" },
    sarif: { kind: "text", doc: "File for the findings as SARIF 2.1.0", value: "file", complete: "path" },
  },
  verdict: true,
  examples: ["gait policy validate gait.policy.yaml", "gait policy validate .gait.yaml --strict --sarif policy.sarif"],
  needs: ["files", "store", "host"],
  spared: ({ sarif }) => isGiven(sarif) ? [] : ["store"],
  async run({ positionals: [path = ""], strict, sarif }, ports, { version }) {
    const loaded = await loadPolicy(path, ports.files);
    if (!loaded.ok) return loaded;
    const target = isGiven(sarif)
      ? targetPath({ given: sarif, name: "", what: "the SARIF report", others: [path] })
      : undefined;
    if (target?.ok === false) return target;
    const { policy } = loaded.value;
    const findings = lintPolicy(loaded.value);
    if (target !== undefined) {
      const written = await ports.store.write(target.value, utf8(lintSarif(path, findings, version)), "replace");
      if (!written.ok) return written;
    }
    const grave = findings.filter(isGrave);
    const refused = strict && grave.length > 0;
    const { schema_id, schema_version, default_verdict, rules } = policy;
    const digest = policyDigest(ports.host.crypto, policy);
    const data: Validated = {
      ok: !refused,
      schema_id,
      schema_version,
      policy_digest: digest,
      default_verdict,
      rule_count: rules.length,
      summary: `policy validate ${refused ? "refused" : "ok"}: default_verdict=${default_verdict} rules=${rules.length} ` +
        `policy_digest=${digest}`,
      policy_path: path,
      findings: printed(findings),
      ...(target === undefined ? {} : { sarif: target.value }),
    };
    if (!refused) return ok({ exit: "ok", data });
    const message = `Cannot accept policy "${path}" under --strict: lint has findings (${lintCounts(grave)})`;
    const fault: Fault = { code: "policy_lint", message, at: { file: path } };
    return ok({ exit: "usage", data, fault });
  },
  lines: ({ summary, findings, policy_path, sarif }: Validated) => [
    summary,
    ...(findings.length === 0 ? [] : [`lint: ${lintCounts(findings)}`]),
    ...lintLines(policy_path, findings),
    ...(sarif === undefined ? [] : [`SARIF written to ${sarif}`]),
  ],
});
