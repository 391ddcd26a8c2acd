using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans;

/// <summary>Plans what the guest that runs is checked against, with each crash by its number.</summary>
/// <param name="images">By name, every kernel that may have written a record.</param>
/// <param name="backend">The one under test.</param>
/// <param name="before">The boots before it.</param>
internal sealed class InspectionPlanner(
    IReadOnlyDictionary<string, BootImage> images,
    IBackend backend,
    PlannedBoots before
)
{
    /// <inheritdoc cref="Resolve"/>
    public Inspect Inspection(Expectation expectation) =>
        new(new InspectionNumber(before.NumberOfNext<Inspect>()), Resolve(expectation));

    /// <summary>The expectation with the number of each crash that it speaks of.</summary>
    /// <exception cref="UnsupportedException">The kernel that was to write a record lacks the frontend for
    /// it.</exception>
    /// <exception cref="UsageException">There was no such crash.</exception>
    public Expectation Resolve(Expectation expectation) =>
        expectation with
        {
            Records = Records(expectation.Records),
            Journal = Records(expectation.Journal),
            Archive = expectation.Archive is null ? null : [.. expectation.Archive.Select(Archived)],
            Vmcore = expectation.Vmcore is null ? null : expectation.Vmcore with { Crash = before.DumpedCrash },
        };

    private ExpectedArchive Archived(ExpectedArchive archived) =>
        archived with
        {
            Crash = CrashOf(archived.Crash, archived.Source),
        };

    private IReadOnlyList<ExpectedRecord>? Records(IReadOnlyList<ExpectedRecord>? records) =>
        records is null ? null : [.. records.Select(Record)];

    private ExpectedRecord Record(ExpectedRecord record)
    {
        var crash = CrashOf(record.Crash, record.Source);
        KernelNeeds.RequireToWrite(images[before.WriterOf(crash)], backend, record.Type);
        return record with { Crash = crash };
    }

    private CrashNumber CrashOf(CrashNumber given, SourceLocation source) =>
        (given == CrashNumber.Last ? before.Crashes : given.Value) is var crash && crash >= 1 && crash <= before.Crashes
            ? new CrashNumber(crash)
            : throw new UsageException($"{source}: crash {crash} does not exist here; {before.Crashes} came before");
}
