#!/usr/bin/env bash
# What PstoreLab costs and what it saves, measured on this machine: `make bench`, or after `make build`:
# bash build/bench.sh
#
#   ROUNDS=5 EIGHT_ROUNDS=3   how often each is measured
#   BENCH=matrix              also the 75 cells of five writers, five readers and three backends
#   BENCH=systemd             only guests with systemd, and archive-check
#   BENCH=replay              only how many stores a kernel reads in a second
#   BENCH=long REPEAT=60      also that, and repeats the crash cycle of three backends beside two busy loops
#
# Prints a table, writes it to out/bench-TIME.md and .json, and keeps the evidence in out/bench-TIME/. Exit code 1 when
# a target was missed.
set -euo pipefail
export LC_ALL=C
root=$(cd "$(dirname "$0")/.." && pwd)
pstorelab=$root/bin/pstorelab
: "${ROUNDS:=5}" "${EIGHT_ROUNDS:=3}" "${REPEAT:=60}" "${BENCH:=short}"

[ -x "$pstorelab" ] || { echo "bench: $pstorelab is not there; make build" >&2; exit 3; }
name=bench-$(date +%Y%m%d-%H%M%S)
out=$root/out/$name
mkdir -p "$out"

say() { printf '# %s\n' "$*" >&2; }
die() { printf 'bench: %s\n' "$*" >&2; exit 3; }
calculate() { awk "BEGIN { printf \"%.3f\", $1 }"; }
median() {
  printf '%s\n' "$@" | sort -n |
    awk '{ v[NR] = $1 } END { m = int((NR + 1) / 2); printf "%.3f", NR % 2 ? v[m] : (v[m] + v[m + 1]) / 2 }'
}
total() { printf '%s\n' "$@" | awk '{ sum += $1 } END { printf "%.3f", sum }'; }
list() { local IFS=,; printf '[%s]' "$*"; }

timed() { # COMMAND…: leaves its wall time in $seconds
  local start=$EPOCHREALTIME
  "$@"
  seconds=$(calculate "$EPOCHREALTIME - $start")
}

lab() { # FOLDER ARGUMENT…: a run in which every case must pass
  local folder=$1; shift
  # A case that is checked is run twice.
  "$pstorelab" run "$@" --check-checkpoints 0 --out "$folder" >"$folder.txt" 2>&1 ||
    die "pstorelab run $* failed; look at $folder.txt"
  ! grep -hv '"verdict":"passed"' "$folder"/latest/results.jsonl >&2 ||
    die "not every case of pstorelab run $* passed; look at $folder"
}

script() { # FOLDER: the repro.sh of the only case in it, which must bring a record back
  local repro
  repro=$(find "$1/" -name repro.sh)
  bash "$repro" >"$1.repro.txt" 2>"$1.repro.err" && grep -q '^==> dmesg-' "$1.repro.txt" ||
    die "$repro brought no record; look at $1.repro.err"
}

declare -a rows json
missed=0
result() { # KEY TEXT VALUE TARGET DETAIL JSON
  local verdict=met
  if awk "BEGIN { exit !($3 > $4) }"; then verdict=missed; missed=1; fi
  rows+=("| $2 | $3 | ≤ $4 | $verdict | $5 |")
  json+=("\"$1\":{\"value\":$3,\"target\":$4,\"met\":$([ $verdict = met ] && echo true || echo false),$6}")
  say "$2: $3 (target ≤ $4, $verdict)"
}

if [ "$BENCH" = systemd ]; then
  . "$root/build/bench/systemd.sh"
elif [ "$BENCH" = replay ]; then
  . "$root/build/bench/replay.sh"
else
  . "$root/build/bench/cycle.sh"
  . "$root/build/bench/replay.sh"
fi

# --- what it was measured on ------------------------------------------------------------------------------------------
model=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
memory=$(awk '/^MemTotal:/ { printf "%.1f", $2 / 1048576 }' /proc/meminfo)
qemu=$(qemu-system-x86_64 --version | sed -n '1s/QEMU emulator version //p')
commit=$(git -C "$root" describe --always --dirty 2>/dev/null || echo unknown)
read -r load _ </proc/loadavg
{
  echo "# PstoreLab $commit, $(date -u +'%F %T') UTC"
  echo
  printf '%s' "$(nproc) cores ($model), $memory GiB, QEMU $qemu, accelerator $accelerator, "
  echo "host kernel $(uname -r); load average at the end $load"
  echo
  echo "| measured | value | target | | |"
  echo "| --- | --- | --- | --- | --- |"
  printf '%s\n' "${rows[@]}"
} | tee "$out.md"
{
  printf '{"commit":"%s","cores":%d,"model":"%s","memoryGiB":%s,' "$commit" "$(nproc)" "$model" "$memory"
  printf '"qemu":"%s","accelerator":"%s","kernel":"%s","load":%s,' "$qemu" "$accelerator" "$(uname -r)" "$load"
  (IFS=,; printf '%s}\n' "${json[*]}")
} >"$out.json"
say "written to $out.md and $out.json"
exit "$missed"
