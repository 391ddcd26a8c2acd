using System.Runtime.InteropServices;

namespace PstoreLab.Scenarios.Controls;

/// <summary>kill(2) for one process, not its group: what a terminal, or a person who has lost patience, does.</summary>
internal static class Signal
{
    public static void Interrupt(int pid) => Assert.That(Send(pid, 2), Is.Zero, $"SIGINT to {pid}");

    public static void Kill(int pid) => Assert.That(Send(pid, 9), Is.Zero, $"SIGKILL to {pid}");

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Send(int pid, int signal);
}
