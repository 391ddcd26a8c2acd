namespace PstoreLab.Harness.Backends;

/// <summary>The memory of an initramfs guest.</summary>
internal static class GuestMemory
{
    /// <summary>Ordinary memory in MiB: an unpacked Debian kernel takes some 80, the rest is room for a slow panic path.</summary>
    public const int OrdinaryMiB = 512;

    public static IReadOnlyList<string> Ordinary { get; } = ["-m", $"{OrdinaryMiB}M"];
}
