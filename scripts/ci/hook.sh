#!/usr/bin/env bash
# A hook of pre-commit: runs a command of gait once for each file that follows, and ends as the first that fails; regress run
# takes no files and leaves none. Takes GAIT_BIN, else gait from the PATH, else that of this checkout.
set -euo pipefail

if [ -n "${GAIT_BIN:-}" ]; then
  gait="$GAIT_BIN"
elif command -v gait >/dev/null; then
  gait=gait
else
  gait="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/gait.sh"
fi

words=("$1" "$2")
shift 2
if [ "${words[0]}" = regress ]; then
  scratch="$(mktemp -d)"
  trap 'rm -rf "$scratch"' EXIT
  code=0
  "$gait" "${words[@]}" --output "$scratch/result.json" "$@" || code=$?
  exit "$code"
fi
while [ $# -gt 0 ] && [ "${1#--}" != "$1" ]; do
  words+=("$1")
  shift
done
failed=0
for file in "$@"; do
  code=0
  "$gait" "${words[@]}" "$file" || code=$?
  if [ "$failed" -eq 0 ]; then failed=$code; fi
done
exit "$failed"
