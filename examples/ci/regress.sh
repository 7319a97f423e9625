#!/usr/bin/env bash
# The regression gate of a repository, the same for every CI system: grades the suite, verifies the evidence, tries three policies.
#
#   GAIT_BIN         the program (gait)
#   ARTIFACT_ROOT    what is kept, also after a failure (gait-out/adoption_regress)
#   FIXTURE_RUNPACK  the recorded run to verify (fixtures/run_demo/runpack.zip)
#   CONFIG_PATH      the suite (gait.yaml)
#   SOURCE_RUN       the run to make a fixture of where there is none (run_demo)
#   POLICY_FIXTURES  folder with allow.yaml, block.yaml, require_approval.yaml and intent.json (policy-test beside this folder)
#
# Exit 0: all holds. 5: a regression. Any other: the pipeline is broken.
set -euo pipefail

gait="${GAIT_BIN:-gait}"
root="${ARTIFACT_ROOT:-gait-out/adoption_regress}"
fixture="${FIXTURE_RUNPACK:-fixtures/run_demo/runpack.zip}"
config="${CONFIG_PATH:-gait.yaml}"
source_run="${SOURCE_RUN:-run_demo}"
policies="${POLICY_FIXTURES:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/../policy-test}"

mkdir -p "$root"
rm -f "$root"/{regress_init_result,regress_result,regress_core_result,pack_verify_fixture}.json "$root"/{junit.xml,gait.sarif}
rm -f "$root"/{summary.txt,summary.md,outputs.txt}

if [ ! -f "$fixture" ] || [ ! -f "$config" ]; then
  echo "there is no $fixture or no $config: making a fixture of $source_run"
  if [ "$source_run" = run_demo ]; then "$gait" demo --json >"$root/demo_result.json"; fi
  "$gait" regress init --from "$source_run" --json >"$root/regress_init_result.json" || {
    code=$?
    cat "$root/regress_init_result.json" >&2
    exit "$code"
  }
  if [ ! -f "$config" ]; then config=gait.yaml; fi
fi

code=0
"$gait" regress run --config "$config" --json --output "$root/regress_core_result.json" --junit "$root/junit.xml" \
  --sarif "$root/gait.sarif" >"$root/regress_result.json" || code=$?

annotations=none
if [ "${GITHUB_ACTIONS:-}" = true ]; then annotations=github; fi
"$gait" ci report --said "$root/regress_result.json" --exit-code "$code" --result "$root/regress_core_result.json" \
  --sarif "$root/gait.sarif" --annotations "$annotations" \
  --summary "$root/summary.txt" --markdown "$root/summary.md" --outputs "$root/outputs.txt"
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$root/summary.md" >>"$GITHUB_STEP_SUMMARY"; fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  cat "$root/outputs.txt" >>"$GITHUB_OUTPUT"
  echo "artifact_root=$root" >>"$GITHUB_OUTPUT"
fi

verified=0
if [ -f "$fixture" ]; then
  "$gait" pack verify "$fixture" --json >"$root/pack_verify_fixture.json" || verified=$?
else
  echo "$fixture is not there" >&2
  verified=6
fi
if [ "$code" -ne 0 ]; then exit "$code"; fi
if [ "$verified" -ne 0 ]; then
  echo "pack verify of $fixture: exit $verified" >&2
  exit "$verified"
fi

# A gate that lets everything through, or nothing, passes no policy test of its own.
for row in allow:0 block:3 require_approval:4; do
  name="${row%:*}"
  got=0
  "$gait" policy test "$policies/$name.yaml" "$policies/intent.json" --json >"$root/policy_$name.json" || got=$?
  if [ "$got" -ne "${row#*:}" ]; then
    echo "policy $name: exit $got, expected is ${row#*:}" >&2
    if [ "$got" -eq 0 ]; then exit 1; fi
    exit "$got"
  fi
done
echo "regress gate: pass"
