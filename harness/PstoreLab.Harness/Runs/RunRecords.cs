using System.Reflection;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Runs;

/// <summary>Keeps the record of a run in its folder, from its beginning on.</summary>
public static class RunRecords
{
    /// <summary>Writes the record of a run that has no verdict yet: killed, it has its cases as not run.</summary>
    /// <param name="options">See <see cref="RunRecord.Options"/>.</param>
    /// <exception cref="InfraException">It cannot be written.</exception>
    public static async Task<RunRecord> BeginAsync(
        Lab lab,
        RunFolder folder,
        IReadOnlyList<Case> cases,
        Accelerator accelerator,
        IReadOnlyList<string> options,
        CancellationToken cancellation
    )
    {
        var guests = cases.SelectMany(@case => @case.SystemdGuests).ToHashSet();
        var record = new RunRecord(
            RunRecord.CurrentFormat,
            Guid.NewGuid().ToString("n"),
            Assembly
                .GetExecutingAssembly()
                .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
                .InformationalVersion,
            TimeProvider.System.GetUtcNow(),
            await HostSurvey.MakeAsync(lab.Runner, Lab.Machine, accelerator.Name, cancellation),
            options,
            lab.Vocabulary.SystemdVersions.Where(guest => guests.Contains(guest.Key)).ToDictionary(),
            [.. cases.Select(@case => new NotRun(@case.Id, "the run was killed", @case.Kernels))]
        )
        {
            Files = cases
                .Where(@case => !lab.Paths.IsScenario(@case.Source.File))
                .DistinctBy(@case => $"{@case.Family}/{@case.Scenario}")
                .ToDictionary(@case => $"{@case.Family}/{@case.Scenario}", @case => @case.Source.File),
        };
        await WriteAsync(folder, record, cancellation);
        return record;
    }

    /// <summary>The record of a run that is over.</summary>
    /// <param name="why">Why cases did not run.</param>
    public static RunRecord End(RunRecord begun, IReadOnlyList<CaseResult> results, string why) =>
        begun with
        {
            NotRun = [.. begun.Without(results.Select(result => result.Case)).Select(one => one with { Why = why })],
        };

    /// <exception cref="InfraException">It cannot be written.</exception>
    public static async Task WriteAsync(RunFolder folder, RunRecord record, CancellationToken cancellation)
    {
        string path = folder.In(RunRecord.FileName);
        try
        {
            await EvidenceJson.WriteAsync(path, record, cancellation);
        }
        catch (IOException e)
        {
            throw new InfraException($"{path} cannot be written: {e.Message}", e);
        }
    }
}
