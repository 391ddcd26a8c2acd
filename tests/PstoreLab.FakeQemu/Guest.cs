using System.IO.Enumeration;
using System.Text;

namespace PstoreLab.FakeQemu;

/// <summary>One boot of the guest, from its kernel's first line to its reset.</summary>
internal sealed class Guest(FakeBoot boot, Arguments arguments, Stream console, AgentPort agent)
{
    // What a restored guest had to say before, it has said.
    private readonly KernelLog _log = new(arguments.IsIncoming ? new MemoryStream() : console);
    private IReadOnlyDictionary<string, byte[]> _shown = new Dictionary<string, byte[]>();
    private bool _struck;
    private bool _crashKernel;
    private string _nonce = "";
    private int _dumps;

    /// <summary>Ends when the guest resets; with false when nobody talks to it any more.</summary>
    public async Task<bool> RunAsync()
    {
        if (boot.Fault == FakeFault.PrintsNothing)
            await Never();
        _log.Say($"Linux version {boot.Release} (debian-kernel@lists.debian.org) #1 SMP PREEMPT_DYNAMIC");
        _log.Say($"Command line: {arguments.CommandLine}");
        _log.Say("BIOS-provided physical RAM map:");
        _log.Say("Freeing unused kernel image (initmem) memory: 2796K");
        if (boot.Fault == FakeFault.HangsInBoot)
            await Never();
        _log.Say("Run /init as init process");
        if (arguments.IsIncoming)
            _log.Goes(console);
        else
            agent.SendWord(0, "ready", boot.Release);
        while (await agent.NextAsync() is { } request)
        {
            var (id, words) = request;
            var struck = words[0] == boot.At && !_struck ? await StrikeAsync(id) : null;
            if (struck == true || words[0] == "reboot")
                return true;
            if (words is ["sysrq", "c"])
                return await CrashAsync() && (!_crashKernel || await TakeOverAsync());
            if (struck is null)
                Answer(id, words);
        }

        return false;
    }

    /// <summary>
    /// What is wrong with this boot comes to pass, once; true when it ends in a reset, null when nothing is wrong at
    /// this place.
    /// </summary>
    private async Task<bool?> StrikeAsync(int id)
    {
        _struck = true;
        switch (boot.Fault)
        {
            case FakeFault.Dies:
                Program.KillSelf();
                return false;
            case FakeFault.Floods:
                // As slow as a serial line, or nearly so: what nobody stops would fill a disk.
                for (; ; await Task.Delay(10))
                    Flood(megabytes: 1);
            case FakeFault.FloodsAndAnswers:
                Flood(megabytes: 33);
                return null;
            case FakeFault.AnswersWithoutEnd:
                agent.SendWithoutEnd(megabytes: 65);
                return false;
            case FakeFault.Oopses:
                _log.Say("BUG: unable to handle page fault for address: ffffffffc0000000");
                _log.Say("#PF: supervisor read access in kernel mode");
                _log.Say("Kernel panic - not syncing: Fatal exception");
                return true;
            case FakeFault.OopsesInPstore:
                _log.Say("BUG: KASAN: slab-out-of-bounds in ramoops_pstore_read+0x1a/0x200 [ramoops]");
                _log.Say("Kernel panic - not syncing: Fatal exception");
                return true;
            case FakeFault.ResetsByItself:
                return true;
            case FakeFault.GarblesTheAnswer:
                agent.SendGarbled(id, "ok", []);
                return false;
            case FakeFault.MishearsTheRequest:
                agent.Send(0, "garbled", []);
                return false;
            case FakeFault.Refuses:
                agent.Send(
                    id,
                    "failed",
                    "mount: mounting pstore on /sys/fs/pstore failed: No such device\n"u8.ToArray()
                );
                return false;
            case FakeFault.FallsSilent:
                await Never();
                return false;
            default:
                return null;
        }
    }

    private void Flood(int megabytes)
    {
        var line = Encoding.ASCII.GetBytes(new string('x', 1023) + "\n");
        for (var i = 0; i < megabytes << 10; i++)
            console.Write(line);
        console.Flush();
    }

