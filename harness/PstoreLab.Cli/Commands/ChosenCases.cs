using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Commands;

/// <summary>What a command line chooses to run.</summary>
/// <param name="Lab">Where it is run.</param>
/// <param name="Cases">Each once for every repetition.</param>
/// <param name="Known">The user's own list of known bugs, which the cases have been given.</param>
internal sealed record ChosenCases(Lab Lab, IReadOnlyList<Case> Cases, Quarantine Known);
