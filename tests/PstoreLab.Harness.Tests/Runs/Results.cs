using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Reports;

namespace PstoreLab.Harness.Tests.Runs;

/// <summary>Results as a run has them.</summary>
internal static class Results
{
    public const string Hostile =
        "it said \"<b>&amp;\u001b[31m\0\u0007]]>\r\nok 1 - all is well\u2028\u00e9\ud83d\ude00' # SKIP";

    public static CaseResult Of(string @case, Verdict verdict, string reason = "", double seconds = 1.5) =>
        new(
            @case,
            verdict,
            reason,
            new Dictionary<string, string> { ["backend"] = "erst" },
            "erst",
            "tcg",
            verdict == Verdict.Unsupported ? [] : [new PlannedKernel("debian-6.1", "6.1.176-1", "6.1.0-50-amd64")],
            ["5cc5902997e28ab6"],
            new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero),
            seconds,
            new Dictionary<string, double> { ["Booting"] = 0.75 },
            verdict == Verdict.Unsupported ? [] : [new Attempt(verdict, reason, seconds, $"cases/{@case}")],
            verdict is Verdict.Passed or Verdict.Failed
                ?
                [
                    new Finding(
                        verdict == Verdict.Passed,
                        "pstorefs",
                        reason.Length == 0 ? "whole" : reason,
                        "cycle.yaml:17:12"
                    ),
                ]
                : [],
            $"cases/{@case}"
        );

    /// <summary>One of each verdict, and one that needed two attempts.</summary>
    public static IReadOnlyList<CaseResult> OfEachKind { get; } =
    [
        Of("cycle/record-whole/erst-cold", Verdict.Passed),
        Of("cycle/record-whole/erst-warm", Verdict.Passed) with
        {
            Attempts =
            [
                new Attempt(Verdict.Infra, "QEMU ended", 2, "cases/cycle/record-whole/erst-warm.attempt-1"),
                new Attempt(Verdict.Passed, "", 1.5, "cases/cycle/record-whole/erst-warm"),
            ],
        },
        Of("cycle/record-whole/efi-cold", Verdict.Failed, "no record"),
        Of("bugs/lz4/old", Verdict.Known, "zlib-only-since-6.6"),
        Of("bugs/lz4/new", Verdict.Unsupported, "was built without CONFIG_PSTORE_RAM"),
        Of("bugs/lz4/other", Verdict.Infra, "Booting (boot 1): QEMU ended"),
        Of("bugs/plain", Verdict.Error, "a.yaml:1:2: there is no such backend"),
    ];

    /// <summary>A run of these results.</summary>
    public static FinishedRun Run(IReadOnlyList<CaseResult> results, params NotRun[] notRun) =>
        new(
            results,
            new RunRecord(
                RunRecord.CurrentFormat,
                "0123456789abcdef0123456789abcdef",
                "0.1.0",
                new DateTimeOffset(2026, 7, 1, 11, 59, 0, TimeSpan.Zero),
                new HostRecord("Debian GNU/Linux 13", "6.12.0", "x64", 2, "10.0.7", "tcg"),
                ["--kernel", "mine=our kernel"],
                new Dictionary<string, string> { ["bookworm"] = "252" },
                notRun
            )
        );

    /// <summary>Cases that a time limit has kept from running.</summary>
    public static NotRun[] LeftOver { get; } =
    [
        new("cycle/record-whole/ramoops-cold", "the time limit of 00:20:00 was reached", ["debian-6.1"]),
        new("archive/never/begun", "the time limit of 00:20:00 was reached", ["debian-6.1", "debian-7.2"]),
    ];

    public static IReadOnlyList<CaseResult> OfHostileGuests { get; } =
    [
        Of("cycle/hostile/failed", Verdict.Failed, Hostile),
        Of("cycle/hostile/infra", Verdict.Infra, Hostile),
        Of("cycle/hostile/known", Verdict.Known, Hostile),
        Of("cycle/hostile/unsupported", Verdict.Unsupported, Hostile),
    ];
}
