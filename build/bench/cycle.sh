# Sourced by bench.sh: what the harness adds to a crash cycle, and what decode costs.
# shellcheck shell=bash disable=SC2034,SC2154

# --- one cold case: from checkpoints, with fresh boots, its own script, and the plain way, in turns -------------------
one_case=cycle/record-whole/ramoops-cold-debian-6.1
say "warming up"
# The second time a boot is wanted its checkpoint is taken.
lab "$out/warm" "$one_case"
lab "$out/warm-2" "$one_case"
lab "$out/fresh" "$one_case" --fresh-boots
lab "$out/plain" "$root/build/bench/plain-way.yaml" --filter backend=ramoops
script "$out/fresh"
accelerator=$(sed -n 's/.*"accelerator":"\([a-z]*\)".*/\1/p' "$out/warm/latest/results.jsonl")
declare -a run=() fresh=() repro=() plain=() boots=()
for ((i = 1; i <= ROUNDS; i++)); do
  timed lab "$out/one-$i" "$one_case"; run+=("$seconds")
  boots+=("$(grep -o '"Booting":[0-9.]*' "$out/one-$i/latest/results.jsonl" | sed 's/.*://')")
  timed lab "$out/fresh-$i" "$one_case" --fresh-boots; fresh+=("$seconds")
  timed script "$out/fresh"; repro+=("$seconds")
  timed script "$out/plain"; plain+=("$seconds")
  say "round $i of $ROUNDS: run ${run[-1]} s, fresh ${fresh[-1]} s, repro.sh ${repro[-1]} s, plain way ${plain[-1]} s"
done
run_median=$(median "${run[@]}"); fresh_median=$(median "${fresh[@]}")
repro_median=$(median "${repro[@]}"); plain_median=$(median "${plain[@]}")
result run_over_repro "\`pstorelab run --fresh-boots\` over its own \`repro.sh\`, one cold ramoops case on debian-6.1" \
  "$(calculate "$fresh_median / $repro_median")" 1.15 "medians of $ROUNDS: $fresh_median s over $repro_median s" \
  "\"run\":$(list "${fresh[@]}"),\"repro\":$(list "${repro[@]}")"
result run_over_plain "\`pstorelab run\`, from checkpoints, over the plain way, two boots of the bzImage" \
  "$(calculate "$run_median / $plain_median")" 0.15 "medians of $ROUNDS: $run_median s over $plain_median s" \
  "\"run\":$(list "${run[@]}"),\"plain\":$(list "${plain[@]}")"
result restore_seconds "one restore up to the agent's answer, seconds" \
  "$(calculate "$(median "${boots[@]}") / 2")" 0.15 "half of the median of two, $ROUNDS rounds" \
  "\"both\":$(list "${boots[@]}")"

# --- ERST and EFI from checkpoints ------------------------------------------------------------------------------------
other_backend() { # BACKEND TARGET TEXT COMMAND…: its case from checkpoints over the command, in turns
  local backend=$1 target=$2 text=$3 case=cycle/record-whole/$1-cold-debian-6.1
  local -a restored=() beside=()
  shift 3
  lab "$out/$backend-warm" "$case"
  lab "$out/$backend-warm-2" "$case"
  for ((i = 1; i <= ROUNDS; i++)); do
    timed lab "$out/$backend-$i" "$case"; restored+=("$seconds")
    timed "$@"; beside+=("$seconds")
    say "round $i of $ROUNDS: $backend ${restored[-1]} s, $text ${beside[-1]} s"
  done
  result "${backend}_from_checkpoints" "one cold $backend case, from checkpoints, over $text" \
    "$(calculate "$(median "${restored[@]}") / $(median "${beside[@]}")")" "$target" \
    "medians of $ROUNDS: $(median "${restored[@]}") s over $(median "${beside[@]}") s" \
    "\"restored\":$(list "${restored[@]}"),\"beside\":$(list "${beside[@]}")"
}
lab "$out/plain-erst" "$root/build/bench/plain-way.yaml" --filter backend=erst
other_backend erst 0.15 "the plain way" script "$out/plain-erst"
other_backend efi 0.25 "the same with fresh boots" \
  lab "$out/efi-fresh" cycle/record-whole/efi-cold-debian-6.1 --fresh-boots

