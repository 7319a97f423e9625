#!/usr/bin/env bash
# The gait of this checkout as a program: the compiled one if it was made, else the sources; always these where DENO names a Deno.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
if [ -z "${DENO:-}" ]; then
  for program in "$root/dist/gait" "$root/dist/gait.exe"; do
    if [ -x "$program" ]; then exec "$program" "$@"; fi
  done
fi
if [ -n "${DENO:-}" ]; then
  deno=("$DENO")
elif command -v deno >/dev/null; then
  deno=(deno)
elif command -v npx >/dev/null; then
  deno=(npx -y deno@2.9.6) # as README has it
else
  echo "Cannot run gait from $root: neither dist/gait nor deno nor npx is there" >&2
  exit 7
fi
exec "${deno[@]}" run -A -q --no-check --config "$root/deno.json" "$root/cli/main.ts" "$@"
