using System.Security.Cryptography;
using System.Text;

namespace PstoreLab.Harness.Initramfs;

/// <summary>Everything an initramfs is made from, and so all that its name depends on.</summary>
/// <param name="Busybox">Path of the host's static busybox.</param>
/// <param name="Scripts">Path inside the archive to the path of ours.</param>
/// <param name="Modules">Name and path of each module, in load order.</param>
/// <param name="Oops">The module that oopses; null where there is none for the kernel.</param>
internal sealed record InitramfsInputs(
    string Busybox,
    IReadOnlyList<(string Name, string Path)> Scripts,
    IReadOnlyList<(string Name, string Path)> Modules,
    byte[]? Oops
)
{
    // Grows when the same inputs make another archive.
    private const string Format = "pstorelab initramfs 2";

    /// <summary>The device file of the agent's port; null where the agent has none.</summary>
    public string? AgentDevice { get; init; }

    /// <summary>
    /// The release of the kernel that modprobe finds the modules for; null where only the scripts look for them.
    /// </summary>
    public string? Release { get; init; }

    /// <summary>
    /// The capture kernel, its initramfs, and the program that loads them; null where none is loaded.
    /// </summary>
    public (string Kernel, string Initramfs, string Kexec)? CaptureKernel { get; init; }

    /// <summary>Names of the modules that the scripts load, in load order.</summary>
    public IReadOnlyList<string> Loaded { get; init; } = [.. Modules.Select(module => module.Name)];

    /// <summary>The folder of the modules inside the archive.</summary>
    public string ModuleFolder => Release is null ? "lib/modules" : $"lib/modules/{Release}";

    /// <summary>SHA-256 over the inputs, in hexadecimal.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Format, []);
        Append(hash, "busybox", File.ReadAllBytes(Busybox));
        foreach (var (name, path) in Scripts)
            Append(hash, "script " + name, File.ReadAllBytes(path));
        foreach (var (name, path) in Modules)
            Append(hash, "module " + name, File.ReadAllBytes(path));
        if (Oops is not null)
            Append(hash, "oops", Oops);
        if (AgentDevice is not null)
            Append(hash, $"agent {AgentDevice}", []);
        if (CaptureKernel is { } crash)
        {
            Append(hash, "crash kernel", File.ReadAllBytes(crash.Kernel));
            Append(hash, "crash initramfs", File.ReadAllBytes(crash.Initramfs));
            Append(hash, "kexec", File.ReadAllBytes(crash.Kexec));
        }

        if (Release is not null)
            Append(hash, $"release {Release} {string.Join(' ', Loaded)}", []);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Lengths go in as well, so that no two lists of inputs read the same.
    private static void Append(IncrementalHash hash, string name, byte[] content)
    {
        hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{content.Length}\0"));
        hash.AppendData(content);
    }
}
