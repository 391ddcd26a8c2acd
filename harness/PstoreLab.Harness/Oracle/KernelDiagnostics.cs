using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// Judges what the kernels of a case reported of themselves. A report with a function of pstore or a backend fails the
/// case, also where the kernel was asked to die; one from elsewhere is a remark, unless it is an oops that nobody asked
/// for.
/// </summary>
internal static class KernelDiagnostics
{
    private const string Layer = "console";

    /// <param name="boots">The boots that count.</param>
    /// <param name="inspections">What is expected of them.</param>
    public static IEnumerable<Finding> Findings(
        AttemptEvidence evidence,
        IReadOnlyList<PlannedBoot> boots,
        IReadOnlyCollection<Inspection> inspections
    )
    {
        string[] named =
        [
            .. inspections.SelectMany(inspection => inspection.Expected.Console.Concat(inspection.Expected.Reports)),
        ];
        return
        [
            .. boots.SelectMany(boot => Findings(evidence, boot, named)),
            .. inspections.SelectMany(inspection =>
                inspection
                    .Expected.Reports.Where(text => !boots.Any(boot => IsReported(text, boot, evidence)))
                    .Select(text => new Finding(false, Layer, $"no kernel reported \"{text}\"", inspection.Source))
            ),
        ];
    }

    private static bool IsReported(string text, PlannedBoot boot, AttemptEvidence evidence) =>
        KernelDiagnostic
            .In([.. ConsoleEntry.ParseAll(evidence.ConsoleOf(boot.Number).Text)], ArchitectureOf(evidence))
            .Any(report => report.IsInPstore && report.Says(text));

    private static IArchitecture ArchitectureOf(AttemptEvidence evidence) =>
        MachineCatalogue.Get(evidence.Plan.Machine).Architecture;

    private static IEnumerable<Finding> Findings(
        AttemptEvidence evidence,
        PlannedBoot boot,
        IReadOnlyCollection<string> named
    )
    {
        var architecture = ArchitectureOf(evidence);
        ConsoleEntry[] console = [.. ConsoleEntry.ParseAll(evidence.ConsoleOf(boot.Number).Text)];
        (int From, int To)[] crashes = [.. Crashes(boot, console)];
        return
        [
            .. KernelDiagnostic
                .In(console, architecture)
                .SelectMany(report =>
                    Finding(
                        report,
                        $"boot {boot.Number}",
                        crashes.Any(crash => report.At >= crash.From && report.At <= crash.To),
                        named
                    )
                ),
            .. evidence.ConsoleOfCaptureKernel(boot.Number) is { } capture
                ? KernelDiagnostic
                    .In([.. ConsoleEntry.ParseAll(capture.Text)], architecture)
                    .SelectMany(report =>
                        Finding(report, $"the capture kernel of boot {boot.Number}", isAskedFor: true, named)
                    )
                : [],
        ];
    }

    private static IEnumerable<Finding> Finding(
        KernelDiagnostic report,
        string where,
        bool isAskedFor,
        IReadOnlyCollection<string> named
    )
    {
        string said = $"{where} reported \"{report.Headline}\"";
        bool isNamed = named.Any(report.Says);
        if (report.IsInPstore)
            yield return new Finding(
                isNamed,
                Layer,
                isNamed ? $"{said}, as expected" : $"{said}, with a function of pstore or a backend in it",
                ""
            );
        else if (!isAskedFor && report.IsFatal)
            yield return new Finding(isNamed, Layer, $"{said}, which no step asked for", "") { IsOurs = true };
        else if (!isAskedFor)
            yield return new Finding(true, Layer, $"remark: {said}, not in pstore", "");
    }

    /// <summary>Where, among the lines of the console, the kernel does what it was asked to die of.</summary>
    private static IEnumerable<(int From, int To)> Crashes(PlannedBoot boot, ConsoleEntry[] console)
    {
        foreach (var mark in boot.Steps.OfType<Mark>())
        {
            int from = Array.FindIndex(console, entry => Marker.Parse(entry.Line.Text)?.Nonce == mark.Nonce);
            // Those of a capture kernel are on its own console; any other crash must show where it begins.
            if (from < 0)
                continue;
            int[] ends = boot.Steps.OfType<Oops>().SingleOrDefault(oops => oops.Number == mark.Number) is { } survived
                ?
                [
                    .. Enumerable
                        .Range(from, console.Length - from)
                        .Where(i => console[i].Line.Text.StartsWith(ArmedCrash.EndOfOops, StringComparison.Ordinal))
                        .Skip(survived.Times - 1)
                        .Take(1),
                ]
                : [];
            yield return (from, ends is [var end] ? end : console.Length);
        }
    }
}
