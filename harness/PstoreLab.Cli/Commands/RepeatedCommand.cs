using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Commands;

/// <summary>The command that runs one case of a run again, with the guests that it had.</summary>
/// <param name="guests">The options that named the guests.</param>
internal sealed class RepeatedCommand(Lab lab, IReadOnlyList<Case> cases, IReadOnlyList<string> guests)
{
    private readonly Dictionary<string, Case> _cases = cases.DistinctBy(@case => @case.Id).ToDictionary(one => one.Id);

    public string Of(CaseResult result) =>
        ShellWords.Join(["pstorelab", "run", .. Choice(_cases[result.Case]), .. guests]);

    // A case of the user's own file has no name outside it.
    private IEnumerable<string> Choice(Case @case) =>
        Path.GetFullPath(@case.Source.File).StartsWith(lab.Paths.Scenarios + "/", StringComparison.Ordinal)
            ? [@case.Cell]
            :
            [
                @case.Source.File,
                .. @case.Dimensions.SelectMany(pair => (string[])["--filter", $"{pair.Key}={pair.Value}"]),
            ];
}
