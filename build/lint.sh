#!/bin/bash
# Is the code formatted? Analyzers are left out: they have their say in every build, and would take longer than all the rest.
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet format whitespace PstoreLab.sln --verify-no-changes --no-restore
dotnet format style PstoreLab.sln --verify-no-changes --no-restore
