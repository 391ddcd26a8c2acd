#!/bin/bash
# setup.sh [kernels] [guests] [tests]: installs what this machine lacks; with `kernels`, also what kernels are built
# with; with `guests`, also what systemd guests are made and reached with; with `tests`, also what only tests need. Each
# thing is looked for itself, so that nothing is installed twice and nothing is believed to be there that somebody
# removed; when all is there, no program is started but ldd.
set -uo pipefail

# Debian leaves these out of an ordinary user's PATH.
PATH=$PATH:/usr/sbin:/sbin

missing=()

needs() { # PACKAGE, then a command that succeeds when it is not needed
  "${@:2}" || missing+=("$1")
}

program() { type -P "$1" >/dev/null; }

any_file() {
  local file
  for file; do [[ -e $file ]] && return; done
  return 1
}

# A guest has nothing but its busybox: no dynamic linker, and no libraries.
static_busybox() { program busybox && ! ldd "$(type -P busybox)" >/dev/null 2>&1; }

distribution=$(. /etc/os-release 2>/dev/null && echo "${ID-}")

program dotnet || { echo 'setup: there is no dotnet on PATH; install the .NET SDK 10 (https://dot.net)' >&2; exit 1; }

needs qemu-system-x86         program qemu-system-x86_64
needs ovmf                    any_file /usr/share/OVMF/OVMF_CODE_4M.fd /usr/share/edk2/ovmf/OVMF_CODE_4M.fd \
                                       /usr/share/edk2/x64/OVMF_CODE.4m.fd
needs busybox-static          static_busybox
needs cpio                    program cpio
needs xz-utils                program xz
needs zstd                    program zstd
needs liblzo2-2               any_file /usr/lib/*/liblzo2.so.2 /usr/lib64/liblzo2.so.2
needs tar                     program tar
needs dpkg                    program dpkg-deb
needs util-linux              program setpriv
needs debian-archive-keyring  any_file /usr/share/keyrings/debian-archive-keyring.gpg

if [[ " $* " == *' kernels '* ]]; then
  needs gcc                     program gcc
  needs libc6-dev               any_file /usr/include/stdio.h
  needs make                    program make
  needs flex                    program flex
  needs bison                   program bison
  needs bc                      program bc
  needs perl                    program perl
  needs libelf-dev              any_file /usr/include/libelf.h
fi

if [[ " $* " == *' guests '* ]]; then
  needs mmdebstrap              program mmdebstrap
  needs e2fsprogs               program mke2fs
  needs qemu-utils              program qemu-img
  needs kmod                    program depmod
  # For its ssh-keygen; a guest's repro.sh takes its ssh.
  needs openssh-client          program ssh-keygen
  # An ordinary user becomes root of a user namespace with it.
  ((EUID == 0)) || needs uidmap program newuidmap
fi

if [[ " $* " == *' tests '* ]]; then
  needs openssh-server          program sshd
  needs device-tree-compiler    program dtc
  # They read the completion and the manual page that the program writes.
  needs zsh                     program zsh
  needs fish                    program fish
  needs mandoc                  program mandoc
  needs groff-base              program groff
fi

# Ubuntu's is a snap, which sees no test's files: there the tests of pages are skipped.
if [[ " $* " == *' tests '* && $distribution == debian ]]; then
  needs chromium                program chromium
fi

give_up() {
  printf 'setup: %s\n' "$1" "install these packages, then try again: ${missing[*]}" >&2
  exit 1
}

if ((${#missing[@]})); then
  [[ $distribution == debian || $distribution == ubuntu ]] ||
    give_up "this is neither Debian nor Ubuntu (it is '${distribution:-unknown}')"
  program apt-get || give_up 'there is no apt-get'
  as_root=()
  if ((EUID)); then
    program sudo || give_up 'not root, and there is no sudo'
    as_root=(sudo)
  fi
  apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@" </dev/null; }
  install() { apt install -y --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}" >/dev/null; }

  echo "setup: installing ${missing[*]}" >&2
  if [[ " ${missing[*]} " == *' openssh-server '* ]]; then
    # Tests start one of their own, on 127.0.0.1. Debian's own word keeps the service from starting, now and at every
    # boot.
    off=/etc/ssh/sshd_not_to_be_run
    echo "setup: sshd is for tests alone; its service stays off until you delete $off" >&2
    "${as_root[@]}" mkdir -p /etc/ssh && "${as_root[@]}" touch "$off" || give_up "$off cannot be written"
  fi
  # Lists may be absent (a fresh machine), or so old that what they name is gone.
  apt-get -qq --dry-run install "${missing[@]}" >/dev/null 2>&1 || apt update || give_up 'apt-get update failed'
  install || { apt update && install; } || give_up 'apt-get install failed'
fi
