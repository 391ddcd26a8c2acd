using System.Text;
using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Plans;

/// <summary>
/// Writes a plan as a bash script of plain QEMU commands, for somebody who does not have PstoreLab. It needs QEMU,
/// bash, coreutils, tar and gzip, and the files of the case folder it lies in; it works in a subfolder <c>repro/</c>
/// and ends by printing the records that were found.
/// </summary>
public static class ReproScript
{
    public static string Write(Plan plan)
    {
        var script = new StringBuilder(Prologue(plan));
        int id = 0;
        int lastSnapshot = 0;
        int boot = 0;
        bool exitsOnReset = true;
        bool systemd = false;
        string nonce = "";
        for (int i = 0; i < plan.Steps.Count; i++)
        {
            switch (plan.Steps[i])
            {
                case PowerOn on:
                    boot = on.Boot;
                    exitsOnReset = on.ExitsOnReset;
                    script.AppendLine($"\nsay 'boot {on.Boot}: {on.Kernel}'");
                    systemd = on.Systemd is not null;
                    if (on.Systemd is { } guest)
                        script.AppendLine($"over_ssh {on.Boot} {ShellWords.Join([guest.Under, guest.UnderFormat])}");
                    else if (HasSystemd(plan))
                        script.AppendLine("over_serial");
                    script.AppendLine($"power_on {on.Boot} {ShellWords.Join(on.Machine)}");
                    Ready();
                    break;
                case WarmBoot again:
                    boot = again.Boot;
                    script.AppendLine($"\nsay 'boot {again.Boot}: {again.Kernel}, in the same machine'");
                    Ready();
                    break;
                case Ask ask:
                    Request(ask.Request);
                    break;
                case Mount mount:
                    Request(mount.Request);
                    break;
                case NoteBackend:
                    Request(NoteBackend.Request);
                    break;
                case Mark mark:
                    Request(mark.Request);
                    nonce = mark.Nonce;
                    break;
                case Crash crash:
                    script.AppendLine($"say 'crash {crash.Number}: {crash.Trigger}'");
                    if (crash.Cause == TriggerSource.Monitor)
                        script.AppendLine($"monitor {ShellWords.Quote(crash.Request)}");
                    else
                        Send(crash.Request);
                    if (crash.BootsCaptureKernel)
                        Ready();
                    else if (crash.End == CrashEnd.Halt)
                        // Only QEMU knows when its processors stand still; a moment after the kernel's last words they
                        // do.
                        script.AppendLine(
                            $"shown {ShellWords.Quote(crash.ConsolePattern)}; sleep 1; kill -KILL \"$qemu\"; wait "
                                + "\"$qemu\" 2>/dev/null"
                        );
                    else
                        Over(i, crash.End);
                    break;
                case KeepVmcore keep:
                    Request(KeepVmcore.Request);
                    script.AppendLine($"keep vmcore-{keep.Boot}");
                    script.AppendLine($"dump vmcore-{keep.Boot} {nonce}");
                    Send("reboot");
                    Over(i, CrashEnd.Reset);
                    break;
                case Oops oops:
                    script.AppendLine($"say 'crash {oops.Number}: {oops.Trigger}'");
                    if (plan.Steps.ElementAtOrDefault(i + 1) is AwaitStore)
                        script.AppendLine("cp store store.seen");
                    Request(oops.Request);
                    break;
                case AwaitStore wait:
                    script.AppendLine($"written {wait.Seconds}");
                    break;
                case DamageStore damage:
                    script.AppendLine($"say {ShellWords.Quote($"damage {damage.Number}: {damage.Damage}")}");
                    script.AppendLine($"damage ../boot-{boot}/store.damaged");
                    break;
                case CutPower cut:
                    script.AppendLine($"say 'crash {cut.Number}: the power is cut'");
                    if (cut.Point is { Lines: null })
                        script.AppendLine("cp store store.seen");
                    if (cut.Request is not null)
                        Send(cut.Request);
                    if (cut.After is not null)
                        script.AppendLine($"shown {ShellWords.Quote(cut.After)}");
                    if (cut.Point is { Lines: null } point)
                        script.AppendLine(FormattableString.Invariant($"changed; sleep {point.Microseconds / 1e6:f6}"));
                    script.AppendLine("kill -KILL \"$qemu\"; wait \"$qemu\" 2>/dev/null");
                    break;
                case Reboot:
                    Send("reboot");
                    break;
                case PowerOff { Request: { } request }:
                    Send(request);
                    script.AppendLine("wait \"$qemu\"");
                    break;
                case PowerOff:
                    script.AppendLine("kill \"$qemu\"; wait \"$qemu\"");
                    break;
                case Inspect inspect:
                    lastSnapshot = inspect.Number;
                    Request(systemd ? "inspect" : "records");
                    script.AppendLine($"keep records-{inspect.Number}");
                    break;
                case RunInGuest run:
                    script.AppendLine($"say {ShellWords.Quote($"in the guest: {run.Command}")}");
                    Request(run.Request);
                    script.AppendLine("base64 -d <<<\"$payload\"");
                    break;
                default:
                    throw new InvalidOperationException($"no words for a {plan.Steps[i].GetType().Name}");
            }
        }

        script.AppendLine($"\nshow records-{lastSnapshot}");
        return script.ToString();

        // Where QEMU lives on, the agent of the next boot tells that the crash is over: before that, nothing may end
        // QEMU.
        void Over(int step, CrashEnd end)
        {
            if (exitsOnReset || end == CrashEnd.PowerOff)
                script.AppendLine("wait \"$qemu\"");
            else if (plan.Steps.ElementAtOrDefault(step + 1) is not WarmBoot)
                Ready();
        }

        void Ready() => script.AppendLine(systemd ? "come_up" : "answer 0");

        void Send(string request) =>
            script.AppendLine(
                $"{(systemd ? "tell" : "send")} "
                    + $"{ShellWords.Quote(systemd ? request : AgentFrame.Request(++id, request).TrimEnd('\n'))}"
            );

        void Request(string request)
        {
            if (systemd)
            {
                script.AppendLine($"ask {ShellWords.Quote(request)}");
                return;
            }

            Send(request);
            script.AppendLine($"answer {id}");
        }
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
          login=(ssh -F none -T -i "$here/boot-$1/ssh-client" -p "$port" -o BatchMode=yes -o IdentitiesOnly=yes -o IdentityAgent=none -o LogLevel=ERROR
            -o ConnectTimeout=10 -o HostKeyAlias=pstorelab -o "UserKnownHostsFile=\"$PWD/known_hosts\"" -o StrictHostKeyChecking=yes root@127.0.0.1)
          printf 'pstorelab %s\n' "$(<"$here/boot-$1/ssh-host.pub")" >known_hosts
          line=(-netdev "user,id=ssh,restrict=on,hostfwd=tcp:127.0.0.1:$port-:22" -device virtio-net-pci,netdev=ssh,romfile=)
        }
        guest() { "${login[@]}" "/usr/lib/pstorelab/agent $1"; }
        come_up() { # waits until a boot of the guest answers that has not done so before: one that shuts down answers for a while
          local i id
          for ((i = 0; i < 300; i++)); do
            runs || die 'QEMU has ended, waiting for the guest to come up'
            if id=$("${login[@]}" cat /proc/sys/kernel/random/boot_id 2>/dev/null) && [ "$id" != "$up" ]; then up=$id; return; fi
            sleep 1
          done
          die 'the guest never came up'
        }
        tell() { guest "$1" >/dev/null 2>&1 & }
        ask() { # VERB: its answer is left in $payload
          payload=$(set -o pipefail; guest "$1" | base64 -w 0) || die "the guest could not: $1"
        }
        """;

    private const string OwnMonitor =
        "\n  rm -f monitor.in monitor.out; mkfifo monitor.in monitor.out\n  exec 5<>monitor.in 6<>monitor.out";

    private const string TellMonitor = "\nmonitor() { printf '%s\\n' \"$1\" >&5; }";

    private static bool HasMonitor(Plan plan) =>
        plan.Steps.OfType<Crash>().Any(crash => crash.Cause == TriggerSource.Monitor);

    /// <summary>For crash kernels.</summary>
    private const string Dump = """
        dump() { # FOLDER NONCE: what the crash kernel found
          say "the crash kernel found a dump of $(<"$1/size") bytes; the log in it has the marks $(grep -ao "mark $2 [0-9]*/[0-9]*" "$1/log" | cut -d ' ' -f 3 | tr '\n' ' ')"
        }

