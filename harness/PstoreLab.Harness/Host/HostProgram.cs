using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Host;

/// <summary>Programs of the host that images are made with.</summary>
public static class HostProgram
{
    // Debian leaves these out of an ordinary user's PATH; mke2fs, depmod and sshd are there.
    private static readonly string[] System = ["/usr/sbin", "/sbin"];

    /// <summary>Where a program is on PATH or among the system's, or null.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(System)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Where a program is on PATH.</summary>
    /// <param name="package">The Debian package that has it.</param>
    /// <param name="purpose">What it is needed for, ending a sentence: "to unpack kernels".</param>
    /// <exception cref="UnsupportedException">It is not there; says what to install.</exception>
    public static string Require(string name, string package, string purpose) =>
        Find(name)
        ?? throw new UnsupportedException(
            $"The program '{name}' is needed {purpose}, and is not on PATH. Install it (on Debian and "
                + $"Ubuntu: apt install {package})."
        );
}
