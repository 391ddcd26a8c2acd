using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Tests;

/// <summary>A case of no scenario, and what came of it.</summary>
internal static class MadeCase
{
    public static Case Of(string id) =>
        new(
            id,
            id.Split('/')[0],
            id.Split('/')[1],
            "x",
            default,
            new Dictionary<string, string>(),
            "erst",
            null,
            new Dictionary<string, string>(),
            [],
            [],
            Quick: false
        );

    public static CaseResult Result(string id, Verdict verdict, string reason = "") =>
        new(
            id,
            verdict,
            reason,
            new Dictionary<string, string> { ["backend"] = "erst" },
            "erst",
            "tcg",
            [new PlannedKernel("debian-6.1", "6.1.176-1", "6.1.0-50-amd64")],
            [],
            DateTimeOffset.UnixEpoch,
            0,
            new Dictionary<string, double>(),
            [],
            [],
            ""
        );
}
