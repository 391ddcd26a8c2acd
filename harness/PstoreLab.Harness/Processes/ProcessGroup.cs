using System.Runtime.InteropServices;

namespace PstoreLab.Harness.Processes;

/// <summary>
/// A child and all that share its process group. Signals never reach a stranger: .NET reaps children on its own, after
/// which their number may be given away, so before each signal the leader is recognised by its start time.
/// </summary>
internal sealed class ProcessGroup(int leader)
{
    private const int SigKill = 9;
    private const int SigTerm = 15;

    private readonly string? _startTime = StartTimeOf(leader);

    public int Id => leader;

    public void Terminate()
    {
        // The group does not exist until setsid has run.
        if (
            Leader() is var state
            && state != LeaderState.Replaced
            && Send(-leader, SigTerm) != 0
            && state == LeaderState.Present
        )
            _ = Send(leader, SigTerm);
    }

    public void Kill()
    {
        var state = Leader();
        if (state == LeaderState.Replaced)
            return;
        _ = Send(-leader, SigKill);
        if (state == LeaderState.Gone)
            return;
        // It may have become a group, and forked, between the two.
        _ = Send(leader, SigKill);
        _ = Send(-leader, SigKill);
    }

    private LeaderState Leader() =>
        StartTimeOf(leader) is not { } now ? LeaderState.Gone
        : now == _startTime ? LeaderState.Present
        : LeaderState.Replaced;

    // Field 22 of proc_pid_stat(5), in clock ticks since boot; the second field, the name, may contain spaces and
    // parentheses.
    private static string? StartTimeOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Send(int pid, int signal);

    private enum LeaderState
    {
        /// <summary>Running, or a zombie: the number is ours.</summary>
        Present,

        /// <summary>
        /// Reaped. The number is not given away as long as the group has members, so the group is ours or empty.
        /// </summary>
        Gone,

        /// <summary>Reaped, and the number is somebody else's: the group is empty.</summary>
        Replaced,
    }
}
