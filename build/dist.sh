#!/bin/bash
# dist.sh: makes what PstoreLab is installed from, in artifacts/dist: a Debian package, self-contained because Debian
# has no .NET 10, and a package of `dotnet tool`. Both have the program, the scenarios and the recipes of images; the
# first has the manual page and completion besides. build/dist-check.sh tries both.
set -euo pipefail
cd "$(dirname "$0")/.."

project=harness/PstoreLab.Cli
rid=linux-x64
dist=$PWD/artifacts/dist
root=$dist/root
data=$dist/data

fail() { echo "dist: $1" >&2; exit 1; }
quietly() { # prints the output only when it fails
  local log
  log=$("$@" 2>&1) || { printf '%s\n' "$log" >&2; return 1; }
}

[[ $(uname -m) == x86_64 ]] || fail "packages are made on x86_64 (this is $(uname -m))"
type -P dpkg-deb >/dev/null || fail 'dpkg-deb is missing; apt install dpkg'
version=$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' Directory.Build.props)
# Of the commit: the same checkout makes the same package.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH

rm -rf "$dist"
mkdir -p "$root/DEBIAN" "$root/usr/bin" "$root/usr/lib" "$data"
# Only what git knows: images/.cache has whole file systems.
git ls-files -z images scenarios | tar --create --null --files-from - | tar --extract --directory "$data"

# --- the tool ---------------------------------------------------------------------------------------------------------
quietly dotnet restore "$project"
quietly dotnet pack "$project" -c Release -v quiet --nologo --no-restore -p:RunAnalyzers=false -p:PackAsTool=true \
  -p:ToolData="$data" -o "$dist"

# --- the Debian package -----------------------------------------------------------------------------------------------
quietly dotnet restore "$project" -r "$rid" -p:PublishReadyToRun=true -p:SelfContained=true
quietly dotnet publish "$project" -c Release --no-restore -r "$rid" --self-contained true \
  -p:RunAnalyzers=false -p:PublishReadyToRun=true -p:DebugType=none -o "$root/usr/lib/pstorelab"
ln -s ../lib/pstorelab/pstorelab "$root/usr/bin/pstorelab"
program=$root/usr/lib/pstorelab/pstorelab
share=$root/usr/share
mkdir -p "$share/pstorelab" "$share/man/man1" "$share/bash-completion/completions" \
  "$share/zsh/vendor-completions" "$share/fish/vendor_completions.d" "$share/doc/pstorelab" "$share/lintian/overrides"
cp -r "$data/." "$share/pstorelab"
"$program" man | gzip -9n >"$share/man/man1/pstorelab.1.gz"
"$program" completion bash >"$share/bash-completion/completions/pstorelab"
"$program" completion zsh >"$share/zsh/vendor-completions/_pstorelab"
"$program" completion fish >"$share/fish/vendor_completions.d/pstorelab.fish"
cp README.md CHANGELOG.md docs/*.md "$share/doc/pstorelab"
maintainer='The PstoreLab authors <pstorelab@localhost.localdomain>'
printf '%s\n' "pstorelab ($version) unstable; urgency=medium" '' '  * See CHANGELOG.md, beside this file.' '' \
  " -- $maintainer  $(LC_ALL=C date -R -u --date "@$SOURCE_DATE_EPOCH")" |
  gzip -9n >"$share/doc/pstorelab/changelog.gz"
{
  printf '%s\n' 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/' '' \
    'Files: *' "Copyright: $(sed -n 's/^Copyright (c) //p' LICENSE)" 'License: Expat' \
    "$(sed '1,/^Copyright/d; s/^/ /; s/^ $/ ./' LICENSE | sed '1{/^ \.$/d}')" '' \
    'Files: usr/lib/pstorelab/*' 'Copyright: .NET Foundation and contributors, and those of the libraries' \
    'License: Expat'
} >"$share/doc/pstorelab/copyright"
cat >"$share/lintian/overrides/pstorelab" <<'OVERRIDES'
# .NET is in the package: Debian has no .NET 10.
pstorelab: embedded-library *
pstorelab: unstripped-binary-or-object *
pstorelab: hardening-no-pie *
pstorelab: shared-library-lacks-prerequisites *
# Guests are made of these, and run them.
pstorelab: script-not-executable *
pstorelab: uses-dpkg-database-directly *
# There is no other address.
pstorelab: bogus-mail-host *
pstorelab: bogus-mail-host-in-debian-changelog *
OVERRIDES

# Those of build/setup.sh, less what is essential in Debian, and what .NET is linked with.
needed='apt busybox-static cpio debian-archive-keyring liblzo2-2 ovmf qemu-system-x86 xz-utils zstd'
needed+=' libc6 libgcc-s1 libssl3t64|libssl3 libstdc++6'
recommended='e2fsprogs kmod mmdebstrap openssh-client qemu-utils uidmap'
suggested='bc bison flex gcc libc6-dev libelf-dev make perl'
list() { local IFS=,; printf '%s' "$*" | sed 's/,/, /g; s/|/ | /g'; }

cat >"$root/DEBIAN/control" <<CONTROL
Package: pstorelab
Version: $version
Architecture: amd64
Maintainer: $maintainer
Section: devel
Priority: optional
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f 1)
Depends: $(list $needed)
Recommends: $(list $recommended)
Suggests: $(list $suggested)
Description: proves what pstore keeps of a kernel's last words
 PstoreLab boots distribution kernels in QEMU with a real pstore backend
 (ramoops, ACPI ERST, EFI variables, a block device), makes them panic, boots
 them again, and compares what came back, line by line, with what the dying
 kernel printed on its serial console. It also reads what a dead machine left,
 without a kernel, and tests systemd-pstore.
 .
 What is recommended makes guests with systemd; what is suggested builds
 kernels.
CONTROL

# Modes do not depend on the umask of whoever builds.
find "$root" -type d -exec chmod 755 {} +
find "$root/usr" -type f -exec chmod u=rwX,go=rX {} +
find "$root/usr/lib/pstorelab" -type f ! -name pstorelab ! -name createdump -exec chmod 644 {} +
(cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums)
chmod 644 "$root"/DEBIAN/*
find "$root" -print0 | xargs -0 touch --no-dereference --date "@$SOURCE_DATE_EPOCH"
quietly dpkg-deb --root-owner-group -Zxz --build "$root" "$dist/pstorelab_${version}_amd64.deb"
rm -rf "$root" "$data"
ls -l "$dist" | awk 'NR > 1 { printf "%s, %.1f MB\n", $NF, $5 / 1e6 }'
