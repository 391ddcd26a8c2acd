using Polly;
using Polly.Timeout;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Records;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// Waits in one state of the cycle: for what is wanted, for as long as the state may last, or for the reason why that
/// will not come.
/// </summary>
internal sealed class StateWait(TimeSpan limit, TimeProvider time)
{
    // A guest in a loop has lines of any length.
    private const int LongestLine = 200;

    /// <summary>How long a kernel may take to print its report to the end.</summary>
    private static readonly TimeSpan LongestReport = TimeSpan.FromSeconds(5);

    /// <summary>Waits for the guest, at most as long as the state may last.</summary>
    /// <exception cref="GuestFaultException">It lasted longer.</exception>
    public async Task<T> WithinAsync<T>(
        string what,
        Func<CancellationToken, Task<T>> operation,
        CancellationToken cancellation
    )
    {
        try
        {
            return await LimitedAsync(operation, cancellation);
        }
        catch (TimeoutRejectedException e)
        {
            throw new GuestFaultException(GuestFaultKind.Hang, Waited(what), inner: e);
        }
    }

    /// <summary>Waits for QEMU or the host, at most as long as the state may last.</summary>
    /// <exception cref="InfraException">It lasted longer.</exception>
    public async Task<T> ForHostAsync<T>(
        string what,
        Func<CancellationToken, Task<T>> operation,
        CancellationToken cancellation
    )
    {
        try
        {
            return await LimitedAsync(operation, cancellation);
        }
        catch (TimeoutRejectedException e)
        {
            throw new InfraException(Waited(what), e);
        }
    }

    /// <summary>Waits for something of a healthy guest: an oops, a reset or the end of QEMU ends the wait.</summary>
    /// <exception cref="GuestFaultException">The guest was disturbed, or the state lasted too long.</exception>
    /// <exception cref="InfraException">QEMU ended, or the console cannot be kept.</exception>
    public Task<T> UndisturbedAsync<T>(
        string what,
        GuestMachine guest,
        BootNumber boot,
        Func<CancellationToken, Task<T>> operation,
        CancellationToken cancellation
    ) => WithinAsync(what, token => RaceAsync(what, guest, boot, operation, token), cancellation);

    /// <summary>A console line for a message: short, and without what would drive a terminal.</summary>
    public static string Shown(string line) =>
        RecordText.ForDisplay(line.Length > LongestLine ? line[..LongestLine] + "..." : line);

    private async Task<T> LimitedAsync<T>(Func<CancellationToken, Task<T>> operation, CancellationToken cancellation)
    {
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(limit)
            .Build();
        return await pipeline.ExecuteAsync(async token => await operation(token), cancellation);
    }

    private string Waited(string what) => $"waited {limit.TotalSeconds:0} s for {what}";

    private async Task<T> RaceAsync<T>(
        string what,
        GuestMachine guest,
        BootNumber boot,
        Func<CancellationToken, Task<T>> operation,
        CancellationToken cancellation
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var wanted = operation(stop.Token);
        var report = guest.ReportOf(boot);
        var lost = guest.ConsoleLoss(boot);
        var reset = guest.Console.NextBootAsync(boot, stop.Token);
        try
        {
            var first = await Task.WhenAny(wanted, report.Begun, lost, reset, guest.Exit);
            if (first == wanted || wanted.IsCompletedSuccessfully)
                return await wanted;
            // The end of the wait ends all that is waited for, in any order.
            if (cancellation.IsCancellationRequested)
                return await wanted;
            if (lost.IsCompletedSuccessfully)
                throw new InfraException(await lost);
            // Under an exit lies most often an oops: it is the better reason, and its line may come a moment later.
            if (first == guest.Exit)
                await guest.EndedAsync(cancellation);
            if (report.Begun.IsCompletedSuccessfully)
                throw await ReportedAsync(what, guest, report, cancellation);
            if (first == reset || guest.Reset.HasHappened)
                throw new GuestFaultException(
                    GuestFaultKind.Reset,
                    $"while the harness waited for {what}, the guest reset by itself"
                );
            throw new InfraException(
                $"while the harness waited for {what}, QEMU ended (exit code {(await guest.Exit).Code})"
            );
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private async Task<GuestFaultException> ReportedAsync(
        string what,
        GuestMachine guest,
        KernelReport report,
        CancellationToken cancellation
    )
    {
        await Task.WhenAny(report.Ended, guest.Exit, Task.Delay(LongestReport, time, cancellation));
        return new GuestFaultException(
            GuestFaultKind.Report,
            $"while the harness waited for {what}, the console showed what no step asked for: "
                + Shown(await report.Begun),
            report.Lines
        );
    }
}
