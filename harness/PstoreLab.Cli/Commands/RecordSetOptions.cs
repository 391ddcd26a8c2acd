using System.CommandLine;
using PstoreLab.Harness.Archiving;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Cli.Commands;

/// <summary>Which record sets <c>archive-check</c> has archived: made ones, or the user's own.</summary>
internal sealed class RecordSetOptions
{
    private readonly Option<int> _sets = new("--sets")
    {
        Description =
            $"How many record sets; from {ReleaseTally.Telling} on, a known bug that does not show counts as fixed.",
        DefaultValueFactory = _ => 500,
        HelpName = "N",
    };
    private readonly Option<int> _seed = new("--seed")
    {
        Description = "Other sets for another seed; the same for the same.",
        DefaultValueFactory = _ => 1,
        HelpName = "S",
    };
    private readonly Option<int?> _only = new("--set") { Description = "Only the set of this number.", HelpName = "N" };
    private readonly Option<string?> _from = new("--sets-from")
    {
        Description = "Your own sets in place of made ones: a folder of folders, as `record-set` writes them.",
        HelpName = "DIR",
    };

    public RecordSetOptions(Command command)
    {
        command.Options.Add(_sets);
        command.Options.Add(_seed);
        command.Options.Add(_only);
        command.Options.Add(_from);
    }

    /// <summary>The seed of made sets; null for the user's own.</summary>
    public int? Seed(ParseResult parsed) => parsed.GetValue(_from) is null ? parsed.GetValue(_seed) : null;

    /// <summary>With so many sets each bug of the catalogue shows itself; the user's own show what they show.</summary>
    public int Telling(ParseResult parsed) => Seed(parsed) is null ? int.MaxValue : ReleaseTally.Telling;

    /// <summary>What the sets are, in words.</summary>
    public string Describe(ParseResult parsed) =>
        Seed(parsed) is { } seed ? $"seed {seed}" : $"record sets of {parsed.GetValue(_from)}";

    /// <exception cref="UsageException">There are no such sets.</exception>
    public IReadOnlyList<RecordSet> Read(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(_sets) < 1 || parsed.GetValue(_only) < 0)
            throw new UsageException("--sets and --set: expected a number, 1 or more sets, and a set from 0");
        if (parsed.GetValue(_from) is { } folder)
            return Own(folder, parsed.GetValue(_only));
        var generator = new RecordSetGenerator(parsed.GetValue(_seed));
        var numbers = parsed.GetValue(_only) is { } only
            ? Enumerable.Range(only, 1)
            : Enumerable.Range(0, parsed.GetValue(_sets));
        return [.. numbers.AsParallel().AsOrdered().WithCancellation(cancellation).Select(generator.Make)];
    }

    private static IReadOnlyList<RecordSet> Own(string folder, int? only)
    {
        var sets = OwnRecordSets.Read(folder);
        return only is not { } number ? sets
            : number < sets.Count ? [sets[number]]
            : throw new UsageException($"--set {number}: {folder} has {sets.Count} sets, from 0");
    }
}
