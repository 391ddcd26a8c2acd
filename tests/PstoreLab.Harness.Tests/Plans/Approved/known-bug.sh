#!/usr/bin/env bash
# cycle/record-whole/erst: A panic leaves one record that is whole.
# debian-6.1 is 6.1.0-50-amd64 (package 6.1.176-1)
#
# Written by PstoreLab from plan.json; needs only qemu-system-x86_64, bash, coreutils, tar, gzip and the files beside it.
# Another QEMU: QEMU=/path/to/qemu-system-x86_64 bash repro.sh
set -u
here=$(cd "$(dirname "$0")" && pwd)
: "${QEMU:=qemu-system-x86_64}"
qemu=

say() { printf '# %s\n' "$*" >&2; }
die() { say "$* (look at $here/repro)"; exit 1; }
trap '[ -z "$qemu" ] || kill -KILL "$qemu" 2>/dev/null' EXIT

power_on() { # BOOT QEMU-ARGUMENT…
  boot=$1; shift
  [ -z "$qemu" ] || { kill -KILL "$qemu"; wait "$qemu"; } 2>/dev/null
  rm -f agent.in agent.out; mkfifo agent.in agent.out
  exec 3<>agent.in 4<>agent.out
  "$QEMU" "$@" -chardev "file,id=console,path=console-$boot.log" \
    -serial chardev:console \
    "${line[@]}" &
  qemu=$!
}
over_serial() { line=(-chardev pipe,id=agent,path=agent -serial chardev:agent); }
over_serial
runs() { kill -0 "$qemu" && [[ $(<"/proc/$qemu/stat") != *') Z '* ]]; } 2>/dev/null
send() { printf '%s\t%s\n' "$*" "$*" >&3; } # the guest compares
answer() { # ID: waits for the agent's frame; its payload is left in $payload
  local line= more magic id kind quiet
  for ((quiet = 0; quiet < 120; )); do
    # A pipe that this script holds open itself never ends, so that QEMU's end has to be looked for.
    if ! IFS= read -r -t 1 more <&4; then
      line+=$more; quiet=$((quiet + 1))
      runs || die "QEMU has ended, waiting for the guest's answer"
      continue
    fi
    line+=$more
    read -r magic id kind payload <<<"${line%$'\t'*}"
    line=; quiet=0
    [ "$magic" = PL1 ] && [ "$id" = "$1" ] || continue
    [ "$kind" != failed ] || die "the guest could not do it: $(base64 -d <<<"$payload")"
    return
  done
  die "no answer from the guest"
}
shown() { # TEXT: waits for it on the console
  local i
  for ((i = 0; i < 6000; i++)); do
    if grep -qF -- "$1" "console-$boot.log"; then return; fi
    runs || break
    sleep 0.01
  done
  grep -qF -- "$1" "console-$boot.log" || die "the console never showed: $1"
}
written() { # SECONDS: waits until the guest has written to the store since store.seen, for so long at most
  local i
  for ((i = 0; i < $1; i++)); do
    if ! cmp -s store store.seen; then sleep 1; return; fi
    sleep 1
  done
}
changed() { # waits until the guest begins to write to the store
  while runs && cmp -s store store.seen; do :; done
}
damage() { # STORE: the next boot finds the very store that the run damaged, with the run's record in it
  [ -e "$1" ] || die "the run did not come to this damage: there is no $1"
  wait "$qemu" 2>/dev/null
  cp --sparse=always "$1" store
}
keep() { mkdir "$1" && base64 -d <<<"$payload" | gzip -dcf | tar -x -C "$1"; }
show() { # FOLDER
  local record found=
  while IFS= read -r record; do
    found=1
    printf '==> %s <==\n' "${record#*/}"
    cat "$record"
  done < <(find "$1" -type f | LC_ALL=C sort)
  [ -n "$found" ] || echo 'no record in /sys/fs/pstore'
}

rm -rf "$here/repro" && mkdir "$here/repro" && cd "$here/repro" || exit 1
cp --sparse=always ../store.before store
for file in debian-6.1.vmlinux debian-6.1.initramfs; do ln -s "../$file" .; done

say 'boot 1: debian-6.1'
power_on 1 -nodefaults -no-user-config -machine pc -accel tcg -cpu qemu64,cx16=off -smp 1 -m 512M -display none -object memory-backend-file,id=erst,mem-path=store,size=262144,share=on -device acpi-erst,memdev=erst -kernel debian-6.1.vmlinux -initrd debian-6.1.initramfs -append 'console=ttyS0,115200 ignore_loglevel printk.devkmsg=on panic=-1 no_timer_check cryptomgr.notests' -action panic=none -no-reboot
answer 0
send '1 mount'
answer 1
send '2 mark 0000000000000001 8'
answer 2
say 'crash 1: sysrq-c'
send '3 sysrq c'
wait "$qemu"

say 'boot 2: debian-6.1'
power_on 2 -nodefaults -no-user-config -machine pc -accel tcg -cpu qemu64,cx16=off -smp 1 -m 512M -display none -object memory-backend-file,id=erst,mem-path=store,size=262144,share=on -device acpi-erst,memdev=erst -kernel debian-6.1.vmlinux -initrd debian-6.1.initramfs -append 'console=ttyS0,115200 ignore_loglevel printk.devkmsg=on panic=-1 no_timer_check cryptomgr.notests' -action panic=none -no-reboot
answer 0
send '4 mount'
answer 4
send '5 records'
answer 5
keep records-1

show records-1
