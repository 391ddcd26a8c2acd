#!/bin/bash
# make.sh        makes every fixture anew: boots the kernels, lets them die, and keeps what their stores held and what
#                the next boot showed of it
# make.sh RUN    takes the folder of such a run, instead of running
# make.sh texts  only writes again what `pstorelab decode` says of the stores
#
# Prints how the texts have changed, to be read before they are committed.
#
# Needs bin/pstorelab (`make build`) and the kernels; takes some minutes. See README.md here.
set -euo pipefail
cd "$(dirname "$0")"
pstorelab=$(realpath ../../../bin/pstorelab)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

texts() {
  local store text
  for store in *.store.gz; do
    text=${store%.store.gz}.decoded.txt.gz
    # By its bare name: the text begins with the name as it was given.
    "$pstorelab" decode "$store" >"$scratch/decoded"
    [[ ! -f $text ]] || zcat "$text" | diff -U 0 --label "$text" - --label new "$scratch/decoded" || true
    gzip -n -9 <"$scratch/decoded" >"$text"
  done
}

keep() { # CASE NAME [BYTES]: the evidence of a case as the fixture NAME, its store cut to BYTES
  local cut=(cat)
  [[ -z ${3-} ]] || cut=(head -c "$3")
  "${cut[@]}" "$1/boot-1/store" | gzip -n -9 >"$2.store.gz"
  sed -n '/pstorelab: mark .* 1\/8/,$p' "$1/boot-1/console.log" | tr -d '\r' | gzip -n -9 >"$2.console.gz"
  (cd "$1/records-1" && for file in *; do
    echo "$file $(stat -c %s "$file") $(sha256sum <"$file" | cut -d ' ' -f 1)"
  done) >"$2.shown.txt"
}

run() {
  "$pstorelab" run scenarios/*.yaml --jobs "${JOBS:-2}" --out "$scratch"
  stores "$scratch/latest"
}

stores() { # RUN
  local kernel case
  for case in "$1"/cases/scenarios/*/*; do
    kernel=${case##*/}
    case $case in
      */ramoops/0-*) keep "$case" "ramoops-${kernel#0-}" 131072 ;;
      */ramoops/1-*) keep "$case" "ramoops-ecc-${kernel#1-}" 131072 ;;
      */ramoops-842/*) keep "$case" "ramoops-842-$kernel" 131072 ;;
      */erst/*) keep "$case" "erst-$kernel" ;;
      */efi/*) keep "$case" "efi-$kernel" ;;
      */pstore-blk/*) keep "$case" "pstore-blk-$kernel" ;;
    esac
  done
}

case ${1-} in
  '') run ;;
  texts) ;;
  *) stores "$1" ;;
esac
texts
