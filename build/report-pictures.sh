#!/bin/bash
# report-pictures.sh RUN_DIR: makes docs/report-top.png and docs/report-record.png of the report of a real run, whose
# first case must have failed with a record that differs. Needs chromium.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "report-pictures: $1" >&2; exit 1; }
type -P chromium >/dev/null || fail 'there is no chromium'
page=$(realpath "${1:?RUN_DIR}/report.html")
[[ -f $page ]] || fail "there is no $page; bin/pstorelab report $1"
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT

# The first difference of the first case that has one.
place=$(grep -o 'id="diff/[^"]*"' "$page" | head -n 1) || fail 'no case of this run has a difference to show'
place=${place#id=\"} place=${place%\"}

shoot() { # FILE FRAGMENT
  # 256 colours are enough for text on plain ground, and half of the bytes; without pngquant it stays as it is.
  chromium --headless --no-sandbox --hide-scrollbars --user-data-dir="$profile" --window-size=1200,900 \
    --virtual-time-budget=5000 --screenshot="$PWD/docs/$1" "file://$page$2" >/dev/null 2>&1
  if type -P pngquant >/dev/null; then pngquant --force --output "docs/$1" 256 "docs/$1"; fi
  [[ $(stat -c %s "docs/$1") -le 204800 ]] || fail "docs/$1 has more than 200 kB"
  echo "docs/$1"
}

shoot report-top.png ''
shoot report-record.png "#$place"
