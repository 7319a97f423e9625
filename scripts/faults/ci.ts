// Planted faults: what CI is told, and the scripts of the action.
import type { Fault } from "./fault.ts";

/** Its rows. */
export const CI: readonly Fault[] = [
  {
    name: "ci: leave line breaks in an annotation",
    file: "cli/ci_view.ts",
    find: String.raw`text.replace(/[%\r\n]/g,`,
    replace: String.raw`text.replace(/[%]/g,`,
    test: "tests/cli/commands_ci_report_test.ts",
    filter: "texts stay texts",
  },
  {
    name: "ci: leave markup in the job summary",
    file: "cli/ci_view.ts",
    find: "short(text).replace(/[\\\\`*[\\]<>",
    replace: "short(text).replace(/[\\\\`*",
    test: "tests/cli/commands_ci_report_test.ts",
    filter: "texts stay texts",
  },
  {
    name: "ci: end the step as the command ended, before its reports are kept",
    file: "scripts/ci/step.sh",
    find: `--sarif "$out/gait.sarif" >"$said" || code=$?`,
    replace: `--sarif "$out/gait.sarif" >"$said"`,
    test: "tests/toolchain/ci_action_test.ts",
    filter: "a suite that fails is shown",
  },
  {
    name: "ci: show what an earlier step left",
    file: "scripts/ci/step.sh",
    find: `rm -f "$out"/`,
    replace: `: "$out"/`,
    test: "tests/toolchain/ci_action_test.ts",
    filter: "what was there before",
  },
  {
    name: "ci: take a release whatever its checksum",
    file: "scripts/ci/install.sh",
    find: `[ "\${got%% *}" = "$wanted" ] ||`,
    replace: `[ -n "\${got%% *}" ] ||`,
    test: "tests/toolchain/ci_install_test.ts",
    filter: "what does not hold",
  },
  {
    name: "ci: hand args to a shell",
    file: "scripts/ci/step.sh",
    find: `xargs printf '%s\\n' && echo .`,
    replace: `xargs -I{} bash -c 'printf "%s\\n" {}' && echo .`,
    test: "tests/toolchain/ci_action_test.ts",
    filter: "words and never a script",
  },
  {
    name: "ci: call a regression a broken pipeline",
    file: "examples/ci/regress.sh",
    find: `if [ "$code" -ne 0 ]; then exit "$code"; fi`,
    replace: `if [ "$code" -ne 0 ]; then exit 1; fi`,
    test: "tests/toolchain/ci_kits_test.ts",
    filter: "GitLab, CircleCI and Jenkins",
  },
];
