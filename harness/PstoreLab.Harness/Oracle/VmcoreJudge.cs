using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// Checks what a capture kernel (crash kernel) found in <c>/proc/vmcore</c> against the crash it was loaded for.
/// </summary>
internal sealed class VmcoreJudge(AttemptEvidence evidence)
{
    private const string Layer = "vmcore";

    public Finding Judge(ExpectedVmcore expected, string source)
    {
        var crash = evidence.Crashes[expected.Crash];
        var vmcore = VmcoreSnapshot.Read(evidence.Folder.Boot(crash.Boot).Vmcore);
        return expected.Outcome == VmcoreOutcome.Dumped
            ? Dumped(vmcore, expected.Crash, source)
            : NotDumped(vmcore, expected.Crash, source);
    }

    private Finding Dumped(VmcoreSnapshot? vmcore, CrashNumber number, string source)
    {
        if (vmcore is null)
            return new Finding(
                false,
                Layer,
                $"no capture kernel reported a dump of crash {number}: {WhatCameUp(evidence.Crashes[number])}",
                source
            );
        string[] faults = [.. Faults(vmcore, evidence.Crashes[number])];
        return faults.Length == 0
            ? new Finding(
                true,
                Layer,
                $"the capture kernel found crash {number}: {Described(vmcore)}, all its "
                    + $"{evidence.Crashes[number].Markers} marker lines in the kernel log",
                source
            )
            : new Finding(
                false,
                Layer,
                $"the capture kernel's dump after crash {number}, {Described(vmcore)}: {string.Join("; ", faults)}",
                source
            );
    }

    private IEnumerable<string> Faults(VmcoreSnapshot vmcore, ArmedCrash crash)
    {
        if (!vmcore.IsCore)
            yield return "it is no ELF core file";
        if (evidence.ReleaseOf(crash.Boot) is { } release && vmcore.Release != release)
            yield return $"it is not of {release}, which died";
        string log = RecordText.FromBytes(vmcore.Log);
        int[] missing =
        [
            .. Enumerable
                .Range(1, crash.Markers)
                .Where(index =>
                    !log.Contains(new Marker(crash.Nonce, index, crash.Markers).Text, StringComparison.Ordinal)
                ),
        ];
        if (missing.Length > 0)
            yield return $"its kernel log lacks {missing.Length} of {crash.Markers} marker lines with the nonce "
                + $"{crash.Nonce}, the first of them {missing[0]}";
    }

    // Nothing was looked at either where a capture kernel stayed away and where one booted and died: which of them it
    // was makes the difference.
    private Finding NotDumped(VmcoreSnapshot? vmcore, CrashNumber number, string source)
    {
        var crash = evidence.Crashes[number];
        if (vmcore is not null)
            return new Finding(
                false,
                Layer,
                $"a capture kernel found a dump of crash {number} that nobody expected: {Described(vmcore)}",
                source
            );
        return new Finding(
            CameUp(crash) == crash.BootsCaptureKernel,
            Layer,
            $"no dump of crash {number}: {WhatCameUp(crash)}",
            source
        );
    }

    private bool CameUp(ArmedCrash crash) => EvidenceReader.IsKept(evidence.Folder.Boot(crash.Boot).CrashConsole);

    private string WhatCameUp(ArmedCrash crash) =>
        (crash.BootsCaptureKernel, CameUp(crash)) switch
        {
            (true, _) => "the capture kernel booted, and did not look at it",
            (false, true) => "a capture kernel booted that was never loaded",
            _ => "no capture kernel was loaded, and none booted",
        };

    private static string Described(VmcoreSnapshot vmcore) =>
        $"{vmcore.Size} bytes of memory of {RecordText.ForDisplay(vmcore.Release ?? "an unknown kernel")}";
}
