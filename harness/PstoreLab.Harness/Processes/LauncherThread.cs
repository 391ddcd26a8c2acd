using System.Collections.Concurrent;

namespace PstoreLab.Harness.Processes;

/// <summary>
/// The one thread that forks. Linux sends a parent-death signal when the <i>thread</i> that forked ends, not the
/// process (prctl(2), PR_SET_PDEATHSIG), and threads of the pool end whenever the pool feels like it, which would kill
/// a guest in the middle of a boot.
/// </summary>
internal static class LauncherThread
{
    private static readonly BlockingCollection<Action> Work = [];

    static LauncherThread() => new Thread(Loop) { Name = "process launcher", IsBackground = true }.Start();

    /// <summary>Runs something there and waits for it; what it throws is thrown here.</summary>
    public static T Run<T>(Func<T> start)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                done.SetResult(start());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }

    private static void Loop()
    {
        foreach (var work in Work.GetConsumingEnumerable())
            work();
    }
}
