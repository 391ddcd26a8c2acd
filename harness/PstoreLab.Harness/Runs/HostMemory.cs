using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Runs;

/// <summary>
/// Memory that is really free on this host, as the kernel estimates it (<c>MemAvailable</c> of <c>/proc/meminfo</c>, in
/// KiB).
/// </summary>
public static class HostMemory
{
    public static long AvailableMiB()
    {
        foreach (string line in File.ReadLines("/proc/meminfo"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["MemAvailable:", var kib, ..] && long.TryParse(kib, out long value))
                return value >> 10;
        }

        throw new InfraException("/proc/meminfo has no MemAvailable line; this needs Linux 3.14 or newer");
    }
}
