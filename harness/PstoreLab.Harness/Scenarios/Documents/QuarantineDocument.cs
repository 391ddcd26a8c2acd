using System.ComponentModel;
using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Scenarios.Documents;

internal sealed record QuarantineDocument : Document
{
    [Description("The bugs of one's own that are known, each with what it excuses.")]
    public required IReadOnlyList<QuarantineEntryDocument> Known { get; init; }
}

[ExactlyOneOf("findings", "instead")]
internal sealed record QuarantineEntryDocument : Document
{
    [Description("What to call it: letters, digits, '-', '_' and '.'.")]
    public required Text Bug { get; init; }

    [Description("The cases that have it: families, scenarios, cases, or patterns such as cycle/*/erst-*.")]
    public required IReadOnlyList<Text> Cases { get; init; }

    [Description("Of these cases those with such values: a value, list, glob or version range for each dimension.")]
    public Table? When { get; init; }

    [Description("Where it is followed: a URL, or the name of a ticket.")]
    public required Text Ticket { get; init; }

    [Description("The last day on which it excuses anything, as in 2027-03-31.")]
    public required Text Until { get; init; }

    [Description("What it is, in a sentence.")]
    public Text? Cause { get; init; }

    [Description("The texts of findings that may not hold, each whole, with * for what differs; all others must hold.")]
    public IReadOnlyList<Text> Findings { get; init; } = [];

    [Description("What is there instead of what the scenario expects at its end, as under 'known' of a scenario.")]
    public Template<ExpectationDocument>? Instead { get; init; }
}
