using System.Globalization;
using PstoreLab.Harness.Scenarios.Documents;
using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Scenarios;

/// <summary>A bug of the user's own that is known, and what it excuses.</summary>
public sealed class QuarantineEntry
{
    private readonly QuarantineEntryDocument _document;
    private readonly DimensionMatch? _when;

    internal QuarantineEntry(QuarantineEntryDocument document, DateOnly until, DimensionMatch? when)
    {
        _document = document;
        _when = when;
        Until = until;
    }

    /// <summary>What the user calls it.</summary>
    public string Bug => _document.Bug.Value;

    /// <summary>Where the user follows it.</summary>
    public string Ticket => _document.Ticket.Value;

    /// <summary>The last day on which it excuses anything.</summary>
    public DateOnly Until { get; }

    /// <summary>Where it stands.</summary>
    public SourceLocation Source => _document.Source;

    /// <summary>Whether it excuses nothing any more.</summary>
    public bool IsExpired(DateOnly today) => today > Until;

    /// <summary>Whether it speaks of a case.</summary>
    public bool Names(Case @case) =>
        _document.Cases.Any(pattern => CasePattern.Matches(pattern.Value, @case.Id))
        && (_when is null || _when.Matches(@case));

    /// <summary>The case with the bug known.</summary>
    /// <exception cref="Faults.UsageException">The case cannot show what is to be there instead.</exception>
    internal Case Excuse(Case @case)
    {
        if (_document.Instead is null)
            return @case with
            {
                Tolerated =
                [
                    .. @case.Tolerated,
                    new ToleratedFailure(
                        Bug,
                        [.. _document.Findings.Select(text => text.Value)],
                        Ticket,
                        Source.ToString()
                    ),
                ],
            };
        var instead = StepReader.Read(_document.Instead.For(CellOf(@case)));
        StepOrder.CheckInstead(instead, @case.Steps);
        return @case with
        {
            Known = [.. @case.Known, new KnownBug(Bug, new Dictionary<string, string>(), instead) { Ticket = Ticket }],
        };
    }

    /// <summary>As the bug catalogue has it.</summary>
    internal Bug AsBug() =>
        new(
            Bug,
            "your own",
            string.Join(
                ", ",
                _document
                    .Cases.Select(pattern => pattern.Value)
                    .Concat(_when?.Conditions.Select(one => $"{one.Name} {one.Match.Text}") ?? [])
            ),
            _document.Cause?.Value ?? $"See {Ticket}.",
            [Ticket],
            $"Known until {Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.",
            "It is excused and not looked for.",
            Source
        );

    private static Cell CellOf(Case @case) =>
        new(
            new OrderedDictionary<string, Text>(
                @case.Dimensions.Select(pair =>
                    KeyValuePair.Create(
                        pair.Key,
                        new Text(pair.Value, new YamlScalar(@case.Source, pair.Value, Quoted: true, OneLine: true))
                    )
                )
            )
        );
}
