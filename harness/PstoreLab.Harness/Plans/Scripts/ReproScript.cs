using PstoreLab.Harness.Host;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Plans.Scripts;

/// <summary>
/// Writes a plan as a bash script of plain QEMU commands, for somebody who does not have PstoreLab. It needs QEMU,
/// bash, coreutils, tar and gzip, and the files of the case folder it lies in; it works in a subfolder <c>repro/</c>
/// and ends by printing the records that were found.
/// </summary>
public static class ReproScript
{
    public static string Write(Plan plan)
    {
        var script = new ScriptWriter(plan);
        return $"{Prologue(plan)}{script.Write()}\nshow records-{script.LastInspection}\n";
    }

    /// <summary>
    /// For guests with systemd: their disk, and their agent, which is a program that is called over SSH.
    /// </summary>
    private const string OverSsh = """
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
        """;

    private const string OwnMonitor =
        "\n  rm -f monitor.in monitor.out; mkfifo monitor.in monitor.out\n  exec 5<>monitor.in 6<>monitor.out";

    private const string TellMonitor = "\nmonitor() { printf '%s\\n' \"$1\" >&5; }";

    private static bool HasMonitor(Plan plan) =>
        plan.Steps.OfType<Crash>().Any(crash => crash.MonitorCommand is not null);

    /// <summary>For capture kernels (crash kernels).</summary>
    private const string Dump = """
        dump() { # FOLDER NONCE: what the capture kernel (crash kernel) found
          local marks
          marks=$(grep -ao "mark $2 [0-9]*/[0-9]*" "$1/log" | cut -d ' ' -f 3 | tr '\n' ' ')
          say "the capture kernel found a dump of $(<"$1/size") bytes; the log in it has the marks $marks"
        }

        """;

    /// <summary>What a comment quotes ends with it, whatever it is.</summary>
    private static string Comment(string text) => $"# {VisibleText.OneLine(text)}";

    private static string Prologue(Plan plan)
    {
        var machine = MachineCatalogue.Get(plan.Machine);
        return $$"""
            #!/usr/bin/env bash
            {{Comment($"{plan.Case}: {plan.Summary}")}}
            {{Comment(
                string.Join(
                    ", ",
                    plan.Kernels.Select(kernel => $"{kernel.Name} is {kernel.Described}")
                )
            )}}
            {{(
                plan.Appended is { } appended ? Comment($"appended to every kernel's command line: {appended}") : "#"
            )}}
            # Written by PstoreLab from plan.json; needs only {{machine.QemuProgram}}, bash, coreutils, tar, gzip{{(
                plan.HasSystemd ? ", qemu-img, ssh" : ""
            )}} and the files beside it.
            # Another QEMU: QEMU=/path/to/{{machine.QemuProgram}} bash repro.sh
            set -u
            here=$(cd "$(dirname "$0")" && pwd)
            : "${QEMU:={{machine.QemuProgram}}}"
            qemu=

            say() { printf '# %s\n' "$*" >&2; }
            die() { say "$* (look at $here/repro)"; exit 1; }
            trap '[ -z "$qemu" ] || kill -KILL "$qemu" 2>/dev/null' EXIT

            power_on() { # BOOT QEMU-ARGUMENT…
              boot=$1; shift
              [ -z "$qemu" ] || { kill -KILL "$qemu"; wait "$qemu"; } 2>/dev/null
              rm -f agent.in agent.out; mkfifo agent.in agent.out
              exec 3<>agent.in 4<>agent.out{{(HasMonitor(plan) ? OwnMonitor : "")}}
              "$QEMU" "$@" -chardev "file,id=console,path=console-$boot.log" \
                {{ShellWords.Join(machine.ConsolePort("console"))}} \
                "${line[@]}"{{(
                HasMonitor(plan) ? " -chardev pipe,id=monitor,path=monitor -mon chardev=monitor" : ""
            )}} &
              qemu=$!
            }{{(HasMonitor(plan) ? TellMonitor : "")}}
            over_serial() { line=(-chardev pipe,id=agent,path=agent {{ShellWords.Join(machine.AgentPort("agent"))}}); }
            {{(plan.HasSystemd ? OverSsh : "over_serial")}}
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
            {{(plan.Steps.Any(step => step is KeepVmcore) ? Dump : "")}}show() { # FOLDER
              local record found=
              while IFS= read -r record; do
                found=1
                printf '==> %s <==\n' "${record#*/}"
                cat "$record"
              done < <(find "$1" -type f | LC_ALL=C sort)
              [ -n "$found" ] || echo 'no record in /sys/fs/pstore'
            }

            rm -rf "$here/repro" && mkdir "$here/repro" && cd "$here/repro" || exit 1
            cp --sparse=always ../store.before store{{string.Concat(
                plan.Others.Select(other =>
                    "\n" + ShellWords.Join(["cp", "--sparse=always", $"../{other.File}.before", other.File])
                )
            )}}
            for file in{{string.Concat(
                plan.Files.Select(file => " " + ShellWords.Quote(file.Name))
            )}}; do ln -s "../$file" .; done

            """;
    }
}
