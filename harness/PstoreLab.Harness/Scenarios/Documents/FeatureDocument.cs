using System.ComponentModel;
using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Scenarios.Documents;

internal sealed record FeatureListDocument : Document
{
    [Description("What pstore documents, in the order of the table.")]
    public required IReadOnlyList<FeatureDocument> Features { get; init; }
}

internal sealed record FeatureDocument : Document
{
    [Description("Its name, as under 'covers' in scenarios.")]
    public required Text Name { get; init; }

    [Description("What it is, in a few words.")]
    public required Text Title { get; init; }

    [Description("Where it is documented or, where nowhere, implemented.")]
    public required Text Documented { get; init; }

    [OneValueEach]
    [Description("Backends, kernels or ranges of kernels that do not have it, and why.")]
    public Table? Without { get; init; }

    [Description("Why no case shows it on the other kernels or backends, though they have it.")]
    public Text? Elsewhere { get; init; }
}
