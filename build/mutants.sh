#!/bin/bash
# mutants.sh [records|oracle…]: breaks PstoreLab.Records and the oracle in thousands of small ways, and says which of
# them no test notices. Some hours on two cores, so it is no part of `make test`. Reports go to artifacts/mutants/.
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet tool restore >/dev/null
parts=("$@")
((${#parts[@]})) || parts=(oracle records)
for part in "${parts[@]}"; do
  case $part in
    records) project=PstoreLab.Records.Tests ;;
    oracle) project=PstoreLab.Harness.Tests ;;
    *) echo "mutants: no part '$part'; there are records and oracle" >&2; exit 2 ;;
  esac
  # Stryker takes its settings from the folder of the tests.
  (cd "tests/$project" && dotnet stryker --output "$PWD/../../artifacts/mutants/$part")
done
