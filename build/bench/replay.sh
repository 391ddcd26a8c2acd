# Sourced by bench.sh: how many stores a kernel reads in a second, through one guest and one core.
# shellcheck shell=bash disable=SC2034,SC2154

replayed=cycle/record-whole
lab "$out/stores" "$replayed/ramoops-cold-debian-6.1" "$replayed/erst-cold-debian-6.1"
accelerator=$(sed -n '1s/.*"accelerator":"\([a-z]*\)".*/\1/p' "$out/stores/latest/results.jsonl")
stores=$(readlink -f "$out/stores/latest")/cases/$replayed

replay_rate() { # NAME KERNEL BACKEND COUNT TARGET TEXT: seconds of one store, without the boot of the guest
  local seconds_each each='s/.*"seconds":\([0-9.]*\),"secondsPerState.*/\1/'
  "$pstorelab" replay "$stores/$3-cold-debian-6.1/boot-1/store" --kernel "$2" --repeat "$4" --jobs 1 \
    --check-checkpoints 0 --out "$out/$1" >"$out/$1.txt" 2>&1 || die "a replay failed; look at $out/$1.txt"
  # The first one pays for the boot, or for the checkpoint.
  seconds_each=$(median "$(sed "1,3d; $each" "$out/$1/latest/results.jsonl")")
  result "$1" "$6" "$seconds_each" "$5" "median of $(($4 - 3))" "\"stores\":$4"
}
replay_rate replay_7_2_seconds debian-7.2 ramoops 400 0.010 "a ramoops area read by debian-7.2, one guest: seconds"
replay_rate replay_6_1_seconds debian-6.1 ramoops 400 0.020 "the same by debian-6.1"
replay_rate replay_erst_seconds debian-6.1 erst 30 0.250 "an ERST file, a restored guest each: seconds"
