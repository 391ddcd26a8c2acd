# Sourced by bench.sh: crash cycles of guests with systemd, and record sets through the real systemd-pstore.
# shellcheck shell=bash disable=SC2034,SC2154

releases=(bullseye bookworm bookworm-backports trixie forky)
say "making disks and warming up"
"$pstorelab" images build "${releases[@]}" >"$out/images.txt" ||
  die "the disks of the guests cannot be made; look at $out/images.txt"
lab "$out/warm" archive/record-archived --filter backend=erst --jobs 1
accelerator=$(sed -n 's/.*"accelerator":"\([a-z]*\)".*/\1/p' "$out/warm/latest/results.jsonl" | head -n 1)

for release in "${releases[@]}"; do
  declare -a cycles=()
  for ((i = 1; i <= ROUNDS; i++)); do
    lab "$out/$release-$i" archive/record-archived --filter backend=erst --filter systemd="$release" --jobs 1
    cycles+=("$(grep -o '"seconds":[0-9.]*' "$out/$release-$i/latest/results.jsonl" | sed -n '1s/.*://p')")
  done
  result "cycle_$release" \
    "$release: seconds from power-on over the panic to the archive judged, two boots under systemd" \
    "$(median "${cycles[@]}")" 25 "medians of $ROUNDS, of ${cycles[*]}" "\"seconds\":$(list "${cycles[@]}")"
done

"$pstorelab" archive-check --sets 1000 --json >"$out/archive-check.json" ||
  die "archive-check found something new; look at $out/archive-check.json"
mapfile -t rates < <(grep -o '"setsPerSecond": *[0-9.]*' "$out/archive-check.json" | sed 's/.*: *//')
for index in "${!rates[@]}"; do
  result "set_${releases[index]}" \
    "${releases[index]}: milliseconds for one record set through systemd-pstore, archived and judged" \
    "$(calculate "1000 / ${rates[index]}")" 20 "${rates[index]} sets a second" "\"setsPerSecond\":${rates[index]}"
done
