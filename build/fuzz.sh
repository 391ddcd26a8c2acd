#!/bin/bash
# fuzz.sh [COUNT [SEED]]: hands damaged stores, images and records to every reader of PstoreLab.Records, a million when
# left out. An input that makes one throw, hang or take a gigabyte stays in artifacts/fuzz/.
# fuzz.sh afl [MINUTES]: the same readers under afl++, which looks for inputs that take new ways through them.
set -euo pipefail
cd "$(dirname "$0")/.."

corpus=tests/PstoreLab.Records.Tests/Fixtures
dotnet build tests/PstoreLab.Fuzz -c Release -v quiet --nologo
fuzz=artifacts/bin/PstoreLab.Fuzz/release/PstoreLab.Fuzz.dll
if [[ ${1-} != afl ]]; then
  stores=$(mktemp -d)
  trap 'rm -rf "$stores"' EXIT
  cp "$corpus"/*.store.gz "$corpus"/*.area.gz tests/PstoreLab.Fuzz/Corpus/* "$stores"
  dotnet "$fuzz" count "$stores" artifacts/fuzz "${1-1000000}" ${2+"$2"}
  exit
fi

type -P afl-fuzz >/dev/null || { echo 'fuzz: afl-fuzz is missing; apt install afl++' >&2; exit 1; }
dotnet tool restore >/dev/null
rm -rf artifacts/fuzz/afl
mkdir -p artifacts/fuzz/afl/in
cp -r "$(dirname "$fuzz")" artifacts/fuzz/afl/bin
dotnet sharpfuzz artifacts/fuzz/afl/bin/PstoreLab.Records.dll
# afl's inputs are small; what a store begins with is enough to begin with.
for store in "$corpus"/*.store.gz "$corpus"/*.area.gz; do
  gzip -dc "$store" | head -c 65536 >"artifacts/fuzz/afl/in/$(basename "$store" .gz)" || true
done
AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_UI=1 \
  afl-fuzz -i artifacts/fuzz/afl/in -o artifacts/fuzz/afl/out -t 20000 -m none -V "$((60 * ${2-10}))" \
  dotnet artifacts/fuzz/afl/bin/PstoreLab.Fuzz.dll afl