# --- a cell of the upgrade matrix, and the two boots that it cannot do without ----------------------------------------
cell=(upgrade/record-read --filter backend=ramoops --filter writer=debian-6.1 --filter reader=debian-7.2)
bare() { # FOLDER: what repro.sh of its only case powers on, each up to the agent's first word and no further
  local repro
  repro=$(find "$1/" -name repro.sh)
  {
    sed "/^say 'boot 1:/,\$d" "$repro"
    awk '/^power_on [0-9]/ { print; print "answer 0; kill \"$qemu\"; wait \"$qemu\"" }' "$repro"
  } >"${repro%repro.sh}bare.sh"
  bash "${repro%repro.sh}bare.sh" 2>"$1.bare.err" || die "the bare boots failed; look at $1.bare.err"
}
lab "$out/cell" "${cell[@]}"
bare "$out/cell"
declare -a cells=() bares=()
for ((i = 1; i <= ROUNDS; i++)); do
  # The start of the program is of the run, not of the cell.
  lab "$out/cell-$i" "${cell[@]}"
  cells+=("$(grep -o '"seconds":[0-9.]*' "$out/cell-$i/latest/results.jsonl" | sed -n '1s/.*://p')")
  timed bare "$out/cell"; bares+=("$seconds")
  say "round $i of $ROUNDS: cell ${cells[-1]} s, its two boots alone ${bares[-1]} s"
done
result cell_over_boots "one cold cell, a record of debian-6.1 read by debian-7.2, over the two boots alone" \
  "$(calculate "$(median "${cells[@]}") / $(median "${bares[@]}")")" 1.15 \
  "medians of $ROUNDS: $(median "${cells[@]}") s over $(median "${bares[@]}") s" \
  "\"cell\":$(list "${cells[@]}"),\"boots\":$(list "${bares[@]}")"

if [ "$BENCH" != short ]; then
  timed lab "$out/matrix" upgrade/record-read --filter 'writer=debian-*' --filter 'reader=debian-*'
  cells_run=$(wc -l <"$out/matrix/latest/results.jsonl")
  written=$(find "$out/matrix/" -name plan.json -exec grep -L '"startsAfter": ' {} + | wc -l)
  result matrix_seconds "five writers, five readers, three backends: seconds" "$seconds" 120 \
    "$cells_run cells, $written of them written anew" "\"cells\":$cells_run"
fi

# --- eight cases, one by one and side by side -------------------------------------------------------------------------
peak_kib=0
# COMMAND…: runs it and leaves the highest VmHWM of all that was watched in $peak_kib; of this process only, not of its
# guests
watched() {
  local key kib _
  "$@" & local pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    while read -r key kib _; do
      if [ "$key" = VmHWM: ] && [ "$kib" -gt "$peak_kib" ]; then peak_kib=$kib; fi
    done 2>/dev/null <"/proc/$pid/status" || true
    sleep 0.05
  done
  wait "$pid"
}

eight=(cycle/record-whole/{ramoops,erst}-{warm,cold}-debian-6.{1,12})
lab "$out/eight-warm" "${eight[@]}"
declare -a sums=() side=()
for ((i = 1; i <= EIGHT_ROUNDS; i++)); do
  singles=()
  for case in "${eight[@]}"; do
    timed lab "$out/single-$i-${case##*/}" "$case"; singles+=("$seconds")
  done
  sums+=("$(total "${singles[@]}")")
  mkdir -p "$out/eight-$i"
  timed watched "$pstorelab" run "${eight[@]}" --out "$out/eight-$i" >"$out/eight-$i.txt" 2>&1 ||
    die "eight cases side by side failed; look at $out/eight-$i.txt"
  side+=("$seconds")
  say "round $i of $EIGHT_ROUNDS: one by one ${sums[-1]} s, side by side ${side[-1]} s"
