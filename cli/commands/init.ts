// `gait init`: the policy of a project, from a template and from what is found in its folder.
import { utf8 } from "../../core/base/bytes.ts";
import { outputPath } from "../../core/base/paths.ts";
import { ok, type Result } from "../../core/base/result.ts";
import { CONTRACT } from "../../core/gate/contract_paths.ts";
import { scaffold } from "../../core/gate/scaffold.ts";
import type { Signal, StarterRule } from "../../core/gate/signals.ts";
import { type Template, templateAdvice, templateOf } from "../../core/gate/templates.ts";
import { command } from "../command.ts";
import { detectionJson, type Folder, HOW, lookAround, REFUSAL, REFUSAL_ALWAYS } from "../onboarding.ts";
import { shellWord } from "../runpacks.ts";

type Started = {
  readonly ok: boolean;
  readonly template: string;
  readonly policy_path: string;
  readonly detection: Readonly<Record<string, readonly string[]>>;
  readonly detected_signals: readonly Signal[];
  readonly generated_rules: readonly StarterRule[];
  readonly unknown_signals: readonly Signal[];
  readonly contract: typeof CONTRACT;
  readonly next_commands: readonly string[];
  readonly warnings: readonly string[];
};

const started = ({ name }: Template, path: string, { detection, signals }: Folder, warnings: readonly string[]): Started => ({
  ok: true,
  template: name,
  policy_path: path,
  detection: detectionJson(detection),
  detected_signals: signals.detected,
  generated_rules: signals.starters,
  unknown_signals: signals.unknown,
  contract: CONTRACT,
  next_commands: [
    path === CONTRACT.repo_policy_path ? "gait check" : `gait check --policy ${shellWord(path)}`,
    `gait policy validate ${shellWord(path)}`,
    `gait gate eval --policy ${shellWord(path)} --intent intent.json`,
  ],
  warnings,
});

export default command({
  path: ["init"],
  summary: "Write the policy of this project",
  explain: `Writes a policy from a template, with comments on what the working folder tells of its agents by ${HOW}.`,
  flags: {
    template: {
      kind: "text",
      doc: "baseline-lowrisk, baseline-mediumrisk or baseline-highrisk",
      default: "baseline-highrisk",
      value: "name",
    },
    out: { kind: "text", doc: "The policy", default: CONTRACT.repo_policy_path, value: "file", complete: "path" },
    force: { kind: "switch", doc: "Take the place of a file that is there" },
  },
  examples: ["gait init", "gait init --template low --out policies/dev.yaml"],
  refusal: REFUSAL,
  refusalAlways: REFUSAL_ALWAYS,
  needs: ["files", "store"],
  async run({ template: name, out, force }, { files, store }) {
    const template = templateOf(name);
    if (!template.ok) return template;
    const path = outputPath(out, "the policy");
    if (!path.ok) return path;
    const folder = await lookAround(files);
    const text = scaffold(template.value, folder.detection, folder.signals.starters);
    const written: Result<void> = await store.write(path.value, utf8(text), force ? "replace" : "create");
    if (!written.ok) return written;
    const warnings = [...templateAdvice(template.value), ...folder.warnings];
    return ok({ exit: "ok", data: started(template.value, path.value, folder, warnings), always: REFUSAL_ALWAYS });
  },
  lines: ({ template, policy_path, detection, detected_signals, generated_rules, next_commands, warnings }: Started) => [
    `init ok: ${policy_path} from template ${template}`,
    ...Object.entries(detection).map(([what, names]) => `detected ${what}: ${names.join(", ")}`),
    ...detected_signals.map(({ code, evidence }) => `signal ${code}: ${evidence.join(", ")}`),
    ...generated_rules.map(({ name }) => `rule to take over: ${name}`),
    ...warnings.map((warning) => `warning: ${warning}`),
    ...next_commands.map((next) => `next: ${next}`),
  ],
});
