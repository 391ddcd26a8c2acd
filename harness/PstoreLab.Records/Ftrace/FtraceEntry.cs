namespace PstoreLab.Records.Ftrace;

/// <summary>One function call, as pstore's ftrace frontend records it; <see cref="FtraceFormat"/> says how.</summary>
/// <param name="Ip">Address of the function, as recorded: on some ARM machines with the CPU in its lowest bits.</param>
/// <param name="ParentIp">Address in its caller.</param>
/// <param name="Timestamp">Count of calls since boot, no time; null from kernels before 4.10, which keep none.</param>
/// <param name="Cpu">Number of the CPU, 0 to 255; of any size from kernels before 4.10.</param>
public readonly record struct FtraceEntry(ulong Ip, ulong ParentIp, ulong? Timestamp, int Cpu)
{
    /// <summary>
    /// The line of <c>/sys/fs/pstore/ftrace-…</c> (<c>pstore_ftrace_seq_show</c> in fs/pstore/inode.c, 4.9 and 5.10 to
    /// 7.2), without the function names: the kernel alone knows them.
    /// </summary>
    public override string ToString() =>
        Timestamp is { } stamp ? $"CPU:{Cpu} ts:{stamp} {Ip:x8}  {ParentIp:x8}" : $"{Cpu} {Ip:x8}  {ParentIp:x8}";
}
