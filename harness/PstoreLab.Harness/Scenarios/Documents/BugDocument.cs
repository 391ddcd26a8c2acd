using System.ComponentModel;
using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Scenarios.Documents;

internal sealed record BugDocument : Document
{
    [Description("Its name, as under 'known'.")]
    public required Text Name { get; init; }

    [Description("What has it: ramoops, erst, efi_pstore, pstore_blk, pstore, systemd-pstore, …")]
    public required Text Component { get; init; }

    [Description("Which versions have it, and under which circumstances.")]
    public required Text Affected { get; init; }

    [Description("Why it happens, with the place in the source.")]
    public required Text Cause { get; init; }

    [Description(
        "Where it comes from, was reported or is fixed: a commit, a CVE, an issue or pull request, a file of the "
            + "source."
    )]
    public required IReadOnlyList<Text> Reference { get; init; }

    [Description("What somebody who has it does.")]
    public required Text Remedy { get; init; }

    [Description(
        "What a log, or 'pstorelab decode', says where it strikes: parts of lines, with * for what differs. 'pstorelab "
            + "diagnose' looks for them."
    )]
    public IReadOnlyList<Text> Messages { get; init; } = [];

    [Description("What is lost by it, and what is not, in a sentence without a full stop.")]
    public Text? Lost { get; init; }

    [Description("Why no case here is known to show it, where none is.")]
    public Text? NotShown { get; init; }

    public Bug Read() =>
        new(
            Name.Value,
            Component.Value,
            Affected.Value,
            Cause.Value,
            [.. Reference.Select(text => text.Value)],
            Remedy.Value,
            NotShown?.Value,
            Source
        )
        {
            Messages = [.. Messages.Select(text => new MessagePattern(text.Value))],
            Lost = Lost?.Value,
        };
}