done
result eight_side_by_side "eight cases side by side over the sum of their single times" \
  "$(calculate "$(median "${side[@]}") / $(median "${sums[@]}")")" 0.6 \
  "medians of $EIGHT_ROUNDS: $(median "${side[@]}") s over $(median "${sums[@]}") s" \
  "\"side\":$(list "${side[@]}"),\"sums\":$(list "${sums[@]}")"
result harness_memory_mib "peak memory of the harness beside its guests, MiB (VmHWM during the eight)" \
  "$(calculate "$peak_kib / 1024")" 200 "highest of $EIGHT_ROUNDS runs" "\"kib\":$peak_kib"

# --- a ramoops area somewhere in a memory dump ------------------------------------------------------------------------
# Random bytes, so that nothing is a hole or a run of zeros; the area of the case above, at an offset that no block
# begins at.
dump=$out/memory.dump
offset=$(( (700 << 20) + 12345 * 4 ))
head -c 1G /dev/urandom >"$dump"
store=$(find "$out/warm/" -path '*/boot-1/store')
dd if="$store" of="$dump" bs=1M seek="$offset" oflag=seek_bytes conv=notrunc status=none
through() { cat "$dump" | wc -c >/dev/null; }
decode() {
  watched "$pstorelab" decode "$dump" >"$out/decode.txt" && grep -q 'Kernel panic - not syncing' "$out/decode.txt" ||
    die "decode did not find the record in $dump; look at $out/decode.txt"
}
peak_kib=0
declare -a decodes=() throughs=()
through
for ((i = 1; i <= ROUNDS; i++)); do
  timed through; throughs+=("$seconds")
  timed decode; decodes+=("$seconds")
done
rm "$dump"
result decode_over_cat "\`pstorelab decode\` of 1 GiB with a 1 MiB ramoops area in it, over \`cat FILE | wc -c\`" \
  "$(calculate "$(median "${decodes[@]}") / $(median "${throughs[@]}")")" 3 \
  "medians of $ROUNDS: $(median "${decodes[@]}") s over $(median "${throughs[@]}") s" \
  "\"decode\":$(list "${decodes[@]}"),\"cat\":$(list "${throughs[@]}")"
result decode_memory_mib "peak memory of that decode, MiB (VmHWM)" \
  "$(calculate "$peak_kib / 1024")" 200 "highest of $ROUNDS" "\"kib\":$peak_kib"

# --- the same verdict, however busy the machine is --------------------------------------------------------------------
if [ "$BENCH" = long ]; then
  say "$REPEAT times three backends beside two busy loops"
  mkdir -p "$out/long"
  declare -a busy=()
  trap '[ ${#busy[@]} -eq 0 ] || kill "${busy[@]}" 2>/dev/null' EXIT
  for _ in 1 2; do
    (while :; do :; done) & busy+=($!)
  done
  # A verdict other than passed is what is looked for, so it is no reason to stop.
  timed "$pstorelab" run "$root/build/bench/three-backends.yaml" --repeat "$REPEAT" --out "$out/long" \
    >"$out/long.txt" 2>&1 || true
  kill "${busy[@]}"; wait "${busy[@]}" 2>/dev/null || true
  busy=()
  verdicts=$(sed 's/.*"verdict":"\([a-z]*\)".*/\1/' "$out"/long/latest/results.jsonl | sort | uniq -c |
    awk '{ printf "%s%s %s", (NR > 1 ? ", " : ""), $1, $2 }')
  passed=$(grep -c '"verdict":"passed"' "$out"/long/latest/results.jsonl || true)
  retried=$(grep -c '"attempts":\[{"verdict":"infra"' "$out"/long/latest/results.jsonl || true)
  result other_verdicts "verdicts other than passed, of $((3 * REPEAT)) under load" $((3 * REPEAT - passed)) 0 \
    "$verdicts; $retried needed a second attempt; $seconds s" \
    "\"verdicts\":\"$verdicts\",\"retried\":$retried,\"seconds\":$seconds"
fi
