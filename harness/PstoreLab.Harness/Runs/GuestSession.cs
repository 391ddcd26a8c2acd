using System.Globalization;
using System.Security.Cryptography;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Runs;

/// <summary>A guest of a case for somebody who wants to look at it from inside. Nothing is judged.</summary>
public sealed class GuestSession(Lab lab, Accelerator accelerator, TimeProvider time)
{
    /// <summary>The name of the debugger's socket in the case folder: a path may be too long for one.</summary>
    public const string DebuggerSocket = "gdb.sock";

    /// <summary>
    /// A guest that a debugger has stopped is not late: six hours, and of a systemd guest eighteen.
    /// </summary>
    private const double DebuggersPatience = 250;

    /// <summary>The plan of a case, all its boots fresh.</summary>
    public async Task<Plan> PlanAsync(Case @case, CancellationToken cancellation) =>
        Planner.Plan(
            @case,
            await lab.Images.ForAsync(@case, cancellation),
            accelerator.Name,
            () => RandomNumberGenerator.GetHexString(16, lowercase: true),
            freshBoots: true
        );

    /// <summary>A folder for it, beside the runs.</summary>
    public CaseFolder Folder(string parent, Plan plan)
    {
        string stem = time.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        string root = Path.GetFullPath(Path.Combine(parent, $"shell-{stem}-{Environment.ProcessId}"));
        return new RunFolder(root).Case(plan.Case);
    }

    /// <summary>Carries out the plan, then leaves the guest to its user.</summary>
    /// <returns>Why that did not come to a shell; null where it did.</returns>
    /// <exception cref="OperationCanceledException">The caller wanted an end; no process is left.</exception>
    public async Task<(CycleEnding Ending, string? Reason)> RunAsync(
        Plan plan,
        CaseFolder folder,
        IConsoleUser user,
        CancellationToken cancellation
    )
    {
        bool debugged = PlanExcerpt.DebuggedBoot(plan) is not null;
        await Staging.PrepareAsync(plan, folder, cancellation);
        var machine = Machines.MachineCatalogue.Get(plan.Machine);
        await using var cycle = new CrashCycle(
            lab.Runner,
            machine.Qemu,
            new StateBudget(debugged ? DebuggersPatience : accelerator.Scale),
            time,
            plan,
            folder,
            user: user
        );
        var log = await cycle.RunAsync(cancellation);
        return (log.Ending, log.Reason);
    }

    /// <summary>The store that a finished case left, as the last kernel that wrote to it did.</summary>
    /// <param name="path">A file, the folder of a case, or RUN/CASE.</param>
    /// <param name="backend">The one that is to read it.</param>
    /// <exception cref="UsageException">There is none, or it is another backend's.</exception>
    public static string StoreOf(string path, string backend)
    {
        if (File.Exists(path))
            return Path.GetFullPath(path);
        var folder = CaseAt(path);
        Plan plan;
        try
        {
            plan = PlanFile.Read(folder.Plan);
        }
        catch (EvidenceException e)
        {
            throw new UsageException($"--store {path}: {e.Message}", e);
        }

        if (plan.Backend != backend)
            throw new UsageException($"--store {path}: it is a store of {plan.Backend}, and the case has {backend}");
        string[] left =
        [
            .. plan
                .Boots.Reverse()
                .Where(boot => boot.Steps.Any(step => step is Crash or Oops or CutPower or AwaitStore))
                .Select(boot => folder.Boot(boot.Number).Store),
            folder.Store,
        ];
        return left.FirstOrDefault(File.Exists)
            ?? throw new UsageException($"--store {path}: there is no store in it, so it did not come to one");
    }

    private static CaseFolder CaseAt(string path)
    {
        string[] parts = path.TrimEnd('/').Split('/');
        string[] candidates =
        [
            path,
            .. Enumerable
                .Range(1, parts.Length - 1)
                .Select(count => $"{string.Join('/', parts[..count])}/cases/{string.Join('/', parts[count..])}"),
        ];
        return candidates.FirstOrDefault(candidate => File.Exists(Path.Combine(candidate, "plan.json"))) is { } found
            ? new CaseFolder(Path.GetFullPath(found))
            : throw new UsageException(
                $"--store {path}: expected a store, or the folder of a case, such as "
                    + "out/latest/cycle/record-whole/erst-cold-debian-6.1"
            );
    }
}
