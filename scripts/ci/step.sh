#!/usr/bin/env bash
# The step of the action: runs `regress run` or `policy test` and leaves what came of it in gait-ci. It ends with 0 and tells the exit
# code of the command as an output, so that reports are kept before the job fails.
# Reads GAIT_BIN, INPUT_COMMAND, INPUT_ARGS, INPUT_WORKDIR, GITHUB_OUTPUT, GITHUB_STEP_SUMMARY.
set -euo pipefail

gait="${GAIT_BIN:-gait}"
workdir="${INPUT_WORKDIR:-.}"
command="${INPUT_COMMAND:-regress}"
out="gait-ci"

case "$command" in
  regress | policy-test) ;;
  *)
    echo "Cannot run command \"$command\": there are regress and policy-test" >&2
    exit 2
    ;;
esac
cd "$workdir"
# What an earlier step left must not pass for what this one finds.
mkdir -p "$out"
rm -f "$out"/{regress_result,regress_core_result,policy_test_result,receipt}.json "$out"/{junit.xml,gait.sarif,summary.txt,summary.md}

# Words as a shell splits them, with quotes and back slashes, and nothing expanded or run.
words=()
if [ -n "${INPUT_ARGS//[[:space:]]/}" ]; then
  split="$(printf '%s' "$INPUT_ARGS" | tr '\n' ' ' | xargs printf '%s\n' && echo .)" || {
    echo "Cannot split args: a quote in it has no end" >&2
    exit 2
  }
  while IFS= read -r word; do words+=("$word"); done <<<"${split%$'\n'.}"
fi

code=0
report=()
if [ "$command" = regress ]; then
  said="$out/regress_result.json"
  "$gait" regress run ${words[@]+"${words[@]}"} --json \
    --output "$out/regress_core_result.json" --junit "$out/junit.xml" --sarif "$out/gait.sarif" >"$said" || code=$?
  report=(--result "$out/regress_core_result.json" --sarif "$out/gait.sarif")
  for runpack in fixtures/run_demo/runpack.zip fixtures/*/runpack.zip; do
    if [ -f "$runpack" ]; then
      if "$gait" run receipt --from "$runpack" --json >"$out/receipt.json"; then report+=(--receipt "$out/receipt.json"); fi
      break
    fi
  done
else
  said="$out/policy_test_result.json"
  # Fixtures in a folder have reports of their own; one call has none.
  for word in ${words[@]+"${words[@]}"}; do
    if [ -d "$word" ]; then report=(--sarif "$out/gait.sarif"); fi
  done
  if [ ${#report[@]} -gt 0 ]; then words+=(--junit "$out/junit.xml" --sarif "$out/gait.sarif"); fi
  "$gait" policy test ${words[@]+"${words[@]}"} --json >"$said" || code=$?
fi

{
  echo "exit_code=$code"
  echo "summary_path=$workdir/$out/summary.txt"
  echo "artifact_path=$workdir/$out"
} >>"${GITHUB_OUTPUT:-/dev/stdout}"

annotations=none
if [ "${GITHUB_ACTIONS:-}" = true ]; then annotations=github; fi
"$gait" ci report --command "$command" --said "$said" --exit-code "$code" --folder "$workdir" --annotations "$annotations" \
  --summary "$out/summary.txt" --markdown "$out/summary.md" ${report[@]+"${report[@]}"}
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$out/summary.md" >>"$GITHUB_STEP_SUMMARY"; fi
