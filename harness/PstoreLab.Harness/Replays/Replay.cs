using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Initramfs;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Replays;

/// <summary>
/// Has a kernel read stores. Many of one division go through one guest where that can read a store again; whatever is
/// not as predicted there, and every other store, has a boot of its own, whose verdict counts.
/// </summary>
/// <param name="progress">Told of each store that goes from one way to the other.</param>
public sealed class Replay(
    IProcessRunner runner,
    ICaseImages images,
    InitramfsBuilder initramfs,
    Accelerator accelerator,
    RunFolder run,
    TimeProvider time,
    IProgress<string> progress
)
{
    /// <summary>Fewer are quicker with a boot each, which a checkpoint stands for.</summary>
    public const int Many = 4;

    private const string ShownName = "shown";

    /// <param name="stores">Cases of <see cref="ReplayCase"/>, each with its store.</param>
    /// <param name="guests">How many may run at once.</param>
    /// <param name="onResult">Called for one result at a time.</param>
    /// <returns>The cases that still need a boot of their own.</returns>
    public async Task<IReadOnlyList<Case>> ReadAsync(
        IReadOnlyList<(Case Case, ReplayedStore Store)> stores,
        int guests,
        Func<CaseResult, Task> onResult,
        CancellationToken cancellation
    )
    {
        var left = new List<Case>();
        using var one = new SemaphoreSlim(1);
        foreach (var group in stores.GroupBy(store => KeyOf(store.Case)))
        {
            (Case Case, ReplayedStore Store)[] members = [.. group];
            if (members.Length < Many || await PlanOfAsync(members[0].Case, cancellation) is not { } planned)
            {
                left.AddRange(members.Select(member => member.Case));
                continue;
            }

            if (cancellation.IsCancellationRequested)
                return [];
            int shares = Math.Clamp(members.Length / Many, 1, guests);
            await Task.WhenAll(
                Enumerable
                    .Range(0, shares)
                    .Select(share =>
                        ShareAsync(
                            [.. members.Where((_, index) => index % shares == share)],
                            planned,
                            async (@case, result) =>
                            {
                                await one.WaitAsync(CancellationToken.None);
                                try
                                {
                                    if (result is null)
                                        left.Add(@case);
                                    else
                                        await onResult(result);
                                }
                                finally
                                {
                                    one.Release();
                                }
                            },
                            cancellation
                        )
                    )
            );
        }

        return left;
    }

    // What one guest can read without being set up anew.
    private static string KeyOf(Case @case) =>
        string.Join(
            '\n',
            [
                @case.Backend,
                $"{@case.StoreSize}",
                .. @case
                    .Parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
                    .Select(parameter => $"{parameter.Key}={parameter.Value}"),
                .. @case.Steps.OfType<BootStep>().Select(boot => $"{boot.Kernel} {boot.Options.Cpus}"),
            ]
        );

    /// <summary>How the guest of a group is set up; null where it cannot read a store again.</summary>
    private async Task<(Plan Plan, Backends.Rereading How, string Program)?> PlanOfAsync(
        Case @case,
        CancellationToken cancellation
    )
    {
        try
        {
            var booted = await images.ForAsync(@case, cancellation);
            var plan = Planner.Plan(@case, booted, accelerator.Name, () => "0");
            return ReplayGuest.HowOf(plan, [.. booted.Kernels.Values.Single().Kernel.Modules.Keys]) is { } how
                ? (plan, how, await initramfs.ReplayProgramAsync(cancellation))
                : null;
        }
        catch (LabException e)
        {
            progress.Report($"each store gets a boot of its own: {e.Message}");
            return null;
        }
    }

    /// <summary>One guest's part; none of it is told of a store that was not finished.</summary>
    private async Task ShareAsync(
        IReadOnlyList<(Case Case, ReplayedStore Store)> stores,
        (Plan Plan, Backends.Rereading How, string Program) planned,
        Func<Case, CaseResult?, Task> tell,
        CancellationToken cancellation
    )
    {
        using var work = new Temporary(run.Root);
        ReplayGuest? guest = null;
        int number = 0;
        try
        {
            foreach (var (@case, store) in stores)
            {
                var started = time.GetUtcNow();
                long start = time.GetTimestamp();
                CaseResult? result = null;
                try
                {
                    guest ??= await ReplayGuest.StartAsync(
                        runner,
                        MachineCatalogue.Get(planned.Plan.Machine).Qemu,
                        new StateBudget(accelerator.Scale),
                        time,
                        planned.Plan,
                        planned.How,
                        planned.Program,
                        new CaseFolder(Path.Combine(work.Folder, $"{++number}")),
                        cancellation
                    );
                    var reading = guest.ReadAsync(store.Content, cancellation);
                    // While the guest reads.
                    var predicted = ReplayJudge.Predict(planned.Plan, guest.Image);
                    var answer = await reading;
                    var differences = ReplayJudge.Differences(planned.Plan, predicted, answer);
                    if (differences.Count == 0)
                        result = Passed(@case, planned.Plan, answer, started, time.GetElapsedTime(start));
                    else
                        Retreat(store, differences[0]);
                }
                catch (Exception e)
                    when (e is GuestFaultException or InfraException && !cancellation.IsCancellationRequested)
                {
                    Retreat(store, e.Message);
                    if (guest is not null)
                        await guest.DisposeAsync();
                    guest = null;
                }

                await tell(@case, result);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Nothing to say of what was not finished.
        }
        finally
        {
            if (guest is not null)
                await guest.DisposeAsync();
        }
    }

    private void Retreat(ReplayedStore store, string reason) =>
        progress.Report($"{store.Name} gets a boot of its own, because among others {reason}");

    private CaseResult Passed(Case @case, Plan plan, ReplayAnswer answer, DateTimeOffset started, TimeSpan took)
    {
        double seconds = Math.Round(took.TotalSeconds, 3);
        var folder = new CaseFolder(run.In(Path.Combine(ShownName, @case.Id)));
        string records = Directory.CreateDirectory(folder.Records(new InspectionNumber(1))).FullName;
        foreach (var (name, content) in answer.Files)
            File.WriteAllBytes(Path.Combine(records, Path.GetFileName(name)), content);
        return new CaseResult(
            @case.Id,
            Verdict.Passed,
            "",
            @case.Dimensions,
            @case.Backend,
            accelerator.Name,
            plan.Kernels,
            [],
            started,
            seconds,
            new Dictionary<string, double>(),
            [new Attempt(Verdict.Passed, "", seconds, run.RelativeTo(folder.Root))],
            [
                new Finding(
                    true,
                    "store",
                    $"/sys/fs/pstore is what the store holds: {PstorefsDifferences.Files(answer.Files)}",
                    @case.Source.ToString()
                ),
            ],
            run.RelativeTo(folder.Root)
        );
    }
}
