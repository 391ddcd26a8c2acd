using System.ComponentModel;
using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Scenarios.Documents;

[Description(
    "A scenario: what is done to a guest and its store, and what must be there afterwards; ${dimension} "
        + "may stand in any value."
)]
internal sealed record ScenarioDocument : Document
{
    [Description("The name of the file without .yaml.")]
    public required Text Scenario { get; init; }

    [Description("One sentence that says what holds when the scenario passes.")]
    public required Text Summary { get; init; }

    [Description("The documented features that it shows, by their names in features.yaml.")]
    public IReadOnlyList<Text> Covers { get; init; } = [];

    [Description(
        "Dimension names to their values, one or a list; the product of all are the cells, each a case. A dimension "
            + "'machine' names machines; what has none runs on a pc."
    )]
    public Table? Matrix { get; init; }

    [Description("Cells to leave out: those that match all values of an entry.")]
    public IReadOnlyList<Table> Exclude { get; init; } = [];

    [OrNone]
    [Description(
        "The cells of the quick set: a value, list, glob or version range for each dimension named; 'none' "
            + "for no cell; the first cell without it."
    )]
    public IReadOnlyList<Table>? Quick { get; init; }

    [Description("The pstore backend; not needed when the matrix has a dimension 'backend'.")]
    public Template<Text>? Backend { get; init; }

    [Description(
        "All backends that the machine has, 'backend' among them, in the order in which their modules are "
            + "loaded; only 'backend' without it."
    )]
    public Template<IReadOnlyList<Text>>? Present { get; init; }

    [Description("Size of the backend's store in bytes, or with the suffix K or M.")]
    public Template<ByteSize>? Store { get; init; }

    [OneValueEach, MayBeEmpty]
    [Description(
        "Kernel and module parameters of every boot, such as ramoops.ecc: 1; no value makes a bare word of "
            + "the command line."
    )]
    public Template<Table>? Parameters { get; init; }

    [Description("What is done, in order; the first is boot. Without it, the file only describes bugs.")]
    public Template<IReadOnlyList<StepDocument>>? Steps { get; init; }

    [Description("What must hold at the end: short for a last expect step.")]
    public Template<ExpectationDocument>? Expect { get; init; }

    [Description("Catalogued bugs and how the case fails where they are.")]
    public Template<IReadOnlyList<KnownBugDocument>>? Known { get; init; }

    [Description(
        "The entries of the bug catalogue that this file holds: what the names under 'known', here and in "
            + "other files, mean."
    )]
    public IReadOnlyList<BugDocument> Bugs { get; init; } = [];
}
