#!/usr/bin/env bash
# Brings the gait that a CI job asks for: a release whose checksum holds, or that of this checkout (GAIT_VERSION=checkout).
# Reads GAIT_VERSION, GAIT_RELEASE_BASE_URL, GAIT_INSTALL_DIR; prints its path as `gait=<path>`, also into GITHUB_OUTPUT.
# Exit 2: no release for this machine, or one that does not hold; nothing is installed then.
set -euo pipefail

refuse() {
  echo "Cannot install gait: $1" >&2
  exit 2
}

tell() {
  echo "gait=$1"
  if [ -n "${GITHUB_OUTPUT:-}" ]; then echo "gait=$1" >>"$GITHUB_OUTPUT"; fi
}

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
version="${GAIT_VERSION:-latest}"
if [ "$version" = checkout ]; then
  "$here/gait.sh" version >/dev/null || refuse "that of the checkout does not start"
  tell "$here/gait.sh"
  exit 0
fi
case "$version" in *[!A-Za-z0-9._+-]*) refuse "version \"$version\" is no tag" ;; esac

case "${RUNNER_OS:-$(uname -s)}" in
  Linux) os=linux ;;
  macOS | Darwin) os=darwin ;;
  Windows | MINGW* | MSYS*) os=windows ;;
  *) refuse "no release for system \"${RUNNER_OS:-$(uname -s)}\"" ;;
esac
case "${RUNNER_ARCH:-$(uname -m)}" in
  X64 | x86_64 | amd64) arch=amd64 ;;
  ARM64 | arm64 | aarch64) arch=arm64 ;;
  *) refuse "no release for machine \"${RUNNER_ARCH:-$(uname -m)}\"" ;;
esac

base="${GAIT_RELEASE_BASE_URL:-https://github.com/Clyra-AI/gait/releases}"
if [ "$version" = latest ]; then from="$base/latest/download"; else from="$base/download/$version"; fi
scratch="$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/gait-install.XXXXXX")"
trap 'rm -rf "$scratch"' EXIT
fetch() { curl --fail --silent --show-error --location --retry 2 --output "$scratch/$1" "$from/$1"; }

fetch checksums.txt || refuse "there is no checksums.txt at $from"
tr -d '\r' <"$scratch/checksums.txt" |
  grep -E "^[0-9a-f]{64} [ *]gait_[A-Za-z0-9.+-]+_${os}_${arch}\.(tar\.gz|zip)$" >"$scratch/rows" || true
[ "$(wc -l <"$scratch/rows")" -eq 1 ] || refuse "checksums.txt names not exactly one archive for ${os}_${arch}"
read -r wanted archive <"$scratch/rows"
archive="${archive#\*}"
fetch "$archive" || refuse "there is no $archive at $from"
if command -v sha256sum >/dev/null; then got="$(sha256sum "$scratch/$archive")"; else got="$(shasum -a 256 "$scratch/$archive")"; fi
[ "${got%% *}" = "$wanted" ] || refuse "$archive is not what checksums.txt says: ${got%% *} instead of $wanted"

program=gait
if [ "$os" = windows ]; then program=gait.exe; fi
mkdir "$scratch/unpacked"
case "$archive" in
  *.zip) unzip -q "$scratch/$archive" -d "$scratch/unpacked" || refuse "$archive does not unpack" ;;
  *) tar -xzf "$scratch/$archive" -C "$scratch/unpacked" || refuse "$archive does not unpack" ;;
esac
[ -f "$scratch/unpacked/$program" ] || refuse "$archive holds no $program"
target="${GAIT_INSTALL_DIR:-${RUNNER_TEMP:-$HOME/.local}/gait-bin}"
mkdir -p "$target"
chmod 0755 "$scratch/unpacked/$program"
mv -f "$scratch/unpacked/$program" "$target/$program"
tell "$target/$program"
