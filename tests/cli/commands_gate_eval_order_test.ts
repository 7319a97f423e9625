// The order of work of `gait gate eval` (spec 02, section 1.1): the first failure decides, and it leaves nothing behind.
import { assert, assertEquals } from "../assert.ts";
import { call, gateMachine, made } from "./gate_world.ts";

/** Something that can be wrong: the words of the command line when it is and when it is not, and what is then said. */
type Stage = {
  readonly wrong: readonly string[];
  readonly right: readonly string[];
  readonly says: RegExp;
  readonly fault: string;
  readonly exit?: number;
};

const EXTRA: Readonly<Record<string, string>> = {
  "bad.yaml": "gate: [1\n",
  "open.yaml": "default_verdict: allow\n",
  "risky.yaml": "default_verdict: block\nrules: [{name: hi, effect: allow, match: {risk_classes: [high]}}]\n",
  "fine.yaml": "default_verdict: block\nrules: [{name: r, effect: require_approval, rate_limit: {requests: 9}}]\n",
  "bad.json": "{",
  "high.json": call("go", {}, { risk_class: "high" }),
};

// Under oss-prod; a call of high risk, so that an inventory that is not there is no warning.
const PRODUCTION: readonly Stage[] = [
  { wrong: ["--nope"], right: [], says: /flag "--nope"/, fault: "unknown_flag" },
  { wrong: ["--config", "bad.yaml"], right: ["--no-config"], says: /"bad.yaml"/, fault: "yaml_syntax" },
  { wrong: ["--policy", " "], right: ["--policy", "fine.yaml"], says: /expected --policy/, fault: "missing_argument" },
  { wrong: [], right: ["--intent", "high.json"], says: /expected --intent/, fault: "missing_argument" },
  { wrong: ["--profile", "turbo"], right: ["--profile", "oss-prod"], says: /--profile/, fault: "flag_value" },
  { wrong: ["--evaluation-time", "noon"], right: [], says: /--evaluation-time/, fault: "flag_value" },
  { wrong: ["--simulate"], right: [], says: /no --simulate/, fault: "profile_refused" },
  { wrong: ["--key-mode", "dev"], right: ["--key-mode", "prod"], says: /--key-mode prod/, fault: "profile_refused" },
  { wrong: [], right: ["--private-key", "k"], says: /--private-key/, fault: "profile_refused" },
  { wrong: ["--policy", "gone.yaml"], right: [], says: /"gone.yaml"/, fault: "file_missing" },
  { wrong: ["--policy", "open.yaml"], right: [], says: /must not be allow/, fault: "profile_refused" },
  { wrong: ["--intent", "bad.json"], right: [], says: /"bad.json"/, fault: "json_syntax" },
  { wrong: ["--context-envelope", "gone.json"], right: [], says: /"gone.json"/, fault: "file_missing" },
  {
    wrong: ["--wrkr-inventory", "lost.json"],
    right: [],
    says: /without the inventory/,
    fault: "inventory_unavailable",
    exit: 3,
  },
  { wrong: ["--credential-broker", "magic"], right: [], says: /broker/, fault: "flag_value" },
  { wrong: ["--policy", "risky.yaml"], right: [], says: /rule "hi"/, fault: "profile_refused" },
  { wrong: ["--rate-limit-state", "bad.json"], right: [], says: /"bad.json"/, fault: "json_syntax" },
  { wrong: ["--private-key", "pub"], right: [], says: /private key/, fault: "key_format" },
  { wrong: [], right: ["--approval-public-key", "pub"], says: /checks approvals/, fault: "profile_refused" },
];

// Under standard; a call of low risk, so that a kill switch that cannot be read is bad input.
const STANDARD: readonly Stage[] = [
  { wrong: ["--trace-out", "../t.json"], right: [], says: /must not climb/, fault: "path_refused" },
  { wrong: ["--policy", "gone.yaml"], right: [], says: /"gone.yaml"/, fault: "file_missing" },
  { wrong: ["--intent", "bad.json"], right: [], says: /"bad.json"/, fault: "json_syntax" },
  { wrong: ["--kill-switch-state", "ks.json"], right: [], says: /kill switch/, fault: "file_missing" },
  { wrong: ["--context-envelope", "gone.json"], right: [], says: /"gone.json"/, fault: "file_missing" },
  { wrong: ["--credential-broker", "vault"], right: [], says: /value "vault"/, fault: "flag_value" },
  { wrong: ["--rate-limit-state", "bad.json"], right: [], says: /"bad.json"/, fault: "json_syntax" },
  { wrong: ["--private-key", "pub"], right: [], says: /makes its own key/, fault: "key_source" },
];

for (
  const [name, stages, given] of [
    ["oss-prod", PRODUCTION, []],
    ["standard", STANDARD, ["--policy", "fine.yaml", "--intent", "go.json"]],
  ] as const
) {
  for (const [at, stage] of stages.entries()) {
    Deno.test(`gate eval order, ${name}: ${stage.says.source} comes before what follows it`, async () => {
      const on = gateMachine({ files: EXTRA });
      const right = stages.filter((one) => one !== stage).flatMap((one) => one.right);
      // Alone, and with each and all of what follows wrong too: a later fault must not be the one that is told.
      const rest = stages.slice(at + 1).filter(({ wrong }) => wrong.length > 0 && !clash(stage, wrong));
      for (const later of [[], ...rest.map(({ wrong }) => wrong), rest.flatMap(({ wrong }) => wrong)]) {
        const argv = ["gate", "eval", ...given, ...right, ...later, ...stage.wrong]; // of a repeated flag the last one counts
        const [exit, said] = await on.json(...argv);
        assert(stage.says.test(String(said.error)), `${argv.join(" ")}: ${said.error}`);
        assertEquals([exit, said.fault, said.verdict], [stage.exit ?? 6, stage.fault, undefined], argv.join(" "));
      }
      assertEquals(made(on, EXTRA).filter((path) => !path.startsWith(".gait-out/")), []);
    });
  }
}

// What follows must not mend a stage that is wrong by leaving something out.
const clash = ({ wrong, right }: Stage, later: readonly string[]): boolean => (wrong[0] ?? right[0]) === later[0];
