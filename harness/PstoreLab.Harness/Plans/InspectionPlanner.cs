using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans;

/// <summary>Plans what the guest that runs is held against, with each crash by its number.</summary>
/// <param name="images">By name, every kernel that may have written a record.</param>
/// <param name="backend">The one that is judged.</param>
/// <param name="before">The steps before it.</param>
internal sealed class InspectionPlanner(
    IReadOnlyDictionary<string, BootImage> images,
    IBackend backend,
    PlannedSteps before
)
{
    /// <exception cref="UnsupportedException">The kernel that was to write a record lacks the frontend for
    /// it.</exception>
    /// <exception cref="UsageException">There was no such crash.</exception>
    public Inspect Inspection(Expectation expectation, int number) =>
        new(
            number,
            before.Boots,
            Records(expectation.Records),
            expectation.Console,
            expectation.ConsoleWithout,
            expectation.Source.ToString()
        )
        {
            Archive = expectation.Archive is null
                ? null
                :
                [
                    .. expectation.Archive.Select(archived => new ExpectedArchive(
                        archived.Type,
                        archived.Reason,
                        CrashOf(archived.Crash, archived.Source),
                        archived.Form,
                        archived.Path,
                        archived.Content,
                        archived.Source.ToString()
                    )),
                ],
            Vmcore = expectation.Vmcore is { } vmcore ? new ExpectedVmcore(vmcore, before.DumpedCrash) : null,
            Journal = Records(expectation.Journal),
            Archiver = expectation.Archiver,
            Registered = expectation.Registered,
        };

    private IReadOnlyList<ExpectedRecord>? Records(IReadOnlyList<RecordExpectation>? records) =>
        records is null ? null : [.. records.Select(Record)];

    private ExpectedRecord Record(RecordExpectation record)
    {
        int crash = CrashOf(record.Crash, record.Source);
        KernelNeeds.RequireToWrite(images[before.WriterOf(crash)], backend, record.Type);
        return new ExpectedRecord(
            record.Type,
            record.Reason,
            crash,
            record.Name,
            record.Content,
            record.Ecc,
            record.Source.ToString()
        )
        {
            Holds = record.Holds,
            Parts = record.Parts,
        };
    }

    private int CrashOf(int? given, SourceLocation source) =>
        (given ?? before.Crashes) is var crash && crash >= 1 && crash <= before.Crashes
            ? crash
            : throw new UsageException($"{source}: crash {crash} does not exist here; {before.Crashes} came before");
}
