using System.Runtime.InteropServices;

namespace PstoreLab.Records.Compression;

/// <summary>A shared library of the system. It is looked for when it is first needed, and may be absent.</summary>
/// <param name="name">Its soname, as the dynamic linker takes it.</param>
/// <param name="package">The Debian package that contains it.</param>
/// <param name="find">Whether the dynamic linker finds a library of this name.</param>
internal sealed class SystemLibrary(string name, string package, Func<string, bool> find)
{
    private readonly Lazy<bool> present = new(() => find(name));

    public bool IsPresent => present.Value;

    /// <summary>A sentence with the missing library and its package.</summary>
    public string Absence => $"{name} is not on this machine; install the package {package}";

    /// <summary>Looks for a library where the imports of this assembly are looked for.</summary>
    public static bool Find(string name) =>
        NativeLibrary.TryLoad(name, typeof(SystemLibrary).Assembly, searchPath: null, out _);
}
