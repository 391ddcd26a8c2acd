#!/bin/bash
# report-pictures.sh RUN_DIR: makes docs/report-top.png and docs/report-record.png of the report of a real run, whose
# first case must have failed with a record that differs. Needs chromium.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "report-pictures: $1" >&2; exit 1; }
type -P chromium >/dev/null || fail 'there is no chromium'
page=$(realpath "${1:?RUN_DIR}/report.html")
[[ -f $page ]] || fail "there is no $page; bin/pstorelab report $1"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

shoot() { # FILE ADDRESS
  chromium --headless --no-sandbox --hide-scrollbars --user-data-dir="$scratch/profile" --window-size=1200,900 \
    --virtual-time-budget=5000 --screenshot="$PWD/docs/$1" "file://$2" >/dev/null 2>&1
  [[ $(stat -c %s "docs/$1") -le 204800 ]] || fail "docs/$1 has more than 200 kB"
  echo "docs/$1"
}

shoot report-top.png "$page"

# A picture begins at the top of a page. So all that stands over the record is left out of a copy, whose policy must
# then allow that.
grep -q 'class="l-altered"' "$page" || fail 'no record of this run has a line that was altered'
part="$scratch/part.html"
left_out='#top, #filters, #map, h2, .part ~ .part, .group ~ .group, .case ~ .case, '
left_out+='.body > :not(.cycle, .record, .stores)'
sed -e '/http-equiv="Content-Security-Policy"/d' -e "s|</head>|<style>$left_out { display: none }</style></head>|" \
  "$page" >"$part"
shoot report-record.png "$part"
