#!/bin/bash
# restore-optional.sh STATE [retry]: tries to restore CliWrap and SSH.NET, which not every package source serves, and writes to STATE whether
# they came. STATE changes only when the answer does, so that nothing is built anew for the same one. See optional-packages/.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

state=$1
project=build/optional-packages/optional-packages.csproj
mkdir -p "$(dirname "$state")"

# A package source that does not answer must not hold up the build.
if log=$(timeout 90 dotnet restore "$project" -p:NuGetAudit=false 2>&1); then
  answer=present
else
  answer=absent
  echo 'optional packages: CliWrap and SSH.NET are not to be had here; their stand-ins will do (`make setup` tries again)' >&2
  [[ ${2-} != retry ]] || grep -m 3 'error' <<<"$log" >&2
fi

if [[ ${2-} != retry ]]; then
  echo "$answer" >"$state"
elif [[ $(cat "$state" 2>/dev/null) != "$answer" ]]; then
  echo "$answer" >"$state"
fi
