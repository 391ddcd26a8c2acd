#!/bin/bash
# picture.sh: makes docs/run.svg, the picture of the README: runs the main job in a terminal of its own (tmux), and
# draws the screen that it leaves. Needs tmux, and bin/pstorelab (`make build`).
#
# Every word has the place of its own column, and its width, so that columns line up whatever font a browser has.
set -euo pipefail
cd "$(dirname "$0")/.."
# A column is a character.
export LC_ALL=C.UTF-8

picture=docs/run.svg
columns=116
# Pixels.
cell=7.8 line=18 margin=16 size=13
args='cycle/record-whole --filter kernel=debian-6.1'

fail() { echo "picture: $1" >&2; exit 1; }
type -P tmux >/dev/null || fail 'there is no tmux'
[[ -x bin/pstorelab ]] || fail 'there is no bin/pstorelab; make build'

terminal() { tmux -L "pstorelab-picture-$$" -f /dev/null "$@"; }
trap 'terminal kill-server 2>/dev/null || true' EXIT

# The shell stays, for a terminal whose program has ended is closed.
terminal new-session -d -x "$columns" -y 100 \
  "printf '\033[36m\$ make run\033[m\n'; bin/pstorelab run $args; tmux wait-for -S ended; read -r"
timeout 900 tmux -L "pstorelab-picture-$$" wait-for ended || fail 'the run did not end'
# Where this checkout lies is nobody's business.
screen=$(terminal capture-pane -p -e | sed "s|$PWD/||")

colour() { # NUMBERS of an SGR sequence: sets fill
  case $1 in
    '' | 0 | 39 | '0;39') fill=#dddddd ;;
    31 | 91 | '38;5;9' | '38;5;1') fill=#f48771 ;;
    32 | 92 | '38;5;2') fill=#89d185 ;;
    33 | 93 | '38;5;11') fill=#e5e510 ;;
    36) fill=#9cdcfe ;;
    90 | '38;5;8') fill=#888888 ;;
    *) fail "a colour without a name: $1" ;;
  esac
}

at() { awk -v cells="$1" -v unit="$2" -v margin="${3-0}" 'BEGIN { print cells * unit + margin }'; }

draw() {
  local rest row=0 column sgr=$'^\e\\[([0-9;]*)m' blank='^ +' word=$'^[^ \e]+' text
  colour 0
  while IFS= read -r rest; do
    row=$((row + 1)) column=0
    while [[ $rest ]]; do
      if [[ $rest =~ $sgr ]]; then
        colour "${BASH_REMATCH[1]}"
      elif [[ $rest =~ $blank ]]; then
        column=$((column + ${#BASH_REMATCH}))
      elif [[ $rest =~ $word ]]; then
        text=${BASH_REMATCH//&/&amp;} text=${text//</&lt;} text=${text//>/&gt;}
        printf '<text x="%s" y="%s" textLength="%s" fill="%s">%s</text>\n' "$(at "$column" "$cell" "$margin")" \
          "$(at "$row" "$line" "$margin")" "$(at "${#BASH_REMATCH}" "$cell")" "$fill" "$text"
        column=$((column + ${#BASH_REMATCH}))
      else
        fail "a line that is not understood: $rest"
      fi
      rest=${rest:${#BASH_REMATCH}}
    done
  done <<<"$screen"
}

width=$(at "$columns" "$cell" $((2 * margin)))
height=$(at "$(wc -l <<<"$screen")" "$line" $((2 * margin + line / 2)))
{
  printf '<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s">\n' \
    "$width" "$height" "$width" "$height"
  printf '<rect width="100%%" height="100%%" rx="8" fill="#1e1e1e"/>\n'
  printf '<g font-family="ui-monospace,DejaVu Sans Mono,Menlo,Consolas,monospace" font-size="%s">\n' "$size"
  draw
  printf '</g>\n</svg>\n'
} >"$picture.new"
mv "$picture.new" "$picture"
echo "$picture"
