#!/bin/bash
# mutants.sh [PART[/FOLDER]…]: breaks PstoreLab.Records and the oracle in thousands of small ways, and says which of
# them no test notices. The parts are records and oracle; records/Erst is one folder, for whoever has no hours.
# Some hours on two cores, so it is no part of `make test`. Reports go to artifacts/mutants/.
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet tool restore >/dev/null
parts=("$@")
((${#parts[@]})) || parts=(oracle records)
for part in "${parts[@]}"; do
  case ${part%%/*} in
    records) project=PstoreLab.Records.Tests source=harness/PstoreLab.Records ;;
    oracle) project=PstoreLab.Harness.Tests source=harness/PstoreLab.Harness ;;
    *) echo "mutants: no part '$part'; there are records and oracle" >&2; exit 2 ;;
  esac
  only=()
  if [[ $part == */* ]]; then
    [[ -d $source/${part#*/} ]] || { echo "mutants: no folder '${part#*/}' in $source" >&2; exit 2; }
    only=(--mutate "**/${part#*/}/**/*.cs")
  fi
  # Stryker takes its settings from the folder of the tests.
  (cd "tests/$project" && dotnet stryker --output "$PWD/../../artifacts/mutants/$part" "${only[@]}")
done
