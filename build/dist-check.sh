#!/bin/bash
# dist-check.sh [SUITE]: tries what build/dist.sh made, as somebody does who installs it. The Debian package is
# installed in a clean root of Debian by what build/Containerfile runs, and an ordinary user runs the main job there,
# from an empty folder; the package of `dotnet tool` is installed here. Needs root, mmdebstrap and the Debian archive,
# and takes some five minutes, so it is no part of `make test`. PSTORELAB_DEBIAN_MIRROR names another mirror than
# mmdebstrap's own.
set -euo pipefail
cd "$(dirname "$0")/.."

suite=${1-$(. /etc/os-release && echo "$VERSION_CODENAME")}
dist=$PWD/artifacts/dist

fail() { echo "dist-check: $1" >&2; exit 1; }
say() { echo "dist-check: $1" >&2; }

((EUID == 0)) || fail 'a root is made and entered here: run it as root'
type -P mmdebstrap >/dev/null || fail 'mmdebstrap is missing; apt install mmdebstrap'
packages=("$dist"/pstorelab_*_amd64.deb) tools=("$dist"/pstorelab.*.nupkg)
[[ -f ${packages[0]} && -f ${tools[0]} ]] || fail "no packages are in $dist; make dist"

work=$(mktemp -d)
clean() {
  local place
  for place in dev/shm dev sys proc; do umount --lazy "$work/root/$place" 2>/dev/null || true; done
  rm -rf --one-file-system "$work"
}
trap clean EXIT

# --- the tool ---------------------------------------------------------------------------------------------------------
say 'the package of dotnet tool'
mkdir "$work/tool" "$work/empty" "$work/cache"
(cd "$work/empty" && dotnet tool install pstorelab --tool-path "$work/tool" --source "$dist" >"$work/tool.log") ||
  fail "$(cat "$work/tool.log")"
tool() { (cd "$work/empty" && env -u PSTORELAB_ROOT XDG_CACHE_HOME="$work/cache" "$work/tool/pstorelab" "$@"); }
expect() { # TEXT OUTPUT
  [[ $2 == *"$1"* ]] || fail "there is no '$1' in: ${2:0:2000}"
}
expect 'pstorelab help COMMAND' "$(tool --help)"
expect 'cycle/record-whole/erst-cold-debian-6.1' "$(tool list cycle 2>&1)"
expect "$work/cache/pstorelab/" "$(tool explain cycle/record-whole/erst-cold-debian-6.1)"
[[ -z $(ls -A "$work/empty") ]] || fail 'the tool wrote to the current folder'

# --- the Debian package -----------------------------------------------------------------------------------------------
say "a clean $suite"
sources=()
[[ -z ${PSTORELAB_DEBIAN_MIRROR-} ]] || sources=("$PSTORELAB_DEBIAN_MIRROR")
apt-config dump | grep -E '^Acquire::(http|https|Retries|Queue)' >"$work/apt.conf" || true
mmdebstrap --quiet --variant=minbase --aptopt="$work/apt.conf" "$suite" "$work/root" "${sources[@]}"
root=$work/root
mount --bind /proc "$root/proc"
mount --bind /sys "$root/sys"
mount --rbind --make-rslave /dev "$root/dev"
cp "${packages[0]}" "$root/tmp/"
[[ ! -s /etc/resolv.conf ]] || cp /etc/resolv.conf "$root/etc/resolv.conf"
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"; }
say 'what build/Containerfile runs'
run=$(sed -n '/^RUN /,/[^\\]$/{s/^RUN //; p}' build/Containerfile)
user=$(sed -n 's/^USER //p' build/Containerfile)
inside DEBIAN_FRONTEND=noninteractive sh -c "$run" >"$work/apt.log" 2>&1 || fail "$(tail -n 20 "$work/apt.log")"
touch "$root/root/now"

as_user() { inside setpriv --reuid "$user" --regid "$user" --init-groups env HOME="/home/$user" sh -c "$1" </dev/null; }
as_user 'mkdir ~/empty'
try() { # COMMAND: in the empty folder, as the user; prints what it prints
  as_user "cd ~/empty && $1" 2>&1 || fail "'$1' ended with $?: $(as_user "cd ~/empty && $1" 2>&1 | tail -n 20)"
}
expect 'pstorelab help COMMAND' "$(try 'pstorelab --help')"
expect 'cycle/record-whole/erst-cold-debian-6.1' "$(try 'pstorelab list cycle')"
install -m 644 tests/PstoreLab.Records.Tests/Fixtures/erst-debian-6.1.store.gz "$root/home/$user/"
expect 'Kernel panic' "$(try 'pstorelab decode ~/erst-debian-6.1.store.gz')"
[[ -z $(ls -A "$root/home/$user/empty") ]] || fail 'something was written to the current folder'
say 'pstorelab run cycle/record-whole/ramoops-cold-debian-6.1'
output=$(try 'pstorelab run cycle/record-whole/ramoops-cold-debian-6.1')
printf '%s\n' "$output"
expect '1 passed, 0 failed' "$output"
[[ -s $root/home/$user/empty/out/latest/results.jsonl ]] || fail 'there are no results in ./out/latest'
[[ -d $root/home/$user/.cache/pstorelab/kernels ]] || fail 'there is no kernel in ~/.cache/pstorelab'

written=$(inside find /usr /etc /opt /srv -xdev -newer /root/now -type f)
[[ -z $written ]] || fail "it wrote to $written"
[[ -s $root/usr/share/man/man1/pstorelab.1.gz ]] || fail 'the manual page is missing'
inside bash -c 'source /usr/share/bash-completion/completions/pstorelab && complete -p pstorelab' >/dev/null
inside apt-get -q purge -y pstorelab >"$work/apt.log" 2>&1 || fail "$(tail -n 20 "$work/apt.log")"
[[ ! -e $root/usr/share/pstorelab && ! -e $root/usr/lib/pstorelab ]] || fail 'purging it leaves something in /usr'
say 'passed'
