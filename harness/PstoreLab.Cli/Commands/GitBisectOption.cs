using System.CommandLine;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>run --git-bisect</c>: ends as <c>git bisect run</c> understands it (git-bisect(1)). 0 and 1 are verdicts on the
/// kernel; with 125 git tries another commit. Anything else would be a bad commit, or the end of the search.
/// </summary>
internal static class GitBisectOption
{
    public const int Skip = 125;

    private const string Name = "--git-bisect";

    public static readonly Option<bool> Option = new(Name)
    {
        Description =
            "For `git bisect run`: ends with 0 when all passed, 1 when a case failed, and 125 for anything else, so "
            + "that git skips the commit.",
    };

    /// <summary>What the program ends with.</summary>
    /// <param name="args">The command line, which may be one that cannot be meant.</param>
    /// <param name="code">What it would end with.</param>
    public static int Of(IReadOnlyList<string> args, int code) =>
        !args.TakeWhile(word => word != "--")
            .Any(word => word == Name || word.StartsWith(Name + "=", StringComparison.Ordinal))
        || code is ExitCode.Passed or ExitCode.Failed
            ? code
            : Skip;
}
