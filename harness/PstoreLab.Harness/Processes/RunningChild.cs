namespace PstoreLab.Harness.Processes;

/// <summary>A started child, as a process group.</summary>
internal sealed class RunningChild(int id, StreamPumps pumps, Task<ProcessExit> exit) : IRunningProcess
{
    private readonly ProcessGroup _group = new(id);

    public int Id => _group.Id;

    public Task<ProcessExit> Exit => exit;

    public void Terminate() => _group.Terminate();

    public void Kill()
    {
        _group.Kill();
        pumps.LimitDrain();
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await ((Task)Exit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
