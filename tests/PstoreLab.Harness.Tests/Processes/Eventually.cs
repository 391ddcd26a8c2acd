using System.Diagnostics;

namespace PstoreLab.Harness.Tests.Processes;

/// <summary>Waits for something to become true, and says what did not.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task Holds(string what, Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); await Task.Delay(Pause))
        {
            if (clock.Elapsed > Deadline)
                Assert.Fail($"{what} did not happen within {Deadline.TotalSeconds} s");
        }
    }

    public static async Task<T> Ends<T>(Task<T> task) => await task.WaitAsync(Deadline);
}
