#!/bin/bash
# Is the code formatted? Analyzers are left out: they have their say in every build, and would take longer than all the
# rest. Needs the packages restored (a build does that).
set -uo pipefail
cd "$(dirname "$0")/.." || exit
failed=0

check() { # COMMAND…: what it prints is shown only when it fails
  local log
  log=$("$@" 2>&1) || { printf '%s\n' "$log" "lint: failed: $*" >&2; failed=1; }
}

# A column is a character, as csharpier counts.
export LC_ALL=C.UTF-8

long_lines() {
  local files
  mapfile -t files < <(git ls-files '*.cs' '*.csproj' '*.props' '*.sh' Makefile .ci/run ':!*/Approved/*')
  ((${#files[@]})) || { echo 'git names no files'; return 1; }
  ! grep -nE '^.{121,}$' "${files[@]}"
}

check dotnet tool restore
# By name, because csharpier walks through what it ignores as well, and images/.cache holds whole file systems.
check dotnet csharpier check harness tests Directory.*.props
check dotnet format whitespace PstoreLab.sln --verify-no-changes --no-restore
check dotnet format style PstoreLab.sln --verify-no-changes --no-restore
check long_lines
exit "$failed"