        """;

    private static bool HasSystemd(Plan plan) => plan.Steps.OfType<PowerOn>().Any(on => on.Systemd is not null);

    private static string Prologue(Plan plan) =>
        $$"""
            #!/usr/bin/env bash
            # {{plan.Case}}: {{plan.Summary.ReplaceLineEndings(" ")}}
            # {{string.Join(
                ", ",
                plan.Kernels.Select(kernel => $"{kernel.Name} is {kernel.Release} ({kernel.Version})")
            )}}
            #
            # Written by PstoreLab from plan.json; needs only {{MachineCatalogue.Get(plan.Machine).QemuProgram}}, bash, coreutils, tar, gzip{{(
                HasSystemd(plan) ? ", qemu-img, ssh" : ""
            )}} and the files beside it.
            # Another QEMU: QEMU=/path/to/{{MachineCatalogue.Get(plan.Machine).QemuProgram}} bash repro.sh
            set -u
            here=$(cd "$(dirname "$0")" && pwd)
            : "${QEMU:={{MachineCatalogue.Get(plan.Machine).QemuProgram}}}"
            qemu=

            say() { printf '# %s\n' "$*" >&2; }
            die() { say "$* (look at $here/repro)"; exit 1; }
            trap '[ -z "$qemu" ] || kill -KILL "$qemu" 2>/dev/null' EXIT

            power_on() { # BOOT QEMU-ARGUMENT…
              boot=$1; shift
              [ -z "$qemu" ] || { kill -KILL "$qemu"; wait "$qemu"; } 2>/dev/null
              rm -f agent.in agent.out; mkfifo agent.in agent.out
              exec 3<>agent.in 4<>agent.out{{(HasMonitor(plan) ? OwnMonitor : "")}}
              "$QEMU" "$@" -chardev "file,id=console,path=console-$boot.log" {{ShellWords.Join(MachineCatalogue.Get(plan.Machine).ConsolePort("console"))}} \
                "${line[@]}"{{(
                HasMonitor(plan) ? " -chardev pipe,id=monitor,path=monitor -mon chardev=monitor" : ""
            )}} &
              qemu=$!
            }{{(HasMonitor(plan) ? TellMonitor : "")}}
            over_serial() { line=(-chardev pipe,id=agent,path=agent {{ShellWords.Join(MachineCatalogue.Get(plan.Machine).AgentPort("agent"))}}); }
            {{(HasSystemd(plan) ? OverSsh : "over_serial")}}
            runs() { kill -0 "$qemu" && [[ $(<"/proc/$qemu/stat") != *') Z '* ]]; } 2>/dev/null
            send() { printf '%s\n' "$1" >&3; }
            answer() { # ID: waits for the agent's frame; its payload is left in $payload
              local line= more magic sum id kind quiet
              for ((quiet = 0; quiet < 120; )); do
                # A pipe that this script holds open itself never ends, so that QEMU's end has to be looked for.
                if ! IFS= read -r -t 1 more <&4; then
                  line+=$more; quiet=$((quiet + 1))
                  runs || die "QEMU has ended, waiting for the guest's answer"
                  continue
                fi
                read -r magic sum id kind payload <<<"$line$more"
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
                plan.Others.Select(other => $"\ncp --sparse=always ../{other.File}.before {other.File}")
            )}}
            for file in{{string.Concat(
                plan.Files.Select(file => " " + ShellWords.Quote(file.Name))
            )}}; do ln -s "../$file" .; done

            """;
}
