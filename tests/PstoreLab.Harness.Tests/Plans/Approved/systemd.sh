#!/usr/bin/env bash
# cycle/record-whole/ramoops: A panic leaves one record that is whole.
# debian-6.1 is 6.1.0-50-amd64 (package 6.1.176-1)
#
# Written by PstoreLab from plan.json; needs only qemu-system-x86_64, bash, coreutils, tar, gzip, qemu-img, ssh and the files beside it.
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
up=
over_ssh() { # BOOT UNDER FORMAT
  mkdir -p "boot-$1"
  qemu-img create -q -f qcow2 -b "../$2" -F "$3" "boot-$1/disk.qcow2" || die 'qemu-img failed'
  cp "../boot-$1/seed.tar" "boot-$1/"
  port=${PORT:-$((20000 + RANDOM % 12000))}
  login=(ssh -F none -T -i "$here/boot-$1/ssh-client" -p "$port" -o BatchMode=yes -o IdentitiesOnly=yes
    -o IdentityAgent=none -o LogLevel=ERROR -o ConnectTimeout=10 -o HostKeyAlias=pstorelab
    -o "UserKnownHostsFile=\"$PWD/known_hosts\"" -o StrictHostKeyChecking=yes root@127.0.0.1)
  printf 'pstorelab %s\n' "$(<"$here/boot-$1/ssh-host.pub")" >known_hosts
  line=(-netdev "user,id=ssh,restrict=on,hostfwd=tcp:127.0.0.1:$port-:22"
    -device virtio-net-pci,netdev=ssh,romfile=)
}
guest() { "${login[@]}" "/usr/lib/pstorelab/agent $1"; }
come_up() { # waits until another boot of the guest answers: one that shuts down answers for a while
  local i id
  for ((i = 0; i < 300; i++)); do
    runs || die 'QEMU has ended, waiting for the guest to come up'
    id=$("${login[@]}" cat /proc/sys/kernel/random/boot_id 2>/dev/null) || id=$up
    [ "$id" = "$up" ] || { up=$id; return; }
    sleep 1
  done
  die 'the guest never came up'
}
start() { guest "$1" >/dev/null 2>&1 & }
ask() { # VERB: its answer is left in $payload
  payload=$(set -o pipefail; guest "$1" | base64 -w 0) || die "the guest could not: $1"
}
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
for file in debian-6.1.vmlinux bookworm.qcow2 debian-6.1.systemd.initramfs; do ln -s "../$file" .; done

say 'boot 1: debian-6.1'
over_ssh 1 bookworm.qcow2 qcow2
power_on 1 -nodefaults -no-user-config -machine pc -accel tcg -cpu qemu64,cx16=off -smp 1 -m 545M -object memory-backend-ram,id=ordinary,size=512M -object memory-backend-file,id=window,size=1M,mem-path=store,share=on -object memory-backend-ram,id=tail,size=32M -numa node,memdev=ordinary,cpus=0 -numa node,memdev=window -numa node,memdev=tail -display none -drive if=none,id=root,format=qcow2,cache=unsafe,file=boot-1/disk.qcow2 -device virtio-blk-pci,drive=root,serial=root -drive if=none,id=seed,format=raw,readonly=on,file=boot-1/seed.tar -device virtio-blk-pci,drive=seed,serial=seed -kernel debian-6.1.vmlinux -initrd debian-6.1.systemd.initramfs -append 'console=ttyS0,115200 ignore_loglevel printk.devkmsg=on panic=-1 no_timer_check cryptomgr.notests net.ifnames=0 systemd.show_status=no systemd.tty.term.console=dumb TERM=dumb norandmaps mitigations=off memmap=1M$0x20000000 ramoops.mem_address=0x20000000 ramoops.mem_size=0x100000 ramoops.record_size=0x10000' -action panic=none -no-reboot
come_up
ask mount
ask 'mark 0000000000000001 8'
say 'crash 1: sysrq-c'
start 'sysrq c'
wait "$qemu"

say 'boot 2: debian-6.1'
over_ssh 2 boot-1/disk.qcow2 qcow2
power_on 2 -nodefaults -no-user-config -machine pc -accel tcg -cpu qemu64,cx16=off -smp 1 -m 545M -object memory-backend-ram,id=ordinary,size=512M -object memory-backend-file,id=window,size=1M,mem-path=store,share=on -object memory-backend-ram,id=tail,size=32M -numa node,memdev=ordinary,cpus=0 -numa node,memdev=window -numa node,memdev=tail -display none -drive if=none,id=root,format=qcow2,cache=unsafe,file=boot-2/disk.qcow2 -device virtio-blk-pci,drive=root,serial=root -drive if=none,id=seed,format=raw,readonly=on,file=boot-2/seed.tar -device virtio-blk-pci,drive=seed,serial=seed -kernel debian-6.1.vmlinux -initrd debian-6.1.systemd.initramfs -append 'console=ttyS0,115200 ignore_loglevel printk.devkmsg=on panic=-1 no_timer_check cryptomgr.notests net.ifnames=0 systemd.show_status=no systemd.tty.term.console=dumb TERM=dumb norandmaps mitigations=off memmap=1M$0x20000000 ramoops.mem_address=0x20000000 ramoops.mem_size=0x100000 ramoops.record_size=0x10000' -action panic=none
come_up
ask mount
say 'in the guest: echo '\''it is'\'' "$HOME"; false'
ask 'run ZWNobyAnaXQgaXMnICIkSE9NRSI7IGZhbHNl'
base64 -d <<<"$payload"
ask inspect
keep records-1
ask 'mark 0000000000000002 8'
say 'crash 2: oops'
ask oops
start reboot

say 'boot 3: debian-6.1, in the same machine'
come_up
ask mount
ask inspect
keep records-2

show records-2