    private void Answer(int id, string[] words)
    {
        switch (words)
        {
            case ["mark", var nonce, var count]:
                _nonce = nonce;
                for (var i = 1; i <= int.Parse(count); i++)
                    _log.Say($"pstorelab: mark {nonce} {i}/{count}");
                agent.Send(id, "ok", []);
                break;
            case ["records"]:
                agent.Send(id, "ok", SysfsArchive.Of(_shown));
                break;
            case ["erase", var glob]:
                string[] erased =
                [
                    .. _shown.Keys.Where(name => FileSystemName.MatchesSimpleExpression(glob, name, ignoreCase: false)),
                ];
                RecordStore.Erase(erased);
                _shown = _shown.Where(file => !erased.Contains(file.Key)).ToDictionary();
                agent.Send(id, "ok", []);
                break;
            case ["oops"]:
                Oops();
                agent.Send(id, "ok", []);
                break;
            case ["up" or "mount", ..]:
                // A kernel reads its backend when the file system is mounted, and shows that until it is mounted anew.
                _shown = RecordStore.Listing(
                    Version.Parse(boot.Release[..boot.Release.IndexOf('.', boot.Release.IndexOf('.') + 1)])
                );
                agent.SendWord(id, "ok", "fake");
                break;
            case ["load-crash-kernel"]:
                _crashKernel = true;
                agent.Send(id, "ok", []);
                break;
            case ["awake", ..] when arguments.IsIncoming:
            case ["load", ..]:
                agent.Send(id, "ok", []);
                break;
            default:
                agent.Send(id, "failed", Encoding.Latin1.GetBytes($"no such verb: {words[0]}\n"));
                break;
        }
    }

    private async Task<bool> CrashAsync()
    {
        if (boot.Fault == FakeFault.IgnoresTheCrash)
            await Never();
        _log.Say("sysrq: Trigger a crash");
        _log.Say("Kernel panic - not syncing: sysrq triggered crash");
        _log.Say("Call Trace:");
        _log.Say(" sysrq_handle_crash+0x16/0x20");
        _log.Say("Kernel Offset: disabled");
        var lines = boot.Fault == FakeFault.LosesTheNewestLine ? _log.Lines.SkipLast(1) : _log.Lines;
        // Without crash_kexec_post_notifiers a capture kernel comes first.
        if (boot.Fault != FakeFault.LosesTheRecord && !_crashKernel)
            Dump("Panic", lines);
        if (boot.Fault == FakeFault.HangsInPanic)
        {
            _log.Say("---[ end Kernel panic - not syncing: sysrq triggered crash ]---");
            await Never();
        }

        if (boot.Fault == FakeFault.LeavesALineOpen)
            _log.Say("Rebooting in 1 seconds..", ends: false);
        return true;
    }

    /// <summary>
    /// Continues as the capture kernel (crash kernel), until that resets; false when nobody talks to it any more.
    /// </summary>
    private async Task<bool> TakeOverAsync()
    {
        if (boot.Fault == FakeFault.LosesTheCaptureKernel)
            return true;
        var log = new KernelLog(console);
        log.Say($"Linux version {boot.Release} (debian-kernel@lists.debian.org) #1 SMP PREEMPT_DYNAMIC");
        log.Say("Command line: elfcorehdr=0x15000000 console=ttyS0 nr_cpus=1 reset_devices");
        log.Say("Kernel panic - not syncing: of which it tells only");
        agent.SendWord(0, "ready", boot.Release);
        while (await agent.NextAsync() is { } request)
        {
            var (id, words) = request;
            if (words[0] == "reboot" || boot.Fault == FakeFault.LosesTheDump)
                return true;
            agent.Send(id, "ok", words[0] == "vmcore" ? SysfsArchive.Of(Vmcore()) : []);
        }

        return false;
    }

    private Dictionary<string, byte[]> Vmcore()
    {
        var nonce = boot.Fault == FakeFault.DumpsAnotherCrash ? new string('0', _nonce.Length) : _nonce;
        byte[] head =
        [
            0x7f,
            .. "ELF"u8,
            2,
            1,
            1,
            .. new byte[9],
            4,
            0,
            .. Encoding.Latin1.GetBytes($"\0OSRELEASE={boot.Release}\n"),
        ];
        return new()
        {
            ["size"] = "1000\n"u8.ToArray(),
            ["head"] = head,
            ["log"] = Encoding.Latin1.GetBytes(string.Join('\0', _log.Lines).Replace(_nonce, nonce)),
        };
    }

    // As oops_end() of arch/x86/kernel/dumpstack.c: the record is written right behind the end of the trace, a summary
    // follows.
    private void Oops()
    {
        _log.Say("invalid opcode: 0000 [#1] PREEMPT SMP PTI");
        _log.Say($"CPU: 0 PID: 77 Comm: insmod Tainted: G           OE      {boot.Release}");
        _log.Say("RIP: 0010:init_module+0x4/0x1000 [pstorelab_oops]");
        _log.Say("Call Trace:");
        if (boot.Fault == FakeFault.NeverEndsTheOops)
            return;
        _log.Say("---[ end trace 0000000000000000 ]---");
        if (boot.Fault != FakeFault.LosesTheOops)
            Dump("Oops", _log.Lines);
        _log.Say("RIP: 0010:init_module+0x4/0x1000 [pstorelab_oops]");
    }

    private void Dump(string reason, IEnumerable<string> lines) =>
        RecordStore.Add(
            Encoding.Latin1.GetBytes(
                $"{reason}#{++_dumps} Part1\n" + string.Concat(lines.Select(line => $"<6>{line}\n"))
            )
        );

    private static Task Never() => Task.Delay(Timeout.Infinite);
}
