#!/bin/bash
# kernel-lines.sh: makes harness/PstoreLab.Records/Salvage/kernel-lines.txt, the vocabulary of `decode` for text that is
# copied out of a lost range: the lines of our own guests' logs, of lines that differ in numbers the first. The log that
# the tests damage is of another kernel, 7.2, and is not among them.
set -euo pipefail
cd "$(dirname "$0")/../tests/PstoreLab.Records.Tests/Fixtures"

export LC_ALL=C
zcat ./*-debian-{5.10,6.1,6.12,6.18}.decoded.txt.gz |
  sed -nE 's/^<[0-9]+>\[ *[0-9]+\.[0-9]+\] //p' |
  grep -v '[^ -~]' | grep -vi 'command line\|@\|pstorelab' |
  awk '{ key = $0; gsub(/[0-9a-f][0-9a-f][0-9a-f]+|[0-9]+/, "0", key); if (!(key in seen)) { seen[key] = 1; print } }' \
    >../../../harness/PstoreLab.Records/Salvage/kernel-lines.txt
