// `gait policy init`: writes a policy to begin with.
import { utf8 } from "../../core/base/bytes.ts";
import { outputPath } from "../../core/base/paths.ts";
import { ok } from "../../core/base/result.ts";
import { templateAdvice, templateOf, TEMPLATES } from "../../core/gate/templates.ts";
import { command } from "../command.ts";
import { shellWord } from "../runpacks.ts";

type Written = {
  readonly ok: true;
  readonly template: string;
  readonly policy_path: string;
  readonly next_commands: readonly string[];
  readonly warnings: readonly string[];
};

export default command({
  path: ["policy", "init"],
  summary: "Write a policy to begin with",
  explain: `Writes one of the policies ${
    TEMPLATES.map(({ name }) => name).join(", ")
  } into a new file, with comments that explain it.`,
  positionals: {
    name: "template",
    doc: "baseline-lowrisk, baseline-mediumrisk or baseline-highrisk; low, medium and high are short for them",
    min: 1,
    max: 1,
  },
  flags: {
    out: { kind: "text", doc: "The policy", default: "gait.policy.yaml", value: "file", complete: "path" },
    force: { kind: "switch", doc: "Take the place of a file that is there" },
  },
  examples: ["gait policy init baseline-highrisk --out .gait/policy.yaml", "gait policy init low --force"],
  needs: ["store"],
  async run({ positionals: [name = ""], out, force }, { store }) {
    const template = templateOf(name);
    if (!template.ok) return template;
    const path = outputPath(out, "the policy");
    if (!path.ok) return path;
    const written = await store.write(path.value, utf8(template.value.text), force ? "replace" : "create");
    if (!written.ok) return written;
    const file = shellWord(path.value);
    const data: Written = {
      ok: true,
      template: template.value.name,
      policy_path: path.value,
      next_commands: [
        `gait policy validate ${file}`,
        `gait policy test ${file} intent.json`,
        `gait gate eval --policy ${file} --intent intent.json`,
      ],
      warnings: templateAdvice(template.value),
    };
    return ok({ exit: "ok", data });
  },
  lines: ({ template, policy_path, next_commands, warnings }: Written) => [
    `policy init ok: ${policy_path} from template ${template}`,
    ...warnings.map((warning) => `warning: ${warning}`),
    ...next_commands.map((next) => `next: ${next}`),
  ],
});
