namespace PstoreLab.Harness.Tests.Processes;

/// <summary>What proc_pid_stat(5) says of a process.</summary>
internal static class ProcessTable
{
    private static readonly string[] Dead = ["Z", "X"];

    /// <summary>A zombie does not count: in a container nobody may be there to reap an orphan.</summary>
    public static bool IsAlive(int pid) => Fields(pid) is { } fields && !Dead.Contains(fields[0]);

    public static int GroupOf(int pid) => int.Parse(Fields(pid)![2]);

    public static int SessionOf(int pid) => int.Parse(Fields(pid)![3]);

    public static int ParentOf(int pid) => Fields(pid) is { } fields ? int.Parse(fields[1]) : 0;

    public static string NameOf(int pid) =>
        File.Exists($"/proc/{pid}/comm") ? File.ReadAllText($"/proc/{pid}/comm").Trim() : "";

    // From the third field on.
    private static string[]? Fields(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
