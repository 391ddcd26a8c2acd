#!/bin/bash
# Makes bin/. Compiled ahead of time (ReadyToRun) it starts in half the time; where the compiler for that cannot be
# restored, it just starts more slowly.
set -euo pipefail
cd "$(dirname "$0")/.."

project=harness/PstoreLab.Cli
staging=artifacts/publish/staging
# The one of Directory.Build.props, which the lock files are for.
rid=
[[ $(uname -m) != x86_64 ]] || rid=linux-x64

quietly() { # prints the output only when it fails
  local log
  log=$("$@" 2>&1) || { printf '%s\n' "$log" >&2; return 1; }
}

echo 'build: bin/pstorelab' >&2
rm -rf "$staging"
if [[ -n $rid ]] && timeout 300 dotnet restore "$project" -r "$rid" -p:PublishReadyToRun=true >/dev/null 2>&1; then
  quietly dotnet publish "$project" -c Release --no-restore -r "$rid" --self-contained false \
    -p:PublishReadyToRun=true -o "$staging"
else
  echo 'build: not ahead of time, the compiler for that cannot be restored' >&2
  quietly dotnet publish "$project" -c Release -o "$staging"
fi

# Replaced as a whole: nothing of an older build is left over, and a run that is under way keeps the files that it has
# open.
rm -rf bin
mv "$staging" bin
touch bin/pstorelab
